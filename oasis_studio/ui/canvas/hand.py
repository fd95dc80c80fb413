"""From mouse, pen and keys on the label canvas to the gesture of the tool."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent

from oasis_studio.app.gestures import Gestures
from oasis_studio.app.session import Session
from oasis_studio.app.tool_kind import ToolKind
from oasis_studio.errors import StudioError
from oasis_studio.ui.canvas.view import View

_REACH = 8
"""Widget pixels within which a click takes hold of an edge or closes a polygon."""
_SNAP = 6
"""The same for a point that goes onto a guide."""
_NUDGE = 10
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Hand:
    """``refuse`` tells why nothing happened. Every method that takes an event says whether it used it."""

    def __init__(self, session: Session, gestures: Gestures, view: View, refuse: Callable[[StudioError], None]) -> None:
        self._session = session
        self._gestures = gestures
        self._view = view
        self._refuse = refuse
        self._is_down = False
        self._has_pen = False
        self._start: tuple[float, float] | None = None
        """Where what is drawn from point to point began."""

    @property
    def is_down(self) -> bool:
        """Is the button or the pen pressed?"""
        return self._is_down

    # -- mouse and pen ------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent | QTabletEvent, size: QSize) -> None:
        """Begin what the tool does; Alt picks the class whatever the tool."""
        self._start = None
        x, y = self._aim(event, size)
        keys = event.modifiers()
        is_eraser = isinstance(event, QTabletEvent) and event.pointerType() is QPointingDevice.PointerType.Eraser
        if self._session.tool is ToolKind.PICK or keys & Qt.KeyboardModifier.AltModifier:
            self._pick(*self._view.to_document(event.position(), size))
            return
        self._start = (x, y)
        gesture = self._gestures.chosen
        if gesture is None:
            return
        begins = gesture is self._gestures.painter and not gesture.is_open
        if begins and not self._gestures.allows(math.floor(x), math.floor(y)):
            return
        self._gestures.mover.reach = _REACH / self._view.zoom
        self._gestures.mover.guide_reach = self._session.tools.aims_at_guides * _SNAP / self._view.zoom
        control = bool(keys & Qt.KeyboardModifier.ControlModifier) or (is_eraser and self._session.tool.paints)
        shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        try:
            if self._gestures.painter.closes(x, y, _REACH / self._view.zoom):
                self._gestures.painter.finish()
                return
            gesture.press(x, y, control, shift, self._pressure(event))
            self._is_down = True
        except StudioError as error:
            self._refuse(error)

    def move(self, event: QMouseEvent | QTabletEvent, size: QSize) -> None:
        gesture = self._gestures.open
        if gesture is not None:
            x, y = self._aim(event, size)
            gesture.move(x, y, _has_shift(event), self._pressure(event))

    def release(self, event: QMouseEvent | QTabletEvent, size: QSize) -> bool:
        was_down, self._is_down = self._is_down, False
        gesture = self._gestures.open
        if was_down and gesture is not None:
            try:
                gesture.release(*self._aim(event, size), _has_shift(event))
            except StudioError as error:
                self._refuse(error)
        return was_down

    def _aim(self, event: QMouseEvent | QTabletEvent, size: QSize) -> tuple[float, float]:
        """The document point under the mouse, or the one that it means on a guide near by."""
        point, tool = self._view.to_document(event.position(), size), self._session.tool
        if not (tool.aims and self._session.tools.aims_at_guides):
            return point
        guides, reach = self._session.document.guides, _SNAP / self._view.zoom
        return guides.cornered(point, reach, self._start) if tool.draws_boxes else guides.aimed(point, reach)

    def finish(self) -> bool:
        """Enter or a double click; True if something was open that ends so."""
        self._is_down = False
        was_open = self._gestures.open is not None
        if was_open and (gesture := self._gestures.open) is not None:
            gesture.finish()
        return was_open

    # -- keys ---------------------------------------------------------------------------------------------------

    def key(self, key: int, has_shift: bool) -> bool:
        """Escape, Enter, Backspace and the arrows; True if the key meant something."""
        gesture = self._gestures.open
        if self._session.tool is ToolKind.MOVE and key in _ARROWS:
            self._nudge(Qt.Key(key), has_shift)
        elif gesture is None:
            return False
        elif key == Qt.Key.Key_Escape:
            self._is_down = False
            gesture.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key == Qt.Key.Key_Backspace:
            gesture.take_back()
        else:
            return False
        return True

    def _nudge(self, key: Qt.Key, has_shift: bool) -> None:
        dx, dy = (_NUDGE * step if has_shift else step for step in _ARROWS[key])
        try:
            self._gestures.mover.nudge(dx, dy)
        except StudioError as error:
            self._refuse(error)

    # -- small things -------------------------------------------------------------------------------------------

    def _pick(self, x: float, y: float) -> None:
        if self._view.contains(x, y):
            self._session.choose_class(int(self._session.labels_HW[math.floor(y), math.floor(x)]))

    def _pressure(self, event: QMouseEvent | QTabletEvent) -> float:
        feels = isinstance(event, QTabletEvent) and self._session.tools.feels_pressure
        return event.pressure() if feels and isinstance(event, QTabletEvent) else 1.0

    def grip_cursor(self, at: QPointF, size: QSize) -> Qt.CursorShape | None:
        """The mouse cursor over the frame of the move tool; None while it is not open."""
        mover = self._gestures.mover
        if not mover.is_open:
            return None
        mover.reach = _REACH / self._view.zoom
        return _GRIP_CURSORS[mover.grip_at(*self._view.to_document(at, size)).value]


_GRIP_CURSORS = {
    "inside": Qt.CursorShape.SizeAllCursor,
    "side": Qt.CursorShape.SizeHorCursor,
    "top": Qt.CursorShape.SizeVerCursor,
    "corner": Qt.CursorShape.SizeFDiagCursor,
    "outside": Qt.CursorShape.PointingHandCursor,
}


def _has_shift(event: QMouseEvent | QTabletEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
