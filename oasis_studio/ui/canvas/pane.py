"""A card with a heading, a few buttons, and a canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from oasis_studio.ui.text import label


class Pane(QFrame):
    """``overlay`` lies over the top of ``canvas``."""

    def __init__(self, title: str, canvas: QWidget, buttons: list[QWidget], overlay: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("card")
        self.canvas = canvas
        heading = label(title, "heading")
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(heading)
        head.addStretch(1)
        for button in buttons:
            head.addWidget(button)
        stack = QGridLayout()
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(canvas, 0, 0)
        if overlay is not None:
            holder = QVBoxLayout()
            holder.setContentsMargins(8, 8, 8, 8)
            holder.addWidget(overlay)
            stack.addLayout(holder, 0, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(stack, 1)
