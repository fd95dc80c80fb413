"""Keep this, change that, in the real window: ``python -m tests.journeys.style_the_regions FOLDER``.

Regions are chosen in the photo and in the list, diced, mixed, locked, cut and brushed; variations are rendered and one
is picked; a loop is written; and while random edits go on, the digest of the locked pixels is compared with the photo.
Ends with an error if something is not as it should be. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from oasis_studio.__main__ import main
from oasis_studio.app.regions.lock_edits import Answer
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import Brushed, OwnSeed
from oasis_studio.ui.docks.region_row import lock_rect
from oasis_studio.ui.docks.regions import RegionPanel
from oasis_studio.ui.docks.variations import VariationStrip
from oasis_studio.ui.questions import messages
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE, Journey
from tests.ui.desk import wait_until

NO_KEY = Qt.KeyboardModifier.NoModifier
EDITS = 20


class RegionJourney(Journey):
    """The same window and hand, other steps."""

    def look_around(self) -> None:
        self.studio = self.window._studio
        self.wait_for_photo()
        panel = self.window.findChild(RegionPanel)
        assert isinstance(panel, RegionPanel)
        self.panel = panel
        for step in self.steps():
            step()
        self.session.history.mark_saved()

    see_the_sample = look_around
    paint = undo_and_redo = change_the_seed = save_and_reopen = lambda self: None

    def steps(self) -> Iterable[Callable[[], None]]:
        return self.choose, self.dice, self.lock, self.vary, self.brush_and_cut, self.animate, self.hold

    def choose(self) -> None:
        """The sky, by a click in the photo; its menu, by a right click on the labels."""
        self.sky = self.key_at(200, 20)
        photo = self.window.canvases.photo
        at = self.window.canvases.view.transform(photo.size()).map(QPoint(200, 20))
        QTest.mouseClick(photo, LEFT, NO_KEY, at)
        assert self.session.regions.chosen == {self.sky}
        row = self.panel.items.row(self.sky)
        assert row in [index.row() for index in self.panel.view.selectionModel().selectedIndexes()]
        self.canvas.menu_wanted.emit(200.0, 20.0, self.canvas.mapToGlobal(self.at(200, 20)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        self.shoot("menu")
        menu.close()

    def dice(self) -> None:
        """Another sky, and nothing else is very different."""
        before = self.photo().astype(int)
        self.press_key(Qt.Key.Key_D, CONTROL)
        self.wait_for_photo()
        change = np.abs(self.photo() - before).mean(axis=2)
        mask = self.session.regions.map.mask(self.sky)
        assert change[mask].mean() > 2 * change[~mask].mean(), (change[mask].mean(), change[~mask].mean())
        self.panel.fields.mix.setValue(50)
        self.wait_for_photo()
        self.press_key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        self.wait_for_photo()
        assert self.panel.fields.mix.value() == 0

    def lock(self) -> None:
        """By the padlock in the list; then the brush is asked about it once."""
        row = self.panel.items.row(self.sky)
        assert row is not None
        rect = self.panel.view.visualRect(self.panel.items.index(row))
        QTest.mouseClick(self.panel.view.viewport(), LEFT, NO_KEY, lock_rect(rect).center())
        assert self.studio.locks.is_locked(self.sky)
        asked: list[str] = []
        messages.ask_about_lock = lambda _parent, name: asked.append(name) or Answer.AROUND
        labels = self.session.labels_HW.copy()
        self.press_key(Qt.Key.Key_B)
        self.press_key(Qt.Key.Key_4)
        for _stroke in range(2):
            self.drag((60, 20), (300, 30))
        self.wait_for_photo()
        mask = self.session.regions.map.mask(self.sky)
        assert len(asked) == 1 and np.array_equal(self.session.labels_HW[mask], labels[mask])
        self.check()
        self.shoot("locked")

    def vary(self) -> None:
        """Variations of the water; one of them is the drawing's."""
        water = next(region.key for region in self.session.regions.all if region.key.label == 3)
        self.session.regions.choose([water])
        self.press_key(Qt.Key.Key_F6)
        strip = self.window.findChild(VariationStrip)
        assert isinstance(strip, VariationStrip)
        wait_until(lambda: not self.studio.variations.is_running, PATIENCE)
        self.shoot("variations")
        steps = self.session.history.undo_count
        strip.tiles[2].click()
        self.wait_for_photo()
        assert self.session.history.undo_count == steps + 1
        self.check()
        self.press_key(Qt.Key.Key_F7)
        grid = self.window.variations.grid
        assert grid is not None
        wait_until(lambda: not self.studio.variations.is_running, PATIENCE)
        self.shoot("grid")
        grid.close()

    def brush_and_cut(self) -> None:
        self.session.regions.choose(())
        self.press_key(Qt.Key.Key_Y)
        self.studio.styles.set_second(OwnSeed(3))
        self.drag((100, 200), (220, 200))
        key = self.key_at(100, 200)
        assert isinstance(self.studio.styles.style(key).paints[0].shape, Brushed)
        self.press_key(Qt.Key.Key_X)
        count = len(self.session.regions.all)
        self.drag((180, 140), (180, 250))
        assert self.session.tool is ToolKind.CUT and len(self.session.regions.all) > count
        self.wait_for_photo()
        self.check()
        self.shoot("brushed")

    def animate(self) -> None:
        path, done = self.folder / "loop.mp4", []
        self.studio.animation.finished.connect(lambda: done.append(True))
        self.studio.animation.start([self.key_at(180, 200)], path, 8, 8)
        wait_until(lambda: bool(done), PATIENCE)
        assert path.stat().st_size > 1000

    def hold(self) -> None:
        """Random edits all over the window."""
        random = np.random.default_rng(4)
        self.press_key(Qt.Key.Key_B)
        for edit in range(EDITS):
            points = [(float(random.uniform(0, 380)), float(random.uniform(0, 250))) for _end in range(2)]
            kind = edit % 5
            if kind == 0:
                self.press_key(Qt.Key.Key_D)
            elif kind == 1:
                self.press_key(Qt.Key.Key_Z, CONTROL)
            elif kind == 2 and self.session.history.undo_count > 10:
                self.studio.styles.roll([region.key for region in self.session.regions.all[:2]])
            else:
                self.press_key(Qt.Key(Qt.Key.Key_1 + int(random.integers(8))))
                self.drag(*points)
            if edit % 4 == 0:
                self.wait_for_photo()
            if self.studio.locks.is_locked(self.sky):
                self.check()
        self.wait_for_photo()
        self.check()

    # -- hands and eyes -----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Every locked pixel is as it was."""
        for key, lock in self.session.document.locks.items():
            assert lock.is_intact and lock.holds(self.photo()), key

    def key_at(self, x: int, y: int) -> RegionKey:
        key = self.session.regions.map.at(x, y)
        assert key is not None
        return key

    def settled(self) -> np.ndarray:
        """The photo of all that was done."""
        self.wait_for_photo()
        return self.photo()

    def drag(self, start: tuple[float, float], end: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mousePress(self.canvas, LEFT, keys, self.at(*start))
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        for point in (middle, end):
            QTest.mouseMove(self.canvas, self.at(*point))
            QApplication.processEvents()
        QTest.mouseRelease(self.canvas, LEFT, keys, self.at(*end))


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(RegionJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
