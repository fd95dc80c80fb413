"""What lies under a row of a list that is chosen or under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle

from oasis_studio.ui.widgets import theme


def paint_row_ground(painter: QPainter, row: QRect, state: QStyle.StateFlag, radius: int) -> None:
    """A lighter ground with round corners; themes of high contrast put a line around it, of the accent with focus."""
    roles = theme.roles()
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    if is_selected or state & QStyle.StateFlag.State_MouseOver:
        has_ring = roles.has_outlines and state & QStyle.StateFlag.State_HasFocus
        painter.setPen(QPen(QColor(roles.accent if has_ring else roles.outline), 2 if is_selected else 1))
        painter.setBrush(QColor(roles.selected if is_selected else roles.raised))
        inset = 1 if roles.has_outlines else 0
        painter.drawRoundedRect(QRectF(row).adjusted(inset, 1 + inset, -inset, -1 - inset), radius, radius)
