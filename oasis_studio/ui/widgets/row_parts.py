"""What the rows of lists that paint themselves share."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from oasis_studio.ui.widgets.icons import SMALL_ICON, icon


def paint_icon(painter: QPainter, cell: QRect, name: str, role: str) -> None:
    """A small icon in the middle of ``cell``."""
    box = QRect(0, 0, SMALL_ICON, SMALL_ICON)
    box.moveCenter(cell.center())
    icon(name, role).paint(painter, box)


def rect_of(option: QStyleOptionViewItem) -> QRect:
    return option.rect  # type: ignore[attr-defined] - the stubs leave the fields of style options out


def state_of(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state  # type: ignore[attr-defined] - the stubs leave the fields of style options out
