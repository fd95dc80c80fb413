from __future__ import annotations

from oasis_studio.app.photo.refining import REST_SECONDS, SLOW_MS, Refinement
from oasis_studio.core.work.request import Quality


def test_an_open_stroke_is_followed_and_settles_when_the_pen_rests() -> None:
    refinement = Refinement()
    assert refinement.first() is Quality.LIVE
    assert refinement.after(Quality.LIVE, True, SLOW_MS / 2, is_complete=False) == (Quality.PREVIEW, REST_SECONDS)
    assert refinement.after(Quality.PREVIEW, False, 300, is_complete=False) is None


def test_what_is_complete_settles_at_once() -> None:
    refinement = Refinement()
    assert refinement.after(Quality.LIVE, True, SLOW_MS / 2, is_complete=True) == (Quality.PREVIEW, 0.0)


def test_where_following_is_slow_detail_comes_first() -> None:
    refinement = Refinement()
    refinement.after(Quality.LIVE, True, SLOW_MS * 2, is_complete=False)
    assert refinement.first() is Quality.DETAIL
    assert refinement.after(Quality.DETAIL, True, 8, is_complete=False) == (Quality.LIVE, 0.0)
    assert refinement.after(Quality.DETAIL, True, 8, is_complete=True) == (Quality.PREVIEW, 0.0), "the pen is up"
    refinement.after(Quality.LIVE, True, SLOW_MS / 2, is_complete=False)
    assert refinement.first() is Quality.LIVE


def test_a_whole_photo_is_followed_by_nothing_and_after_a_slow_one_detail_comes_first() -> None:
    refinement = Refinement()
    assert refinement.after(Quality.LIVE, False, SLOW_MS / 2, is_complete=True) is None
    assert refinement.first() is Quality.LIVE
    assert refinement.after(Quality.LIVE, False, 10 * SLOW_MS, is_complete=True) is None
    assert refinement.first() is Quality.DETAIL
