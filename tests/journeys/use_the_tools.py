"""The tools as a person uses them, in the real window: ``python -m tests.journeys.use_the_tools FOLDER``.

A polygon clicked corner by corner, a selection that is filled, moved and turned, a stroke of a pen, a snapshot that is
wiped against now. Ends with an error if something is not as it should be. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oasis_studio.__main__ import main
from oasis_studio.app.session.tool_kind import ToolKind
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE, Journey
from tests.ui.desk import wait_until

NO_KEY = Qt.KeyboardModifier.NoModifier


class ToolJourney(Journey):
    """The same window and hand, other steps."""

    def look_around(self) -> None:
        wait_until(lambda: self.feed.image_HW3 is not None and not self.feed.is_rendering, PATIENCE)
        for step in (self.click_a_polygon, self.select_fill_and_move, self.draw_with_a_pen, self.compare):
            step()
        self.session.history.mark_saved()

    see_the_sample = look_around
    paint = undo_and_redo = change_the_seed = save_and_reopen = lambda self: None

    def click_a_polygon(self) -> None:
        self.press_key(Qt.Key.Key_7)
        self.press_key(Qt.Key.Key_N)
        corners = [(60, 40), (140, 40), (140, 100)]
        for corner in corners:
            QTest.mouseClick(self.canvas, LEFT, NO_KEY, self.at(*corner))
        self.shoot("polygon")
        self.press_key(Qt.Key.Key_Return)
        assert self.session.labels_HW[50, 120] == 6 and self.session.labels_HW[95, 65] != 6

    def select_fill_and_move(self) -> None:
        self.press_key(Qt.Key.Key_S)
        self.drag((200, 40), (239, 79))
        self.press_key(Qt.Key.Key_8)
        self.press_key(Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
        assert (self.session.labels_HW[41:78, 201:238] == 7).all()
        self.press_key(Qt.Key.Key_T, CONTROL)
        self.drag((220, 60), (260, 120))
        self.shoot("moving")
        self.press_key(Qt.Key.Key_Return)
        assert (self.session.labels_HW[102:138, 242:278] == 7).all()
        self.press_key(Qt.Key.Key_A, CONTROL | Qt.KeyboardModifier.ShiftModifier)

    def draw_with_a_pen(self) -> None:
        self.press_key(Qt.Key.Key_B)
        self.press_key(Qt.Key.Key_6)
        for kind, x, pressure in (
            (QEvent.Type.TabletPress, 40, 0.1),
            (QEvent.Type.TabletMove, 120, 1.0),
            (QEvent.Type.TabletRelease, 120, 0.0),
        ):
            self.pen(kind, self.at(x, 200), pressure)
        labels, half = self.session.labels_HW, self.session.brush_size // 2 - 3
        assert labels[200, 40] == labels[200 + half, 120] == 5, "wide where it was pressed hard"
        assert labels[200 + half, 40] != 5, "and thin where it was not"
        self.wait_for_photo()

    def compare(self) -> None:
        self.press_key(Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
        self.press_key(Qt.Key.Key_3)
        self.session.choose_tool(ToolKind.BRUSH)
        self.drag((60, 150), (320, 150))
        self.wait_for_photo()
        self.press_key(Qt.Key.Key_C)
        self.shoot("wiped")
        old, new = (self.canvas.grab().toImage().pixelColor(self.at(x, 150)).name() for x in (100, 210))
        assert old != new == self.session.document.palette.classes[2].hex

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        QTest.mousePress(self.canvas, LEFT, NO_KEY, self.at(*start))
        QTest.mouseMove(self.canvas, self.at(*end))
        QApplication.processEvents()
        QTest.mouseRelease(self.canvas, LEFT, NO_KEY, self.at(*end))

    def pen(self, kind: QEvent.Type, place: QPoint, pressure: float) -> None:
        can = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
        pointer = QPointingDevice.PointerType.Pen
        device = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, pointer, can, 1, 1)
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
        at, everywhere = QPointF(place), QPointF(self.canvas.mapToGlobal(place))
        event = QTabletEvent(kind, device, at, everywhere, pressure, 0, 0, 0, 0, 0, NO_KEY, button, held)
        QApplication.sendEvent(self.canvas, event)


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(ToolJourney(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
