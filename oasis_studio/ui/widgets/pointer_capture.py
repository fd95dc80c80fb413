"""Which button is held down, and the gesture that follows it until one of many things ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QTabletEvent
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.errors import StudioError

PointerEvent = QMouseEvent | QTabletEvent
Place = Callable[[PointerEvent], tuple[float, float, float]]
"""From an event to where it is for the gesture, x and y, and how hard the pen presses, 0..1."""

_OF_THE_WINDOW = (QEvent.Type.WindowDeactivate, QEvent.Type.WindowBlocked, QEvent.Type.Hide, QEvent.Type.Close)
"""After these no release may come: another window is used, a dialog is open, there is nothing to be seen."""
_OF_ANYTHING = (QEvent.Type.FocusOut, QEvent.Type.UngrabMouse)
_MOUSE_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
_MOUSE = (*_MOUSE_PRESSES, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease)
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


@dataclass(frozen=True, eq=False)
class _Hold:
    gesture: Gesture
    widget: QWidget
    button: Qt.MouseButton
    source: object
    place: Place


class PointerCapture(QObject):
    """Every drag goes through here: :meth:`hold` after the press, :meth:`move` and :meth:`release` from then on.

    If no release comes, the gesture is let go: by a dialog, by another window, by a lost focus, by a pen that leaves
    or hovers, by a mouse that moves without its button, by another press of the button, and by the session, which
    ends everything before it changes or writes the document. Escape cancels it. Other buttons mean nothing meanwhile.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hold: _Hold | None = None
        session.settling.connect(self.finish)

    @property
    def gesture(self) -> Gesture | None:
        """What follows the button that is held, None while none is."""
        return None if self._hold is None else self._hold.gesture

    @property
    def is_held(self) -> bool:
        return self._hold is not None

    def hold(self, gesture: Gesture, widget: QWidget, event: PointerEvent, place: Place) -> None:
        """Follow the button of ``event``, a press on ``widget`` with which ``gesture`` began; not if that ended."""
        self.let_go()
        if gesture.is_held:
            self._hold = _Hold(gesture, widget, event.button(), _source(event), place)
            gesture.released.connect(self._forget)
            _application().installEventFilter(self)

    def move(self, event: PointerEvent) -> None:
        """Pass a move of the device whose button is held on to its gesture; others do nothing."""
        hold = self._hold
        if hold is not None and _source(event) == hold.source:
            x, y, pressure = hold.place(event)
            hold.gesture.move(x, y, _has_shift(event), pressure)

    def release(self, event: PointerEvent) -> bool:
        """End the gesture if it is its button that was released; False if it was not."""
        hold = self._hold
        if hold is None or _source(event) != hold.source or event.button() != hold.button:
            return False
        try:
            hold.gesture.release(*hold.place(event)[:2], _has_shift(event))
        except StudioError as error:
            hold.gesture.refused.emit(error)
        return True

    def let_go(self) -> None:
        """No release will come."""
        if self._hold is not None:
            self._hold.gesture.let_go()

    def finish(self) -> None:
        """End what is held, as it is."""
        if self._hold is not None:
            self._hold.gesture.finish()

    def _forget(self) -> None:
        """The gesture follows no button any more, for whatever reason."""
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.gesture.released.disconnect(self._forget)
            _application().removeEventFilter(self)

    # -- everything that happens meanwhile ----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        hold, kind = self._hold, event.type()
        if hold is None:
            return False
        if kind in _OF_ANYTHING or (kind in _OF_THE_WINDOW and watched in (hold.widget, hold.widget.window())):
            self.let_go()
        elif kind in _MOUSE and isinstance(event, QMouseEvent):
            return self._watch_mouse(hold, watched, event)
        elif isinstance(event, QTabletEvent):
            return self._watch_pen(hold, event)
        elif kind in _KEYS and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if kind == QEvent.Type.KeyPress:
                hold.gesture.cancel()
            return True
        elif isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Mouse:
            event.accept()
            return True
        return False

    def _watch_mouse(self, hold: _Hold, watched: QObject, event: QMouseEvent) -> bool:
        """True for events that nobody gets: other buttons, and what systems make up from a pen that is followed."""
        kind, is_ours = event.type(), _source(event) == hold.source
        if not is_ours and kind in _MOUSE_PRESSES and event.source() == Qt.MouseEventSource.MouseEventNotSynthesized:
            self.let_go()  # another hand begins
            return False
        if not is_ours:
            event.accept()
            return True
        is_down = bool(event.buttons() & hold.button)
        if kind == QEvent.Type.MouseButtonRelease and event.button() == hold.button:
            if isinstance(watched, QWidget) and watched is not hold.widget:
                self.let_go()
            return False
        if not is_down or (kind in _MOUSE_PRESSES and event.button() == hold.button):
            self.let_go()  # its release never came
            return False
        return kind != QEvent.Type.MouseMove

    def _watch_pen(self, hold: _Hold, event: QTabletEvent) -> bool:
        """True for the buttons at the side of the pen that is followed."""
        kind, is_ours, is_tip = event.type(), _source(event) == hold.source, event.button() == hold.button
        is_press, hovers = kind == QEvent.Type.TabletPress, not event.buttons() & hold.button
        is_gone = kind == QEvent.Type.TabletLeaveProximity or (kind == QEvent.Type.TabletMove and hovers)
        if (is_press and (is_tip or not is_ours)) or (is_gone and is_ours):
            self.let_go()
            return False
        is_side = is_ours and not is_tip and (is_press or kind == QEvent.Type.TabletRelease)
        if is_side:
            event.accept()
        return is_side


def _source(event: PointerEvent) -> object:
    """Tells a pen, a mouse, and the mouse events that are made up from something else."""
    return "pen" if isinstance(event, QTabletEvent) else event.source()


def _has_shift(event: PointerEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None, "no application"
    return application
