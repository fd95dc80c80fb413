"""A field for whole numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSpinBox, QWidget

CANVAS = "labelsCanvas"
"""Name of the widget that gets the keyboard back."""


class NumberField(QSpinBox):
    """``low``..``high``; typed, or stepped with the arrow keys and the wheel. It tells a number once it is whole.

    In the window with the canvases, Enter and Esc give the keyboard back to them.
    """

    def __init__(self, low: int, high: int, step: int = 1) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setFixedWidth(92)
        # the style sheet's padding of a spin box does not reach the text in it
        self.lineEdit().setTextMargins(7, 0, 4, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self._give_back()

    def _give_back(self) -> None:
        window = self.window()
        if window.windowType() is Qt.WindowType.Popup:  # a menu over the window
            window.hide()
            owner = window.parentWidget()
            window = window if owner is None else owner.window()
        canvas = window.findChild(QWidget, CANVAS)
        if canvas is not None:
            canvas.setFocus(Qt.FocusReason.OtherFocusReason)
