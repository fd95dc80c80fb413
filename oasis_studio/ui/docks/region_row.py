"""How a region looks in the list: picture, class, where its style comes from, dice, lock, more."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from oasis_studio.i18n import decimal
from oasis_studio.ui.docks.region_items import AREA, CAN_STYLE, LOCK, SCORE, STYLE, THUMBNAIL
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.row_ground import paint_row_ground
from oasis_studio.ui.widgets.row_parts import paint_icon, rect_of, state_of

ROW = 44
_CELL = 30
_SMALL_PIXELS = 12

Index = QModelIndex | QPersistentModelIndex


class RegionRow(QStyledItemDelegate):
    """Paints; the view takes the clicks."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, state = rect_of(option), state_of(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        paint_row_ground(painter, rect, state, 6)
        _paint_thumbnail(painter, rect, index.data(Qt.ItemDataRole.DecorationRole))
        self._paint_words(painter, rect, index)
        paint_icon(painter, dice_rect(rect), "dice-5-outline", "text" if index.data(CAN_STYLE) else "line")
        name, role = _LOCKS.get(str(index.data(LOCK)), ("", "dim"))
        if name:
            paint_icon(painter, lock_rect(rect), name, role)
        paint_icon(painter, more_rect(rect), "dots-horizontal", "dim")
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The class and its share of the image, below it the style, and the critic's score at its right."""
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are placed by hand
        roles, left = theme.roles(), Qt.AlignmentFlag.AlignLeft
        words = rect.adjusted(THUMBNAIL + 14, 4, -3 * _CELL - 4, -4)
        upper = QRect(words.left(), words.top(), words.width(), words.height() // 2)
        lower = QRect(words.left(), upper.bottom() + 1, words.width(), words.height() - upper.height())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(roles.text))
        name = str(index.data())
        metrics = painter.fontMetrics()
        small = QFont(painter.font())
        small.setPixelSize(_SMALL_PIXELS)
        area = str(index.data(AREA))
        short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, upper.width() - 36)
        painter.drawText(upper, middle | left, short)
        after = min(metrics.horizontalAdvance(short), upper.width() - 36) + 8
        painter.setFont(small)
        painter.setPen(QColor(roles.dim))
        painter.drawText(upper.adjusted(after, 0, 0, 0), middle | left, area)
        score = index.data(SCORE)
        if score is not None:
            text = decimal(float(score), 2)
            painter.drawText(lower, middle | Qt.AlignmentFlag.AlignRight, text)
            lower.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(text) - 8, 0)
        style = painter.fontMetrics().elidedText(str(index.data(STYLE)), Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, middle | left, style)


_LOCKS = {
    "open": ("lock-open-variant-outline", "dim"),
    "locked": ("lock", "warning"),
    "broken": ("lock-alert", "danger"),
}


def dice_rect(row: QRect) -> QRect:
    return QRect(row.right() - 3 * _CELL, row.top(), _CELL, row.height())


def lock_rect(row: QRect) -> QRect:
    return QRect(row.right() - 2 * _CELL, row.top(), _CELL, row.height())


def more_rect(row: QRect) -> QRect:
    return QRect(row.right() - _CELL, row.top(), _CELL, row.height())


def _paint_thumbnail(painter: QPainter, row: QRect, picture: object) -> None:
    cell = QRect(row.left() + 5, row.top() + (row.height() - THUMBNAIL) // 2, THUMBNAIL, THUMBNAIL)
    path = QPainterPath()
    path.addRoundedRect(cell, 4, 4)
    painter.fillPath(path, QColor(theme.roles().raised))
    if isinstance(picture, QPixmap) and not picture.isNull():
        painter.save()
        painter.setClipPath(path)
        painter.drawPixmap(cell, picture)
        painter.restore()
