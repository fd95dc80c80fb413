"""Dragging the picture about under the canvases."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF

from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.ui.canvas.view import View


class Pan(Gesture):
    """The gesture of the hand tool, of the middle button and of Space. Coordinates are widget pixels."""

    def __init__(self, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._from: QPointF | None = None
        self._before = (view.centre, view.is_fitted)

    @property
    def is_open(self) -> bool:
        return self._from is not None

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        self._from, self._before = QPointF(x, y), (self._view.centre, self._view.is_fitted)

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        assert self._from is not None, "not open"
        moved, self._from = QPointF(x, y) - self._from, QPointF(x, y)
        self._view.pan(moved.x(), moved.y())

    def _release(self, x: float, y: float, shift: bool) -> None:
        self._from = None

    def _cancel(self) -> None:
        self._from = None
        self._view.look_at(*self._before)
