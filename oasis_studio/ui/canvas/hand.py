"""From mouse, pen and keys on the label canvas to the gesture of the tool."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gestures import Gestures
from oasis_studio.errors import StudioError
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.widgets.pointer_capture import PointerEvent

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
    """``canvas`` is what the hand works on, ``refuse`` tells why nothing happened."""

    def __init__(
        self, session: Session, gestures: Gestures, canvas: Surface, refuse: Callable[[StudioError], None]
    ) -> None:
        self._session = session
        self._gestures = gestures
        self._canvas, self._view = canvas, canvas.view
        self._refuse = refuse
        self._start: tuple[float, float] | None = None
        """Where what is drawn from point to point began."""

    @property
    def is_down(self) -> bool:
        """Is the button or the pen pressed, and does a tool follow it?"""
        return self._canvas.capture.gesture in self._gestures.all

    # -- mouse and pen ------------------------------------------------------------------------------------------

    def press(self, event: PointerEvent) -> None:
        """Begin what the tool does; Alt picks the class whatever the tool."""
        self._start = None
        x, y, pressure = self._place(event)
        keys = event.modifiers()
        is_eraser = isinstance(event, QTabletEvent) and event.pointerType() is QPointingDevice.PointerType.Eraser
        if self._session.tool is ToolKind.PICK or keys & Qt.KeyboardModifier.AltModifier:
            self._pick(*self._view.to_document(event.position(), self._canvas.size()))
            return
        self._start = (x, y)
        gesture = self._gestures.chosen
        if gesture is None:
            return
        begins = gesture is self._gestures.painter and not gesture.is_open
        if begins and not self._gestures.allows(math.floor(x), math.floor(y)):
            return
        self._gestures.mover.reach = self._gestures.styler.reach = _REACH / self._view.zoom
        self._gestures.mover.guide_reach = self._session.tools.aims_at_guides * _SNAP / self._view.zoom
        control = bool(keys & Qt.KeyboardModifier.ControlModifier) or (is_eraser and self._session.tool.paints)
        shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        try:
            if self._gestures.painter.closes(x, y, _REACH / self._view.zoom):
                self._gestures.painter.finish()
                return
            gesture.press(x, y, control, shift, pressure)
            self._canvas.capture.hold(gesture, self._canvas, event, self._place)
        except StudioError as error:
            self._refuse(error)

    def hover(self, event: PointerEvent) -> None:
        """Without a button: the next corner of an open path is where the pointer is."""
        gesture = self._gestures.open
        if gesture is not None:
            x, y, pressure = self._place(event)
            gesture.move(x, y, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier), pressure)

    def _place(self, event: PointerEvent) -> tuple[float, float, float]:
        """Where the pointer is in the document, or means to be, and how hard the pen presses."""
        feels = isinstance(event, QTabletEvent) and self._session.tools.feels_pressure
        pressure = event.pressure() if feels and isinstance(event, QTabletEvent) else 1.0
        return *self._aim(event), pressure

    def _aim(self, event: PointerEvent) -> tuple[float, float]:
        """The document point under the mouse, or the one that it means on a guide near by."""
        point, tool = self._view.to_document(event.position(), self._canvas.size()), self._session.tool
        if not (tool.aims and self._session.tools.aims_at_guides):
            return point
        guides, reach = self._session.document.guides, _SNAP / self._view.zoom
        return guides.cornered(point, reach, self._start) if tool.draws_boxes else guides.aimed(point, reach)

    def finish(self) -> bool:
        """Enter or a double click; True if something was open that ends so."""
        gesture = self._gestures.open
        if gesture is not None:
            gesture.finish()
        return gesture is not None

    # -- keys ---------------------------------------------------------------------------------------------------

    def key(self, key: int, has_shift: bool) -> bool:
        """Escape, Enter, Backspace and the arrows; True if the key meant something."""
        gesture = self._gestures.open
        if self._session.tool is ToolKind.MOVE and key in _ARROWS:
            self._nudge(Qt.Key(key), has_shift)
        elif gesture is None:
            return False
        elif key == Qt.Key.Key_Escape:
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
