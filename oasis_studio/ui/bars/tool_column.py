"""The tools, at the left edge."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout

from oasis_studio.ui.actions.actions import ActionTable, plain
from oasis_studio.ui.widgets.icons import TOOL_ICON

_CELL = 36


class ToolColumn(QFrame):
    """One cell for every action of the group "tool" in the Tools menu."""

    def __init__(self, actions: ActionTable) -> None:
        super().__init__()
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.setSpacing(1)
        for spec in actions.specs:
            if spec.group == "tool" and spec.menu == "tool":
                column.addWidget(tool_cell(actions[spec.id]))
        column.addStretch(1)


def tool_cell(action: QAction, side: int = _CELL, icon: int = TOOL_ICON) -> QToolButton:
    """A square button that does what the action does and shows whether it is checked."""
    button = QToolButton()
    button.setObjectName("toolCell")
    button.setDefaultAction(action)
    button.setIconSize(QSize(icon, icon))
    button.setFixedSize(side, side)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(plain(action.text()))
    return button
