"""Photos are kept, found and gone back to, in the real window: ``python -m tests.journeys.keep_the_results FOLDER``.

Rolls the dice until a photo pleases, keeps it, paints on, saves and opens the drawing, and goes back. Ends with an
error if something is not as it should be. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import samples
from oasis_studio.core.document.result import Result
from oasis_studio.ui.docks.result_row import star_rect
from oasis_studio.ui.docks.results import ResultList
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE, SHIFT, Journey
from tests.ui.desk import wait_until

NO_KEY = Qt.KeyboardModifier.NoModifier


class ResultJourney(Journey):
    """The same window and hand, other steps."""

    def look_around(self) -> None:
        wait_until(lambda: self.feed.image_HW3 is not None and not self.feed.is_rendering, PATIENCE)
        for step in (self.roll_and_keep, self.paint_on, self.find_it, self.go_back, self.find_it_in_the_file):
            step()
        self.session.history.mark_saved()

    see_the_sample = look_around
    paint = undo_and_redo = change_the_seed = save_and_reopen = lambda self: None

    @property
    def drives(self) -> list[str]:
        names = ("keep", "show", "star", "compare", "restore", "restore_styles", "rename", "delete")
        return [f"result.{name}" for name in names]

    @property
    def results(self) -> tuple[Result, ...]:
        return self.session.document.results

    def roll_and_keep(self) -> None:
        """What is looked at for a moment is kept by itself; what pleases is kept for good."""
        for count in (1, 2):
            self.press_key(Qt.Key.Key_D)
            wait_until(lambda count=count: len(self.results) == count, PATIENCE)
        assert all(each.is_automatic for each in self.results)
        self.liked, self.liked_labels = self.photo(), self.session.labels_HW.copy()
        self.press_key(Qt.Key.Key_K, CONTROL)
        wait_until(lambda: not self.results[-1].is_automatic, PATIENCE)
        self.press_key(Qt.Key.Key_D)
        wait_until(lambda: len(self.results) == 3, PATIENCE)

    def paint_on(self) -> None:
        self.press_key(Qt.Key.Key_4)
        height, width = self.session.labels_HW.shape
        QTest.mousePress(self.canvas, LEFT, NO_KEY, self.at(0.2 * width, 0.3 * height))
        for share in (0.4, 0.6, 0.8):
            QTest.mouseMove(self.canvas, self.at(share * width, 0.3 * height))
            QApplication.processEvents()
        QTest.mouseRelease(self.canvas, LEFT, NO_KEY, self.at(0.8 * width, 0.3 * height))
        self.wait_for_photo()
        assert not np.array_equal(self.session.labels_HW, self.liked_labels)

    def find_it(self) -> None:
        """The panel, its star, a name, the search, and a look at it beside the drawing."""
        panel = self.panel()
        view = panel.view
        assert [each.seed for each in panel.items.results] == [each.seed for each in reversed(self.results)]
        QTest.mouseClick(view.viewport(), LEFT, NO_KEY, view.visualRect(panel.items.index(1)).center() - QPoint(60, 0))
        QTest.keyClicks(view, "*")
        assert self.results[1].is_starred
        QTest.keyClick(view, Qt.Key.Key_F2)
        editor = view.viewport().findChild(QLineEdit)
        assert isinstance(editor, QLineEdit)
        QTest.keyClicks(editor, "the one")
        self.shoot("renaming")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        wait_until(lambda: self.results[1].name == "the one")
        QTest.mouseClick(view.viewport(), LEFT, NO_KEY, star_rect(view.visualRect(panel.items.index(0))).center())
        QTest.keyClicks(panel.search, "one sky")
        assert [each.name for each in panel.items.results] == ["the one"]
        panel.search.clear()
        panel.stars.click()
        assert len(panel.items.results) == 2
        panel.stars.click()
        QTest.keyClick(view, Qt.Key.Key_Space)
        assert self.window.canvases.wipe.isVisible()
        self.shoot("compared")
        QTest.keyClick(view, Qt.Key.Key_Space)
        assert not self.window.canvases.wipe.isVisible()

    def go_back(self) -> None:
        """First to its noise alone, then to all of it: the same pixels again."""
        painted, view = self.session.labels_HW.copy(), self.panel().view
        QTest.keyClick(view, Qt.Key.Key_Return, SHIFT)
        self.wait_for_photo()
        assert self.session.document.seed == self.results[1].seed
        assert np.array_equal(self.session.labels_HW, painted)
        QTest.keyClick(view, Qt.Key.Key_Return)
        self.wait_for_photo()
        assert np.array_equal(self.session.labels_HW, self.liked_labels)
        assert np.array_equal(self.photo(), self.liked), "the same photo again"
        self.shoot("restored")
        self.press_key(Qt.Key.Key_Z, CONTROL)
        assert np.array_equal(self.session.labels_HW, painted)
        self.wait_for_photo()

    def find_it_in_the_file(self) -> None:
        self.name_the_file()
        self.press_key(Qt.Key.Key_S, CONTROL)
        wait_until(lambda: not self.window._studio.jobs.is_busy)
        kept = [(each.photo, each.scene, each.name, each.is_starred) for each in self.results]
        self.window.files.open_sample(samples()[0])
        self.wait_for_photo()
        assert not self.results
        self.window.files.open_path(self.file)
        assert [(each.photo, each.scene, each.name, each.is_starred) for each in self.results] == kept
        view = self.panel().view
        QTest.mouseClick(view.viewport(), LEFT, NO_KEY, view.visualRect(self.panel().items.index(1)).center())
        QTest.keyClick(view, Qt.Key.Key_Return)
        self.wait_for_photo()
        assert np.array_equal(self.photo(), self.liked), "and from the file"
        QTest.keyClick(view, Qt.Key.Key_Delete)
        assert len(self.results) == len(kept) - 1
        self.press_key(Qt.Key.Key_Z, CONTROL)
        assert len(self.results) == len(kept)
        self.shoot("found-again")

    def panel(self) -> ResultList:
        self.window.actions_by_id["result.show"].trigger()
        assert self.window.results.dock is not None
        pictures = self.window._studio.result_pictures
        wait_until(lambda: all(pictures.picture(each) is not None for each in self.results), PATIENCE)
        return self.window.results.dock.list


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(ResultJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
