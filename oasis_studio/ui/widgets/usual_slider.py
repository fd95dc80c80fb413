"""A slider that a double click sets back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider


class UsualSlider(QSlider):
    """Horizontal. ``usual`` is the value that a double click brings back."""

    def __init__(self, usual: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.usual = usual

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self.usual)
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)
