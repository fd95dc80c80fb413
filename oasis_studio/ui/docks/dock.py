"""A panel that floats, tabs, folds and hides, and looks like a card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.text import label

WIDTH = 336
_HEAD = 30
_MOST = 16777215
"""Qt's largest height of a widget."""


class Dock(QDockWidget):
    """``buttons`` stand at the right of the heading, before those that fold and close it; ``body`` fills the card."""

    def __init__(self, name: str, title: str, buttons: list[QWidget], body: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.is_folded = False
        self.fold_button = IconButton("chevron-up", _("Fold this panel"))
        self.fold_button.clicked.connect(lambda: self.fold(not self.is_folded))
        self.close_button = IconButton("close", _("Close this panel"))
        self.close_button.clicked.connect(self.hide)
        self.setTitleBarWidget(self._head(title, [*buttons, self.fold_button, self.close_button]))
        self._frame = QFrame()
        self._frame.setObjectName("dockBody")
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(12, 2, 12, 12)
        column.addWidget(body)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)  # no taller than the body can be
        self.setWidget(self._frame)
        self.setMinimumWidth(WIDTH)

    def fold(self, is_folded: bool) -> None:
        """Show the heading alone, or everything; room that is given up goes to the other panels."""
        self.is_folded = is_folded
        self._frame.setVisible(not is_folded)
        head = self.titleBarWidget().sizeHint().height()
        self.setMaximumHeight(head if is_folded else _MOST)
        self.fold_button.show_icon("chevron-down" if is_folded else "chevron-up")
        self.fold_button.show_tip(_("Unfold this panel") if is_folded else _("Fold this panel"))

    def _head(self, title: str, buttons: list[QWidget]) -> QWidget:
        head = QFrame()
        head.setObjectName("dockHead")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 8, 0)
        row.setSpacing(2)
        row.addWidget(label(title, "heading"))
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStrut(_HEAD)
        return head
