"""The tools, at the left edge."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout

from oasis_studio.ui.actions import ActionTable
from oasis_studio.ui.icons import TOOL_ICON

_CELL = 36


class ToolColumn(QFrame):
    """One cell for every action of the group "tool"."""

    def __init__(self, actions: ActionTable) -> None:
        super().__init__()
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.setSpacing(2)
        for spec in actions.specs:
            if spec.group == "tool":
                column.addWidget(self._cell(actions, spec.id))
        column.addStretch(1)

    def _cell(self, actions: ActionTable, action_id: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("toolCell")
        button.setDefaultAction(actions[action_id])
        button.setIconSize(QSize(TOOL_ICON, TOOL_ICON))
        button.setFixedSize(_CELL, _CELL)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(actions[action_id].text())
        return button
