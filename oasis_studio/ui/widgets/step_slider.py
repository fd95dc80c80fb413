"""A slider whose drag is one step in the history, however the drag ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from oasis_studio.app.session.session import Session
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.ui.widgets.pointer_capture import PointerCapture, PointerEvent
from oasis_studio.ui.widgets.usual_slider import UsualSlider


class StepSlider(UsualSlider):
    """Qt tells the end of a drag with the release of the button alone, which a dialog or another window may take.

    Here the slider gets its release in any case, once. Escape brings back the value from before the drag.
    """

    def __init__(self, session: Session, usual: int) -> None:
        super().__init__(usual)
        self._drag = _SliderDrag(self)
        self._capture = PointerCapture(session, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._drag.take_value()
        super().mousePressEvent(event)
        if event.isAccepted():
            self._drag.press(at.x(), at.y())
            self._capture.hold(self._drag, self, event, _place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag.is_held:
            self._capture.move(event)
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._capture.release(event)

    def end_press(self, at: QPointF) -> None:
        """Do what a release of the button at that place does."""
        left, none, no_key = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        place = QPointF(self.mapToGlobal(at))
        super().mouseReleaseEvent(QMouseEvent(QEvent.Type.MouseButtonRelease, at, place, left, none, no_key))


class _SliderDrag(Gesture):
    """Coordinates are widget pixels of the slider."""

    def __init__(self, slider: StepSlider) -> None:
        super().__init__(slider)
        self._slider = slider
        self._is_open = False
        self._value = 0

    @property
    def is_open(self) -> bool:
        return self._is_open

    def take_value(self) -> None:
        """Before the press: this value is the one that Escape brings back."""
        self._value = self._slider.value()

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        self._is_open = True

    def _release(self, x: float, y: float, shift: bool) -> None:
        self._is_open = False
        self._slider.end_press(QPointF(x, y))

    def _cancel(self) -> None:
        self._slider.setSliderPosition(self._value)
        self._release(*self._at, shift=False)


def _place(event: PointerEvent) -> tuple[float, float, float]:
    return event.position().x(), event.position().y(), 1.0
