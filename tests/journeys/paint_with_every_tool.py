"""Every tool with mouse, keyboard and pen: ``python -m tests.journeys.paint_with_every_tool FOLDER``.

Ends with an error if a tool does not do what it is there for. Screenshots are left in FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oasis_studio.__main__ import main
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.history.document_commands import SetReference
from tests.journeys.paint_a_scene import CONTROL, LEFT, PATIENCE, SHIFT
from tests.journeys.use_the_tools import NO_KEY, ToolJourney
from tests.ui.desk import wait_until

Point = tuple[float, float]
PEN, ERASER = QPointingDevice.PointerType.Pen, QPointingDevice.PointerType.Eraser
HANDS = ("mouse", "pen")


class EveryTool(ToolJourney):
    """Each tool is chosen by its key, used with both hands, taken back, and done again."""

    def look_around(self) -> None:
        wait_until(lambda: self.feed.image_HW3 is not None and not self.feed.is_rendering, PATIENCE)
        self.press_key(Qt.Key.Key_8)
        for _step in range(12):
            self.press_key(Qt.Key.Key_PageDown)
        self.trigger("layer.add")
        for hand in HANDS:
            self.use_drawing_tools(hand)
            self.use_path_tools(hand)
            self.use_clicking_tools(hand)
            self.use_selecting_tools(hand)
            self.move_what_is_selected(hand)
        self.erase_with_the_other_end_of_the_pen()
        self.use_the_hand()
        self.shoot("every-tool")
        self.session.history.mark_saved()

    see_the_sample = look_around

    def use_drawing_tools(self, hand: str) -> None:
        for key, keys in (
            (Qt.Key.Key_B, NO_KEY), (Qt.Key.Key_L, NO_KEY), (Qt.Key.Key_R, NO_KEY), (Qt.Key.Key_O, NO_KEY),
            (Qt.Key.Key_Q, NO_KEY),
        ):  # fmt: skip
            self.press_key(key, keys)
            self.check_paints(hand, [(60, 60), (120, 60), (120, 110), (60, 110)])
        self.press_key(Qt.Key.Key_R)
        self.draw(hand, [(150, 60), (210, 110)])
        self.press_key(Qt.Key.Key_E)
        self.draw(hand, [(150, 85), (210, 85)])
        assert self.layer()[85, 180] == 255 and self.layer()[65, 180] == 7, "the eraser reveals the layer below"
        self.draw(hand, [(150, 65), (210, 65)], keys=CONTROL)
        self.take_back(3)

    def use_path_tools(self, hand: str) -> None:
        for key, keys in ((Qt.Key.Key_N, NO_KEY), (Qt.Key.Key_L, SHIFT)):
            self.press_key(key, keys)
            before = self.layer().copy()
            for corner in ((60, 60), (140, 60), (140, 120)):
                self.draw(hand, [corner])
            self.press_key(Qt.Key.Key_Return)
            assert (self.layer() != before).any() and not self.session.has_open_stroke
            self.take_back(1)
            assert np.array_equal(self.layer(), before)

    def use_clicking_tools(self, hand: str) -> None:
        self.press_key(Qt.Key.Key_G)
        self.check_paints(hand, [(100, 20)])
        self.press_key(Qt.Key.Key_R)
        self.draw(hand, [(60, 60), (120, 110)])
        self.press_key(Qt.Key.Key_2)
        self.press_key(Qt.Key.Key_I)
        self.draw(hand, [(90, 85)])
        assert self.session.label == 7, "the class under the pointer"
        self.take_back(1)

    def use_selecting_tools(self, hand: str) -> None:
        self.press_key(Qt.Key.Key_R)
        self.draw(hand, [(60, 60), (120, 110)])
        photo = np.zeros((self.session.document.height, self.session.document.width, 3), np.uint8)
        photo[50:100, 50:150] = 200
        self.session.do(SetReference(Reference.fitted(photo, photo.shape[1], photo.shape[0])))
        ways = {
            (Qt.Key.Key_S, NO_KEY): [(60, 60), (100, 100)],
            (Qt.Key.Key_S, SHIFT): [(60, 60), (100, 60), (100, 100), (60, 100)],
            (Qt.Key.Key_W, NO_KEY): [(90, 85)],
            (Qt.Key.Key_W, SHIFT): [(90, 85)],
        }
        for (key, keys), way in ways.items():
            self.session.selection.clear()
            self.press_key(key, keys)
            self.draw(hand, way)
            selection = self.session.selection.current
            assert selection is not None and selection.mask_HW[85, 90], (self.session.tool, hand)
        self.session.selection.clear()
        self.take_back(2)

    def move_what_is_selected(self, hand: str) -> None:
        self.press_key(Qt.Key.Key_R)
        self.draw(hand, [(60, 60), (120, 110)])
        self.press_key(Qt.Key.Key_V)
        self.draw(hand, [(90, 85), (150, 125)])
        self.press_key(Qt.Key.Key_Return)
        assert self.layer()[140, 170] == 7 and self.layer()[65, 65] == 255, "moved, not copied"
        self.take_back(2)

    def erase_with_the_other_end_of_the_pen(self) -> None:
        self.press_key(Qt.Key.Key_R)
        self.draw("mouse", [(60, 60), (120, 110)])
        self.press_key(Qt.Key.Key_B)
        self.draw("pen", [(60, 85), (120, 85)], pointer=ERASER)
        assert self.layer()[85, 90] == 255 and self.layer()[65, 90] == 7
        self.take_back(2)

    def use_the_hand(self) -> None:
        self.press_key(Qt.Key.Key_H)
        view = self.canvas.view
        centre, start = view.centre, self.canvas.rect().center()
        QTest.mousePress(self.canvas, LEFT, NO_KEY, start)
        QTest.mouseMove(self.canvas, start + QPoint(20, 10))
        QTest.mouseRelease(self.canvas, LEFT, NO_KEY, start + QPoint(20, 10))
        assert view.centre != centre
        view.fit()
        self.press_key(Qt.Key.Key_B)
        assert self.session.tool is ToolKind.BRUSH

    # -- hands --------------------------------------------------------------------------------------------------

    def check_paints(self, hand: str, way: list[Point]) -> None:
        """One step, exactly undone and redone."""
        before = self.layer().copy()
        steps = self.session.history.undo_count
        self.draw(hand, way)
        after = self.layer().copy()
        assert self.session.history.undo_count == steps + 1, (self.session.tool, hand)
        assert (after == 7).any() and not np.array_equal(before, after), (self.session.tool, hand)
        self.press_key(Qt.Key.Key_Z, CONTROL)
        assert np.array_equal(self.layer(), before)
        self.press_key(Qt.Key.Key_Z, CONTROL | SHIFT)
        assert np.array_equal(self.layer(), after)
        self.take_back(1)

    def take_back(self, steps: int) -> None:
        for _step in range(steps):
            self.press_key(Qt.Key.Key_Z, CONTROL)

    def layer(self) -> np.ndarray:
        layer = self.session.layer
        assert layer is not None
        return layer.labels

    def trigger(self, action_id: str) -> None:
        self.window.actions_by_id[action_id].trigger()

    def draw(
        self,
        hand: str,
        way: list[Point],
        keys: Qt.KeyboardModifier = NO_KEY,
        pointer: QPointingDevice.PointerType = PEN,
    ) -> None:
        places = [self.at(*point) for point in way]
        if hand == "mouse":
            QTest.mousePress(self.canvas, LEFT, keys, places[0])
            for place in places[1:]:
                QTest.mouseMove(self.canvas, place)
                QApplication.processEvents()
            QTest.mouseRelease(self.canvas, LEFT, keys, places[-1])
        else:
            self.touch(QEvent.Type.TabletPress, places[0], keys, pointer)
            for place in places[1:]:
                self.touch(QEvent.Type.TabletMove, place, keys, pointer)
            self.touch(QEvent.Type.TabletRelease, places[-1], keys, pointer)
        QApplication.processEvents()

    def touch(
        self, kind: QEvent.Type, place: QPoint, keys: Qt.KeyboardModifier, pointer: QPointingDevice.PointerType
    ) -> None:
        can = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
        device = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, pointer, can, 1, 1)
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
        at, everywhere = QPointF(place), QPointF(self.canvas.mapToGlobal(place))
        event = QTabletEvent(kind, device, at, everywhere, 1.0, 0, 0, 0, 0, 0, keys, button, held)
        QApplication.sendEvent(self.canvas, event)


def travel(folder: Path) -> int:
    """The whole journey; the exit code of the program."""
    QApplication.exec = staticmethod(EveryTool(folder))
    return main([])


if __name__ == "__main__":
    raise SystemExit(travel(Path(sys.argv[1])))
