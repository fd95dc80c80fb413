"""A field for whole numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox


class NumberField(QSpinBox):
    """``low``..``high``; typed, or stepped with the arrow keys and the wheel. It tells a number once it is whole."""

    def __init__(self, low: int, high: int, step: int = 1) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setFixedWidth(92)
        # the style sheet's padding of a spin box does not reach the text in it
        self.lineEdit().setTextMargins(7, 0, 4, 0)
