"""Renders beside the photo: they end whatever fails, and they keep the locked pixels at every size."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.regions import variations as variations_module
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.studio import Studio
from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.work.request import Renderer, SynthesisRequest, SynthesisResult
from oasis_studio.errors import StudioError
from tests.app import scene

Open = Callable[[Callable[[], Renderer]], Studio]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _fault: None)


@pytest.fixture
def open_studio(tmp_path: Path, qapp: object) -> Iterator[Open]:
    opened: list[Studio] = []

    def open_one(open_renderer: Callable[[], Renderer]) -> Studio:
        studio = Studio(scene.library(tmp_path / "models"), open_renderer, Settings())
        studio.session.open(scene.document())
        opened.append(studio)
        return studio

    yield open_one
    for studio in opened:
        assert studio.close()


class NoisyRenderer(scene.InstantRenderer):
    """No pixel of one photo is like that of another."""

    def render(self, asked: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        self.requests.append(asked)
        random = np.random.default_rng(asked.id)
        image = random.integers(0, 256, (*asked.labels_HW.shape, 3)).astype(np.uint8)
        return SynthesisResult(asked.id, image, "cpu", {"render": 0.01})


@pytest.mark.parametrize("failure", [StudioError("The engine is missing."), ImportError("torch"), MemoryError()])
def test_variations_end_when_the_engine_cannot_open(open_studio: Open, qtbot: QtBot, failure: Exception) -> None:
    def open_renderer() -> Renderer:
        raise failure

    studio = open_studio(open_renderer)
    with qtbot.waitSignal(studio.feed.failed):
        studio.start()
    told: list[str] = []
    studio.aside.failed.connect(lambda failure: told.append(failure.message))
    studio.variations.start(4)
    qtbot.waitUntil(lambda: not studio.variations.is_running)
    assert len(told) == 1 and studio.variations.all == []


def test_variations_begin_again_once_the_engine_opens(open_studio: Open, qtbot: QtBot) -> None:
    renderers: list[Renderer] = []

    def open_renderer() -> Renderer:
        if not renderers:
            raise StudioError("The engine is missing.")
        return renderers[0]

    studio = open_studio(open_renderer)
    studio.start()
    studio.variations.start(4)
    qtbot.waitUntil(lambda: not studio.variations.is_running)
    renderers.append(scene.InstantRenderer())
    studio.variations.start(4)
    qtbot.waitUntil(lambda: not studio.variations.is_running)
    assert [each.image_HW3 is not None for each in studio.variations.all] == [True] * 4


@pytest.mark.parametrize("kind", ["variations", "animation"])
def test_what_fails_before_the_first_render_ends_too(
    open_studio: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def refuse(*_arguments: object) -> SynthesisRequest:
        raise StudioError("The model was deleted a moment ago.")

    studio = open_studio(scene.InstantRenderer)
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)
    monkeypatch.setattr("oasis_studio.app.photo.aside.build_request", refuse)
    told: list[str] = []
    studio.aside.failed.connect(lambda failure: told.append(failure.message))
    if kind == "variations":
        studio.variations.start(4)
        assert not studio.variations.is_running and studio.variations.all == []
    else:
        studio.animation.start(frozenset({WHOLE_IMAGE}), tmp_path / "loop.gif", 8, 25)
        assert not studio.animation.is_running
    assert len(told) == 1


def test_a_fault_of_who_takes_a_photo_does_not_stop_the_row(open_studio: Open, qtbot: QtBot) -> None:
    studio = open_studio(scene.InstantRenderer)
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)

    def take(_index: int, _image: np.ndarray) -> None:
        raise KeyError("odd")

    with qtbot.captureExceptions() as faults:
        studio.aside.run(iter([studio.session.styling] * 3), take)
        qtbot.waitUntil(lambda: not studio.aside.is_running)
    assert len(faults) == 3


def test_a_fault_of_the_film_is_told_and_the_next_film_is_written(
    open_studio: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio(scene.InstantRenderer)
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)
    path = tmp_path / "loop.gif"

    def fail(*_arguments: object) -> None:
        raise KeyError("odd")

    with monkeypatch.context() as patch, qtbot.waitSignal(studio.animation.failed):
        patch.setattr("oasis_studio.app.regions.animation.write_animation", fail)
        studio.animation.start(frozenset({WHOLE_IMAGE}), path, 8, 25)
    assert not studio.animation.is_running and not path.exists()
    with qtbot.waitSignal(studio.animation.finished):
        studio.animation.start(frozenset({WHOLE_IMAGE}), path, 8, 25)
    assert path.stat().st_size > 0


@pytest.mark.parametrize("most", [1024, 32, 20])
def test_every_variation_keeps_the_locked_pixels(
    open_studio: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """``most``: the largest side of a render; of the 64 x 48 pixels only every second or fourth one is seen then."""
    monkeypatch.setattr(variations_module, "LARGEST_SIDE", most)
    studio = open_studio(NoisyRenderer)
    session = studio.session
    session.document.layers[0].labels[7:30, 9:41] = 1
    session.update_labels(session.document.bounds)
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)
    studio.locks.lock([RegionKey(session.document.layers[0].id, 1)])
    kept = studio.feed.image_HW3
    assert kept is not None and session.document.locks
    studio.variations.start(4)
    qtbot.waitUntil(lambda: not studio.variations.is_running)
    step = -(-64 // most)
    mask, wanted = session.labels_HW[::step, ::step] == 1, kept[::step, ::step]
    for each in studio.variations.all:
        assert each.image_HW3 is not None and each.image_HW3.shape == wanted.shape
        assert np.array_equal(each.image_HW3[mask], wanted[mask])


def test_the_small_pictures_go_on_after_a_fault(
    open_studio: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio(scene.InstantRenderer)
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)
    studio.keeper.keep()
    qtbot.waitUntil(lambda: bool(studio.session.document.results))
    (result,) = studio.session.document.results
    pictures = studio.result_pictures

    def fail(*_arguments: object) -> None:
        raise KeyError("odd")

    with monkeypatch.context() as patch, qtbot.waitSignal(pictures.made):
        patch.setattr("oasis_studio.app.results.pictures.open_photo", fail)
        assert pictures.picture(result) is None
    assert pictures.is_broken(result)
    pictures._pictures.clear()
    with qtbot.waitSignal(pictures.made):
        pictures.picture(result)
    assert pictures.picture(result) is not None


def test_no_thread_is_made_by_hand() -> None:
    """Whatever works behind the window does so through the one worker."""
    folder = Path(variations_module.__file__).parents[1]
    own = [path.name for path in folder.rglob("*.py") if "QThread(" in path.read_text(encoding="utf-8")]
    assert own == [Path(BackgroundWorker.__module__.replace(".", "/")).name + ".py"]
