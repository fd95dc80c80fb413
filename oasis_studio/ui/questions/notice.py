"""A sentence, what it means, and buttons with verbs."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.widgets.text import label

_WIDTH = 440
_MARGIN = 24


class Notice(QDialog):
    """``buttons`` from the most to the least likely; ``chosen`` is the number of the one pressed, -1 for Escape."""

    def __init__(self, parent: QWidget | None, message: str, hint: str, buttons: list[str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("OASIS Studio"))
        self.chosen = -1
        self.message = label(message, "noticeMessage", wraps=True)
        self.hint = label(hint, "dim", wraps=True)
        self.hint.setVisible(bool(hint))
        self.buttons = [self._button(number, text) for number, text in enumerate(buttons)]
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in reversed(self.buttons):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 16)
        column.setSpacing(8)
        column.addWidget(self.message)
        column.addWidget(self.hint)
        column.addSpacing(16)
        column.addLayout(row)
        self._width = max(_WIDTH, row.sizeHint().width() + 2 * _MARGIN)  # buttons are not cut in longer languages
        self.setFixedWidth(self._width)

    def sizeHint(self) -> QSize:
        """As tall as the words need at the width that there is."""
        layout = self.layout()
        return QSize(self._width, layout.totalHeightForWidth(self._width)) if layout is not None else super().sizeHint()

    def ask(self) -> int:
        """Show it until a button is pressed; returns ``chosen``."""
        ask(self)
        return self.chosen

    def _button(self, number: int, text: str) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: self._choose(number))
        if number == 0:
            button.setObjectName("primary")
            button.setDefault(True)
        return button

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()
