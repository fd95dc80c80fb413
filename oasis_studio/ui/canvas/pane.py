"""A card with a heading, a few buttons, and a canvas between rulers."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from oasis_studio.ui.canvas.guide_lines import GuideLines
from oasis_studio.ui.canvas.ruler import Ruled
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.widgets.icon_button import CELL
from oasis_studio.ui.widgets.text import label


class Pane(QFrame):
    """One of the two halves of the middle."""

    def __init__(self, title: str, canvas: Surface, buttons: list[QWidget], guides: GuideLines) -> None:
        super().__init__()
        self.setObjectName("card")
        self.ruled = Ruled(canvas, guides)
        heading = label(title, "heading")
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(heading)
        head.addStretch(1)
        for button in buttons:
            head.addWidget(button)
        head.addStrut(CELL)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.ruled, 1)
