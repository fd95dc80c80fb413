"""How a layer looks in the list: eye, name, lock."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from oasis_studio.ui.docks.layer_items import COLOR_TAG, GROUP, LOCKED, PICTURE, VISIBLE, LayerItems
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.row_ground import paint_row_ground
from oasis_studio.ui.widgets.row_parts import paint_icon, rect_of, state_of

ROW = 36
_CELL = 34
_INDENT = 14
TAG_COLORS = {
    "red": "#e5534b",
    "orange": "#e0873a",
    "yellow": "#d8b52c",
    "green": "#5fb56a",
    "blue": "#5b9bff",
    "violet": "#a774dd",
    "grey": "#8b919b",
}
"""Of the bars that mark layers; bright enough in both themes."""

Index = QModelIndex | QPersistentModelIndex


class LayerRow(QStyledItemDelegate):
    """A click on the eye hides or shows, on the lock locks or unlocks."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        roles = theme.roles()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state, rect = state_of(option), rect_of(option)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        paint_row_ground(painter, rect, state, 5)
        is_visible, is_locked = bool(index.data(VISIBLE)), bool(index.data(LOCKED))
        paint_icon(painter, eye_rect(rect), "eye-outline" if is_visible else "eye-off-outline", "dim")
        if is_locked or is_hovered or is_selected:
            name, role = ("lock", "warning") if is_locked else ("lock-open-variant-outline", "dim")
            paint_icon(painter, lock_rect(rect), name, role)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            place = picture_rect(rect)
            painter.setOpacity(1.0 if is_visible else 0.4)
            painter.drawPixmap(place.topLeft(), picture)
            painter.setOpacity(1.0)
            if roles.has_outlines:
                painter.setPen(QColor(roles.line))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(place)
        painter.setPen(QColor(roles.text if is_visible else roles.dim))
        self._paint_words(painter, rect, index)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The name, after a bar in the colour of the tag; the group's name dim at the right."""
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are placed by hand
        group, tag = str(index.data(GROUP) or ""), str(index.data(COLOR_TAG))
        words = rect.adjusted(_CELL + PICTURE[0] + 12 + (_INDENT if group else 0), 0, -_CELL - 4, 0)
        if tag in TAG_COLORS:
            painter.fillRect(QRect(rect.left() + 1, rect.top() + 8, 3, rect.height() - 16), QColor(TAG_COLORS[tag]))
        metrics, right = painter.fontMetrics(), Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        pen = painter.pen()
        if group:
            short = metrics.elidedText(group, Qt.TextElideMode.ElideRight, words.width() // 2)
            painter.setPen(QColor(theme.roles().dim))
            painter.drawText(words, middle | right, short)
            words.adjust(0, 0, -metrics.horizontalAdvance(short) - 8, 0)
            painter.drawLine(words.left() - 8, rect.top() + 4, words.left() - 8, rect.bottom() - 4)
            painter.setPen(pen)
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, name)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if isinstance(event, QMouseEvent) and isinstance(model, LayerItems):
            place = event.position().toPoint()
            on_eye, on_lock = eye_rect(rect_of(option)).contains(place), lock_rect(rect_of(option)).contains(place)
            if on_eye or on_lock:
                if event.type() == QEvent.Type.MouseButtonRelease:
                    (model.toggle_visible if on_eye else model.toggle_locked)(index.row())
                return True  # pressing an icon neither drags the row nor renames it
        return super().editorEvent(event, model, option, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(rect_of(option).adjusted(_CELL + PICTURE[0] + 4, 3, -_CELL, -3))


def eye_rect(row: QRect) -> QRect:
    return QRect(row.left(), row.top(), _CELL, row.height())


def picture_rect(row: QRect) -> QRect:
    return QRect(row.left() + _CELL, row.top() + (row.height() - PICTURE[1]) // 2, *PICTURE)


def lock_rect(row: QRect) -> QRect:
    return QRect(row.right() - _CELL, row.top(), _CELL, row.height())
