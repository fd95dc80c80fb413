from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.model_comparison import ModelComparison
from oasis_studio.app.photo.second_photo import SecondPhoto, as_classes_of
from oasis_studio.app.photo.synthesis_thread import SynthesisThread
from oasis_studio.app.session.session import Session
from oasis_studio.core.work.request import SynthesisRequest, SynthesisResult
from tests.app import scene


class PlainRenderer(scene.InstantRenderer):
    """Knows every palette."""

    def render(self, asked: SynthesisRequest, is_stale: object) -> SynthesisResult:
        self.requests.append(asked)
        image = np.repeat(asked.labels_HW[..., None], 3, axis=2)
        return SynthesisResult(asked.id, image, "cpu", {"render": 0.01})


def test_classes_go_by_name_and_the_rest_to_the_background() -> None:
    labels = np.array([[0, 1, 2]], np.uint8)  # sky, tree, water
    mapped = as_classes_of(scene.OTHER, scene.SMALL, 0, labels)
    assert mapped.tolist() == [[2, 2, 1]]  # tree is unknown there, and sky is the background


def test_the_scene_is_rendered_by_a_model_in_a_folder(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    renderer = PlainRenderer()
    second = SecondPhoto(session, lambda: renderer)
    with qtbot.waitSignal(second.shown, timeout=10_000) as told:
        second.render(str(tmp_path / "models" / "other"))
    assert told.args is not None and told.args[0].shape == (48, 64, 3)
    assert renderer.requests[0].noise_RZ.shape[1] == scene.NOISE
    second.close()


def test_a_missing_model_is_told_and_starts_no_thread(session: Session, qtbot: QtBot) -> None:
    second = SecondPhoto(session, PlainRenderer)
    with qtbot.waitSignal(second.failed, timeout=1000):
        second.render("nobody")


def test_two_models_are_compared_and_follow_the_drawing(session: Session, qtbot: QtBot) -> None:
    renderer = PlainRenderer()
    thread = SynthesisThread(PlainRenderer)
    feed = PhotoFeed(session, thread)
    comparison = ModelComparison(session, feed, lambda: renderer)
    thread.start()
    comparison.compare(session.library.find("other")[1])
    qtbot.waitUntil(lambda: comparison.photo is not None)
    assert comparison.wiped_photo is comparison.photo
    comparison.arrange(True)
    assert comparison.wiped_photo is None and comparison.photo is not None
    before = len(renderer.requests)
    session.change_seed(77)
    qtbot.waitUntil(lambda: len(renderer.requests) > before)
    assert not np.array_equal(renderer.requests[-1].noise_RZ, renderer.requests[0].noise_RZ)
    comparison.compare(None)
    assert comparison.photo is None
    comparison.close()
    thread.close()
