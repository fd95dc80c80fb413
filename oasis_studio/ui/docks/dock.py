"""A panel that floats, tabs and hides, and looks like a card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from oasis_studio.ui.widgets.text import label

WIDTH = 336
_HEAD = 30


class Dock(QDockWidget):
    """``buttons`` stand at the right of the heading; ``body`` fills the card."""

    def __init__(self, name: str, title: str, buttons: list[QWidget], body: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.setTitleBarWidget(self._head(title, buttons))
        frame = QFrame()
        frame.setObjectName("dockBody")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 2, 12, 12)
        column.addWidget(body)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)  # no taller than the body can be
        self.setWidget(frame)
        self.setMinimumWidth(WIDTH)

    def _head(self, title: str, buttons: list[QWidget]) -> QWidget:
        head = QFrame()
        head.setObjectName("dockHead")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 8, 0)
        row.setSpacing(4)
        row.addWidget(label(title, "heading"))
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStrut(_HEAD)
        return head
