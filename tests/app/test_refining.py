from __future__ import annotations

from oasis_studio.app.refining import REST_SECONDS, SLOW_MS, Refinement
from oasis_studio.core.request import Quality


def test_an_open_stroke_is_followed_and_then_settles() -> None:
    refinement = Refinement()
    assert refinement.first(is_complete=False) is Quality.LIVE
    assert refinement.after(Quality.LIVE, True, SLOW_MS / 2) == (Quality.PREVIEW, REST_SECONDS)
    assert refinement.after(Quality.PREVIEW, False, 300) is None


def test_where_following_is_slow_detail_comes_first() -> None:
    refinement = Refinement()
    refinement.after(Quality.LIVE, True, SLOW_MS * 2)
    assert refinement.first(is_complete=False) is Quality.DETAIL
    assert refinement.after(Quality.DETAIL, True, 8) == (Quality.LIVE, 0.0)
    refinement.after(Quality.LIVE, True, SLOW_MS / 2)
    assert refinement.first(is_complete=False) is Quality.LIVE


def test_what_is_complete_is_rendered_whole() -> None:
    refinement = Refinement()
    refinement.after(Quality.LIVE, True, SLOW_MS * 2)
    assert refinement.first(is_complete=True) is Quality.PREVIEW


def test_a_whole_photo_is_followed_by_nothing_and_says_nothing_of_the_speed() -> None:
    refinement = Refinement()
    assert refinement.after(Quality.LIVE, False, 10 * SLOW_MS) is None
    assert refinement.first(is_complete=False) is Quality.LIVE
