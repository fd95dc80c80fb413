"""One person's first ten minutes, in a process of its own: ``python -m tests.journeys.paint_a_scene FOLDER``.

Starts the program through ``main()``, uses it with mouse and keys, and ends with an error if something is not as it
should be. Screenshots and the drawing are left in FOLDER.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from oasis_studio.__main__ import main
from oasis_studio.app.files.drawings import samples
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.window.main_window import MainWindow
from tests.ui.desk import wait_until

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
PATIENCE = 60.0
"""Seconds within which the first photo has to be there."""


class Journey:
    """The window, and a hand on mouse and keyboard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scene.oasis"

    def __call__(self) -> int:
        """Stands in for the event loop of the program."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        assert window.isVisible() and "torch" not in sys.modules, "the window comes before torch"
        self.window, self.canvas = window, window.canvases.labels
        for welcome in window.findChildren(Welcome):
            QTest.keyClick(welcome, Qt.Key.Key_Escape)
            assert not welcome.isVisible(), "and no tour lies over the screenshots"
        self.driven: set[str] = set()
        for spec in window.actions_by_id.specs:
            window.actions_by_id[spec.id].triggered.connect(partial(self._note, spec.id))
        self.session, self.feed = window._studio.session, window._studio.feed
        self.see_the_sample()
        self.paint()
        self.undo_and_redo()
        self.change_the_seed()
        self.save_and_reopen()
        assert self.driven >= set(self.drives), sorted(set(self.drives) - self.driven)
        window.close()
        assert not window.isVisible()
        return 0

    @property
    def drives(self) -> list[str]:
        """Commands, by id, that have to be given on the way."""
        return []

    def _note(self, command: str, _checked: bool = False) -> None:
        self.driven.add(command)

    def see_the_sample(self) -> None:
        assert self.session.title and self.session.labels_HW.any(), "a sample is on the canvas"
        wait_until(lambda: self.feed.image_HW3 is not None and not self.feed.is_rendering, PATIENCE)
        self.first_photo = self.photo()
        self.first_labels = self.session.labels_HW.copy()
        self.shoot("sample")

    def paint(self) -> None:
        """A thick stroke of the fourth class across the sky, seen in labels and photo."""
        self.press_key(Qt.Key.Key_4)
        for _step in range(4):
            self.press_key(Qt.Key.Key_BracketRight)
        document = self.session.document
        points = [(share * document.width, 0.2 * document.height) for share in np.linspace(0.2, 0.8, 12)]
        QTest.mousePress(self.canvas, LEFT, Qt.KeyboardModifier.NoModifier, self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(self.canvas, self.at(*point))
            QApplication.processEvents()
        self.shoot("painting")
        QTest.mouseRelease(self.canvas, LEFT, Qt.KeyboardModifier.NoModifier, self.at(*points[-1]))
        self.wait_for_photo()
        row, column = document.height // 5, document.width * 3 // 10  # not below the tag beside the pointer
        assert self.session.labels_HW[row, column] == 3
        assert not np.array_equal(self.photo(), self.first_photo), "the photo changes with the labels"
        color = self.canvas.grab().toImage().pixelColor(self.at(column, row))
        assert (color.red(), color.green(), color.blue()) == document.palette.classes[3].color
        self.painted_photo = self.photo()
        self.shoot("painted")

    def undo_and_redo(self) -> None:
        self.press_key(Qt.Key.Key_Z, CONTROL)
        self.wait_for_photo()
        assert np.array_equal(self.session.labels_HW, self.first_labels)
        assert np.array_equal(self.photo(), self.first_photo), "same labels and seed, same bytes"
        self.press_key(Qt.Key.Key_Z, CONTROL | SHIFT)
        self.wait_for_photo()
        assert np.array_equal(self.photo(), self.painted_photo)

    def change_the_seed(self) -> None:
        seed = self.session.document.seed
        self.press_key(Qt.Key.Key_D)
        self.wait_for_photo()
        assert self.session.document.seed != seed

    def save_and_reopen(self) -> None:
        labels, photo, seed = self.session.labels_HW.copy(), self.photo(), self.session.document.seed
        self.name_the_file()
        self.press_key(Qt.Key.Key_S, CONTROL)
        wait_until(lambda: not self.window._studio.jobs.is_busy)
        assert self.file.exists() and not self.session.is_modified
        self.window.files.open_sample(samples()[0])
        assert self.session.path is None
        self.name_the_file()
        self.press_key(Qt.Key.Key_O, CONTROL)
        assert self.session.path == self.file, self.session.path
        assert np.array_equal(self.session.labels_HW, labels) and self.session.document.seed == seed
        assert np.array_equal(self.photo(), photo), "the saved photo is shown at once"
        self.wait_for_photo()
        assert np.array_equal(self.photo(), photo), "and rendering it again gives the same pixels"
        self.shoot("reopened")

    # -- hands and eyes -----------------------------------------------------------------------------------------

    def at(self, x: float, y: float) -> QPoint:
        view = self.window.canvases.view
        origin = view.origin(self.canvas.size())
        return QPoint(round(origin.x() + (x + 0.5) * view.zoom), round(origin.y() + (y + 0.5) * view.zoom))

    def press_key(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.window.activateWindow()  # without a window manager nobody else does
        wait_until(self.window.isActiveWindow)
        QTest.keyClick(self.canvas, key, keys)
        QApplication.processEvents()

    def trigger(self, name: str) -> None:
        """Give a command, as its menu does; it has to be possible."""
        action = self.window.actions_by_id[name]
        assert action.isEnabled(), action.toolTip()
        action.trigger()
        QApplication.processEvents()

    def name_the_file(self) -> None:
        """Type the file's name into the dialog that opens next."""
        QTimer.singleShot(300, self._type_name)

    def _type_name(self) -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog), dialog
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        field.setText(str(self.file))
        QTest.keyClick(field, Qt.Key.Key_Return)

    def photo(self) -> np.ndarray:
        assert self.feed.image_HW3 is not None
        return self.feed.image_HW3.copy()

    def wait_for_photo(self) -> None:
        wait_until(lambda: not self.feed.is_rendering, PATIENCE)

    def shoot(self, name: str) -> None:
        QApplication.processEvents()
        self.window.screen().grabWindow(0).save(str(self.folder / f"{name}.png"))


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(Journey(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
