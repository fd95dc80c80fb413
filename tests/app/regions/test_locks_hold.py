"""Whatever is done elsewhere: the pixels of a locked region never change, and their digests say so."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import SynthesisThread
from oasis_studio.app.regions.lock_edits import LockEdits
from oasis_studio.app.regions.style_edits import StyleEdits
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.painting import Painter
from oasis_studio.app.tools.styling import Styler
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import locked_mask
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.document.style import Linear, OwnSeed
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.history.commands import AddLayer, ChangeLayer, MoveLayer, RemoveLayer
from oasis_studio.core.history.document_commands import CropDocument
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.tools import layer_steps, region_steps
from oasis_studio.core.work.request import SynthesisRequest, SynthesisResult
from oasis_studio.errors import StudioError
from tests.app import scene

_TOOLS = (ToolKind.BRUSH, ToolKind.ERASER, ToolKind.FILL, ToolKind.RECTANGLE, ToolKind.STYLE_BRUSH, ToolKind.CUT)


class FickleThread(SynthesisThread):
    """Every photo is another one, everywhere, and there at once."""

    def submit(self, request: SynthesisRequest) -> None:
        height, width = request.labels_HW.shape
        image = np.random.default_rng(request.id).integers(0, 256, (height, width, 3)).astype(np.uint8)
        self.rendered.emit(SynthesisResult(request.id, image, "cpu"))


class Hand:
    """One random edit after the other, as a person could do it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.folder = folder
        self.session = Session(scene.library(folder / "models"), scene.document(40, 32))
        self.thread = FickleThread(scene.InstantRenderer)  # never started
        self.feed = PhotoFeed(self.session, self.thread)
        self.styles = StyleEdits(self.session)
        self.locks = LockEdits(self.session, self.feed)
        self.painter = Painter(self.session)
        self.styler = Styler(self.session, self.styles)
        self.feed.request()

    def edit(self) -> None:
        names = ["stroke"] * 5 + ["lock", "unlock", "feather", "dice", "seed", "style", "mix", "gradient", "step"]
        names += ["undo", "undo", "redo", "jump", "layer", "hide", "move", "remove", "model", "reopen", "split", "join"]
        names += ["copy", "merge", "flatten", "crop"]
        name = str(self.random.choice(names))
        try:
            getattr(self, f"do_{name}")()
        except StudioError:
            self.painter.cancel()
            self.styler.cancel()

    def check(self) -> None:
        image, document = self.feed.image_HW3, self.session.document
        assert image is not None
        for key, lock in document.locks.items():
            assert lock.is_intact and lock.holds(image), key
            assert self.locks.is_intact(key)

    # -- what a person does -------------------------------------------------------------------------------------

    def point(self) -> tuple[float, float]:
        return float(self.random.uniform(-3, 43)), float(self.random.uniform(-3, 35))

    def some(self, share: float = 0.4) -> list:
        return [region.key for region in self.session.regions.all if self.random.random() < share]

    def do_stroke(self) -> None:
        session = self.session
        session.choose_tool(_TOOLS[self.random.integers(len(_TOOLS))])
        session.choose_class(int(self.random.integers(3)))
        session.resize_brush(int(self.random.integers(1, 16)))
        gesture = self.styler if session.tool.styles else self.painter
        gesture.press(*self.point())
        for _move in range(2):
            gesture.move(*self.point())
        gesture.release(*self.point())

    def do_lock(self) -> None:
        self.locks.lock(self.some(), int(self.random.integers(33)))

    def do_unlock(self) -> None:
        self.locks.unlock([key for key in self.session.document.locks if self.random.random() < 0.4])

    def do_feather(self) -> None:
        self.locks.set_feather(list(self.session.document.locks), int(self.random.integers(33)))

    def do_dice(self) -> None:
        self.styles.roll(self.some())

    def do_seed(self) -> None:
        self.session.change_seed(int(self.random.integers(1000)))

    def do_style(self) -> None:
        self.styles.set_source([WHOLE_IMAGE, *self.some()], OwnSeed(int(self.random.integers(1000))))

    def do_mix(self) -> None:
        keys = self.some()
        self.styles.try_out(self.styles.mixed(keys, self.random.random()))
        self.styles.keep(self.styles.mixed(keys, self.random.random()), "mix")

    def do_gradient(self) -> None:
        self.styles.add_gradient(self.some(), Linear(self.point(), self.point()))

    def do_step(self) -> None:
        self.styles.step(self.some(), int(self.random.integers(-2, 3)))

    def do_undo(self) -> None:
        self.session.undo()

    def do_redo(self) -> None:
        self.session.redo()

    def do_jump(self) -> None:
        done = self.session.history.undo_count
        self.session.go_to(int(self.random.integers(max(0, done - 5), done + 4)))

    def do_layer(self) -> None:
        document = self.session.document
        if len(document.layers) < 6:
            index = int(self.random.integers(len(document.layers) + 1))
            self.session.do(AddLayer(LabelLayer.blank("more", document.width, document.height), index))
            self.session.choose_layer(document.layers[index].id)

    def layer(self) -> LabelLayer | None:
        layers = self.session.document.layers
        return layers[self.random.integers(len(layers))] if layers else None

    def do_hide(self) -> None:
        if layer := self.layer():
            self.session.do(ChangeLayer(layer.id, "hide", is_visible=not layer.is_visible))

    def do_move(self) -> None:
        if layer := self.layer():
            self.session.do(MoveLayer(layer.id, int(self.random.integers(len(self.session.document.layers)))))

    def do_remove(self) -> None:
        layer = self.layer()
        if layer and len(self.session.document.layers) > 1:
            self.session.do(RemoveLayer(layer.id))

    def do_copy(self) -> None:
        layer = self.layer()
        if layer and len(self.session.document.layers) < 6:
            self.session.do(layer_steps.duplicate(self.session.document, layer.id))

    def do_merge(self) -> None:
        if layer := self.layer():
            self.session.do(layer_steps.merge_down(self.session.document, layer.id))

    def do_flatten(self) -> None:
        command = layer_steps.flatten(self.session.document)
        if command is not None:
            self.session.do(command)

    def do_crop(self) -> None:
        """A few pixels more or less on every side."""
        left, top = (int(edge) for edge in self.random.integers(-3, 4, 2))
        self.session.do(CropDocument(Box(left, top, left + 40, top + 32)))

    def do_model(self) -> None:
        other = "other" if self.session.document.model == "small" else "small"
        self.session.switch_model(self.session.library.find(other)[1])

    def do_reopen(self) -> None:
        path = self.folder / "scene.oasis"
        document, image = self.session.document, self.feed.image_HW3
        assert image is not None
        write_project(path, document, image)
        project = read_project(path)
        self.session.open(project.document, path)
        self.feed.show(project.image_HW3)
        kept, found = (locked_mask(x.locks.values(), *image.shape[:2]) for x in (document, project.document))
        assert np.array_equal(kept, found), "locks of removed layers are kept as well"
        self.check()
        self.feed.request()

    def do_split(self) -> None:
        keys = self.some()
        if keys:
            self.session.do(region_steps.split(self.session.document, self.session.regions.map, keys[0]))

    def do_join(self) -> None:
        label = int(self.random.integers(3))
        keys = [region.key for region in self.session.regions.all if region.key.label == label]
        self.session.do(region_steps.join(self.session.document, self.session.regions.map, keys))


def hold(seed: int, edits: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        hand = Hand(Path(folder), seed)
        for _edit in range(edits):
            if not hand.session.document.locks:
                hand.locks.lock(hand.some(1.0))
            hand.edit()
            hand.check()


_settings = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(_settings, max_examples=4)
@given(st.integers(0, 10**6))
def test_locked_pixels_hold_through_random_edits(qapp: object, seed: int) -> None:
    hold(seed, 80)


@pytest.mark.slow
@settings(_settings, max_examples=10)
@given(st.integers(0, 10**6))
def test_locked_pixels_hold_through_a_thousand_random_edits(qapp: object, seed: int) -> None:
    hold(seed, 1000)
