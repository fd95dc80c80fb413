"""Random edits with random locks in the real window: ``python -m tests.journeys.hold_through_edits FOLDER [EDITS]``.

Strokes of every tool, dice, styles, layers, undo and redo, other models, saving and reopening, locking and unlocking.
Every photo that the window shows is compared with the pixels as they were when they were locked, and with their
digests. Prints how many pixels were compared and how many had changed; ends with an error if one had.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from oasis_studio.__main__ import main
from oasis_studio.app.regions.lock_edits import Answer
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.lock import Lock
from oasis_studio.errors import StudioError
from oasis_studio.ui.questions import messages
from tests.journeys.paint_a_scene import CONTROL, PATIENCE
from tests.journeys.style_the_regions import RegionJourney
from tests.ui.desk import wait_until

_TOOLS = (
    *(ToolKind.BRUSH, ToolKind.BRUSH, ToolKind.ERASER, ToolKind.FILL, ToolKind.RECTANGLE, ToolKind.ELLIPSE),
    *(ToolKind.LINE, ToolKind.LASSO, ToolKind.STYLE_BRUSH, ToolKind.GRADIENT, ToolKind.CUT),
)
_COMMANDS = (
    *("edit.undo", "edit.undo", "edit.redo", "region.dice", "region.back", "region.forth", "region.copy"),
    *("region.paste", "region.reset", "region.clear", "region.split", "region.join", "region.all", "region.none"),
    *("layer.add", "layer.duplicate", "layer.remove", "layer.up", "layer.down", "layer.hide", "layer.merge"),
)
_MOST_LAYERS = 8


class HoldJourney(RegionJourney):
    """The same window and hand, as many edits as are wanted."""

    count = 1000

    def steps(self) -> Iterable[Callable[[], None]]:
        return (self.hold,)

    def hold(self) -> None:
        self.random = np.random.default_rng(6)
        self.kept: dict[str, np.ndarray] = {}
        self.photos = self.compared = self.changed = self.refused = 0
        answers = list(Answer)
        messages.ask_about_lock = lambda _parent, _name: answers[self.random.integers(len(answers))]
        messages.show_error = self.refuse
        self.feed.photo_shown.connect(self.compare)
        for number in range(self.count):
            locks = self.session.document.locks
            if not locks or len(locks) > 8:
                self.studio.locks.unlock(list(locks))
                self.wait_for_photo()
                self.lock_some()
            self.edit()
            if number % 10 == 9:
                self.wait_for_photo()
                self.compare()
            if number % 200 == 199:
                self.reopen()
            if number % 100 == 99:
                print(f"{number + 1} edits, {self.photos} photos, {self.changed} pixels changed", flush=True)
        self.wait_for_photo()
        self.compare()
        print(
            f"{self.count} edits ({self.refused} refused), {len(self.kept)} locks: in {self.photos} photos "
            f"{self.compared} locked pixels were compared, {self.changed} had changed",
            flush=True,
        )
        assert self.photos > self.count // 10 and self.compared and not self.changed

    # -- edits --------------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """One of them by chance, as a person could do it."""
        document, chance = self.session.document, self.random.random()
        self.session.regions.choose(self.some(0.3))
        try:
            if chance < 0.4:
                self.stroke()
            elif chance < 0.75:
                self.command(str(self.random.choice(_COMMANDS)))
            elif chance < 0.83:
                self.lock_some(0.2)
            elif chance < 0.87:
                self.studio.locks.unlock([key for key in document.locks if self.random.random() < 0.3])
            elif chance < 0.91:
                self.studio.locks.set_feather(list(document.locks), int(self.random.integers(33)))
            elif chance < 0.95:
                field = self.panel.fields.mix if chance < 0.93 else self.panel.fields.strength
                field.setValue(int(self.random.integers(100)))
            elif chance < 0.99:
                self.press_key(Qt.Key.Key_D)
            else:
                models = self.session.library.cards()
                self.session.switch_model(models[self.random.integers(len(models))])
        except StudioError as error:
            self.refuse(None, error)

    def stroke(self) -> None:
        self.session.choose_tool(_TOOLS[self.random.integers(len(_TOOLS))])
        self.session.choose_class(int(self.random.integers(len(self.session.document.palette))))
        self.session.resize_brush(int(self.random.integers(2, 70)))
        document = self.session.document
        ends = [(self.random.uniform(0, document.width), self.random.uniform(0, document.height)) for _end in "ab"]
        self.drag(*ends, CONTROL if self.random.random() < 0.1 else Qt.KeyboardModifier.NoModifier)

    def command(self, name: str) -> None:
        if name in ("layer.add", "layer.duplicate") and len(self.session.document.layers) >= _MOST_LAYERS:
            name = "layer.merge"
        if name == "layer.remove" and len(self.session.document.layers) < 3:
            name = "layer.duplicate"
        action = self.window.actions_by_id[name]
        if action.isEnabled():
            action.trigger()
        layers = self.session.document.layers
        if layers:
            self.session.choose_layer(layers[self.random.integers(len(layers))].id)
        QApplication.processEvents()

    def lock_some(self, share: float = 0.4) -> None:
        self.wait_for_photo()
        free = [key for key in self.some(share) if not self.studio.locks.is_locked(key)]
        keys = free or [region.key for region in self.session.regions.all][:1]
        self.studio.locks.lock(keys, int(self.random.integers(33)))

    def some(self, share: float) -> list:
        return [region.key for region in self.session.regions.all if self.random.random() < share]

    def reopen(self) -> None:
        """Saved, closed and opened again, every locked pixel is the same."""
        before = {digest: pixels for digest, pixels in self.kept.items() if digest in self.digests()}
        self.file = self.folder / "held.oasis"
        self.studio.drawings.save(self.file)
        wait_until(lambda: not self.studio.jobs.is_busy, PATIENCE)
        self.studio.drawings.open(self.file)
        wait_until(lambda: not self.studio.jobs.is_busy, PATIENCE)
        self.compare()
        assert before.keys() <= self.digests() or len(self.digests()) < len(before), "locks of lost layers are joined"
        self.wait_for_photo()

    def digests(self) -> set[str]:
        return {lock.digest for lock in self.session.document.locks.values()}

    # -- eyes ---------------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """What the window shows with what was locked; the first look at a lock is what it has to stay."""
        image = self.feed.image_HW3
        if image is None:
            return
        self.photos += 1
        for lock in self.session.document.locks.values():
            shown = _inside(lock, image)
            wanted = self.kept.setdefault(lock.digest, shown)
            self.compared += len(wanted)
            self.changed += int((shown != wanted).any(axis=1).sum())
            self.changed += 0 if lock.is_intact and lock.holds(image) else len(wanted)

    def refuse(self, _parent: object, _error: StudioError) -> None:
        self.refused += 1


def _inside(lock: Lock, image_HW3: np.ndarray) -> np.ndarray:
    """(n, 3): the pixels of an image that are locked."""
    return image_HW3[lock.box.slices][lock.mask_hw]


def travel(folder: Path, count: int) -> int:
    """The whole journey; the exit code of the program."""
    HoldJourney.count = count
    QApplication.exec = staticmethod(HoldJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else HoldJourney.count))
