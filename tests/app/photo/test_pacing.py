from __future__ import annotations

from oasis_studio.app.photo.pacing import MOST_PER_SECOND, RenderPacer


def test_nothing_to_do_at_first() -> None:
    pacer = RenderPacer()
    assert pacer.delay(0) is None and not pacer.is_busy


def test_a_preview_waits_for_the_last_one() -> None:
    pacer = RenderPacer()
    pacer.ask(is_urgent=False)
    assert pacer.delay(10) == 0
    pacer.start(1, 10)
    pacer.ask(is_urgent=False)
    assert pacer.delay(99) is None
    pacer.finish(1)
    assert pacer.delay(99) == 0


def test_previews_keep_to_the_rate() -> None:
    pacer = RenderPacer()
    pacer.start(1, 10)
    pacer.finish(1)
    pacer.ask(is_urgent=False)
    delay = pacer.delay(10.01)
    assert delay is not None and abs(delay - (1 / MOST_PER_SECOND - 0.01)) < 1e-6


def test_an_urgent_change_does_not_wait() -> None:
    pacer = RenderPacer()
    pacer.start(1, 10)
    pacer.ask(is_urgent=True)
    pacer.ask(is_urgent=False)
    assert pacer.delay(10) == 0


def test_only_the_newest_render_ends_the_work() -> None:
    pacer = RenderPacer()
    pacer.start(1, 0)
    pacer.start(2, 0)
    pacer.finish(1)
    assert pacer.is_busy
    pacer.finish(2)
    assert not pacer.is_busy


def test_clear_forgets_everything() -> None:
    pacer = RenderPacer()
    pacer.start(1, 0)
    pacer.ask(is_urgent=True)
    pacer.clear()
    assert not pacer.is_busy and pacer.delay(5) is None


def test_a_better_photo_waits_for_the_pen_to_rest() -> None:
    pacer = RenderPacer()
    pacer.refine(at=10)
    assert pacer.delay(9.5) == 0.5 and pacer.delay(11) == 0 and pacer.is_busy
    pacer.ask(is_urgent=False)
    pacer.start(1, 9.6)
    assert pacer.delay(11) is None
    pacer.finish(1)
    assert pacer.delay(11) is None and not pacer.is_busy


def test_a_change_does_not_wait_for_a_better_photo_of_the_last_one() -> None:
    pacer = RenderPacer()
    pacer.refine(at=10)
    pacer.start(1, 10)
    assert pacer.delay(10.1) is None
    pacer.ask(is_urgent=False)
    assert pacer.delay(10.001) == 0
    pacer.start(2, 10.1)
    pacer.ask(is_urgent=False)
    assert pacer.delay(11) is None
