"""From strokes to photos, with the real thread and a renderer at a gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import RenderFailure, SynthesisThread
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.document.style import OwnSeed, RegionStyle
from oasis_studio.core.history.commands import AddLayer
from oasis_studio.core.history.style_commands import SetLocks, SetStyles
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.work.request import Quality, SynthesisRequest, SynthesisResult
from oasis_studio.errors import MemoryShortage, StudioError
from tests.app.scene import NOISE, SMALL, GatedRenderer, InstantRenderer, card, document


@dataclass
class World:
    session: Session
    renderer: GatedRenderer
    thread: SynthesisThread
    feed: PhotoFeed
    shown: list[int] = field(default_factory=list)
    failures: list[RenderFailure] = field(default_factory=list)

    def paint(self, label: int) -> None:
        self.session.do(AddLayer(LabelLayer("painted", np.full((48, 64), label, np.uint8)), 1))


@pytest.fixture
def world(session: Session, qtbot: QtBot) -> Iterator[World]:
    renderer = GatedRenderer()
    thread = SynthesisThread(lambda: renderer)
    made = World(session, renderer, thread, PhotoFeed(session, thread))
    made.feed.photo_shown.connect(lambda: made.shown.append(1))
    made.feed.failed.connect(made.failures.append)
    thread.start()
    yield made
    renderer.let_through(100)
    assert thread.close()


def test_a_request_is_a_value_of_its_own(world: World, qtbot: QtBot) -> None:
    world.session.change_seed(5)
    world.renderer.wait_entered()
    world.session.labels_HW[:] = 2
    world.renderer.let_through()
    qtbot.waitUntil(lambda: world.shown == [1])
    asked = world.renderer.requests[0]
    assert (asked.labels_HW == 0).all(), "painting on must not reach into a request"
    assert asked.model == "small" and asked.regions_HW.dtype == np.uint16 and not asked.regions_HW.any()
    assert np.array_equal(asked.noise_RZ, noise_vector(5, NOISE)[None]) and asked.style_code is None
    assert world.feed.device == "cpu" and world.feed.milliseconds == pytest.approx(64)


def test_the_seed_is_the_style_of_a_model_that_takes_one(world: World, tmp_path: Path, qtbot: QtBot) -> None:
    styled = Capabilities(has_region_noise=False, style_size=6)
    replace(card("small", "Small", SMALL), noise_size=0, capabilities=styled).write(tmp_path / "models" / "small")
    world.session.read_card()
    world.session.change_seed(5)
    world.renderer.wait_entered()
    world.renderer.let_through()
    qtbot.waitUntil(lambda: world.shown == [1])
    asked = world.renderer.requests[0]
    assert asked.noise_RZ.shape == (1, 0)
    assert asked.style_code is not None and np.array_equal(asked.style_code, noise_vector(5, 6))


def test_a_region_has_the_noise_of_its_style(world: World, qtbot: QtBot) -> None:
    world.renderer.let_through(10)
    world.session.document.layers[0].labels[:24] = 1
    world.session.update_labels(world.session.document.bounds)
    tree, sky = (region.key for region in world.session.regions.all)
    world.session.do(SetStyles({tree: RegionStyle(OwnSeed(8))}))
    qtbot.waitUntil(lambda: world.shown == [1])
    asked = world.renderer.requests[-1]
    noise = asked.noise_RZ[asked.regions_HW]
    assert (noise[:24] == noise_vector(8, NOISE)).all() and (noise[24:] == noise_vector(0, NOISE)).all()
    assert tree.label == 1 and sky.label == 0


def test_locked_pixels_stay_in_every_photo_and_come_back_when_unlocked(world: World, qtbot: QtBot) -> None:
    session, feed = world.session, world.feed
    world.renderer.let_through(100)
    session.change_seed(1)
    qtbot.waitUntil(lambda: world.shown == [1])
    key, mask = session.regions.all[0].key, np.zeros((48, 64), bool)
    mask[10:20, 10:20] = True
    assert feed.image_HW3 is not None
    lock = Lock.of(mask, feed.image_HW3, feather=0)
    assert lock is not None
    session.do(SetLocks({key: lock}))
    first = feed.image_HW3
    session.change_seed(2)
    qtbot.waitUntil(lambda: feed.image_HW3 is not first and not feed.is_rendering)
    shown = feed.image_HW3
    assert lock.holds(shown) and not np.array_equal(shown, first)
    renders = len(world.renderer.requests)
    session.do(SetLocks({key: None}))
    assert not lock.holds(feed.image_HW3) and len(world.renderer.requests) == renders, "no render is needed"
    session.undo()
    assert lock.holds(feed.image_HW3)
    feed.show(first)
    session.undo()
    qtbot.waitUntil(lambda: len(world.renderer.requests) > renders)
    qtbot.waitUntil(lambda: not feed.is_rendering)


def test_previews_do_not_interrupt_each_other(world: World, qtbot: QtBot) -> None:
    world.feed.request(False)
    first = world.renderer.wait_entered()
    for _move in range(20):
        world.feed.request(False)
    world.renderer.let_through()
    qtbot.waitUntil(lambda: world.shown == [1])
    qtbot.waitUntil(lambda: not world.renderer.entered.empty())  # not before 1/30 s has passed
    second = world.renderer.wait_entered()
    world.renderer.let_through()
    qtbot.waitUntil(lambda: world.shown == [1, 1])
    assert second == first + 1 and not world.feed.is_rendering
    assert world.renderer.entered.empty(), "twenty moves during a render ask for one more photo"


def test_the_end_of_a_stroke_makes_a_preview_stale(world: World, qtbot: QtBot) -> None:
    world.feed.request(False)
    world.renderer.wait_entered()
    world.paint(2)
    world.renderer.let_through(2)
    qtbot.waitUntil(lambda: world.shown == [1])
    assert len(world.renderer.requests) == 1 and (world.renderer.requests[0].labels_HW == 2).all()


class SlowFollower(InstantRenderer):
    """Follows as an engine does on a slow machine: in part, and with the time that a whole photo would take."""

    def render(self, asked: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        result = super().render(asked, is_stale)
        return replace(result, is_partial=asked.quality in (Quality.LIVE, Quality.DETAIL))


@pytest.mark.parametrize("is_open", [True, False])
def test_a_photo_followed_in_part_settles(session: Session, qtbot: QtBot, is_open: bool) -> None:
    renderer = SlowFollower()
    thread = SynthesisThread(lambda: renderer)
    feed = PhotoFeed(session, thread)
    thread.start()
    session.has_open_stroke = is_open
    for _dab in range(2):
        feed.request(not is_open)
        qtbot.waitUntil(lambda: not feed.is_rendering)
    assert thread.close()
    asked = [request.quality for request in renderer.requests]
    between = [Quality.LIVE] if is_open else []  # with the pen up, the whole photo comes right after the details
    assert asked == [Quality.LIVE, Quality.PREVIEW, Quality.DETAIL, *between, Quality.PREVIEW]
    ids = [request.id for request in renderer.requests]
    assert ids == sorted(ids)


def test_activity_is_told_once_each_way(world: World, qtbot: QtBot) -> None:
    activity: list[bool] = []
    world.feed.activity_changed.connect(activity.append)
    world.paint(1)
    world.paint(2)
    world.renderer.let_through(2)
    qtbot.waitUntil(lambda: activity == [True, False])


def test_a_failure_keeps_the_last_photo(world: World, qtbot: QtBot) -> None:
    world.renderer.let_through(10)
    world.paint(1)
    qtbot.waitUntil(lambda: world.shown == [1])
    photo = world.feed.image_HW3
    world.renderer.failure = StudioError("No.", "Try again.")
    world.paint(2)
    qtbot.waitUntil(lambda: bool(world.failures))
    assert world.feed.image_HW3 is photo and not world.feed.is_rendering
    world.renderer.failure = None
    world.feed.request()
    qtbot.waitUntil(lambda: world.shown == [1, 1])


def test_smaller_photos_are_stretched_to_the_document(world: World, qtbot: QtBot) -> None:
    world.session.open(document(256, 192))
    world.renderer.let_through(10)
    world.renderer.failure = MemoryShortage("Not enough memory.")
    qtbot.waitUntil(lambda: bool(world.failures))
    world.renderer.failure = None
    assert world.feed.can_shrink
    world.feed.request_smaller()
    qtbot.waitUntil(lambda: world.feed.image_HW3 is not None)
    image = world.feed.image_HW3
    assert image is not None and image.shape == (192, 256, 3)
    assert world.renderer.requests[-1].labels_HW.shape == (96, 128)
    assert not world.feed.can_shrink, "below 64 pixels there is nothing to see"


def test_a_photo_of_the_last_document_is_dropped(world: World, qtbot: QtBot) -> None:
    world.paint(1)
    world.renderer.wait_entered()
    world.session.open(document(96, 80))
    world.renderer.let_through(2)
    qtbot.waitUntil(lambda: world.feed.image_HW3 is not None)
    image = world.feed.image_HW3
    assert image is not None and image.shape == (80, 96, 3)


def test_results_older_than_the_one_shown_are_dropped(session: Session, qtbot: QtBot) -> None:
    thread = SynthesisThread(InstantRenderer)  # never started: the results are made here
    feed = PhotoFeed(session, thread)
    new, old = np.full((48, 64, 3), 9, np.uint8), np.zeros((48, 64, 3), np.uint8)
    thread.rendered.emit(SynthesisResult(5, new, "cpu"))
    thread.rendered.emit(SynthesisResult(4, old, "cpu"))
    assert feed.image_HW3 is new


def test_a_missing_model_is_told_instead_of_rendered(world: World, qtbot: QtBot) -> None:
    made = document()
    made.model = "gone"
    world.session.open(made)
    assert len(world.failures) == 1 and "gone" in world.failures[0].message
    assert world.renderer.entered.empty() and not world.feed.is_rendering


def test_a_model_installed_meanwhile_is_found(world: World, qtbot: QtBot, tmp_path: Path) -> None:
    made = document()
    made.model = "late"
    world.session.open(made)
    world.renderer.let_through(1)
    (tmp_path / "models" / "late").mkdir()
    card("late", "Late", SMALL).write(tmp_path / "models" / "late")
    with qtbot.waitSignal(world.session.model_changed):
        world.feed.request()
    qtbot.waitUntil(lambda: world.feed.image_HW3 is not None)
