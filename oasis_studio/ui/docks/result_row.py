"""How a kept photo looks in the list: picture, what it is called and made by, star."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.docks.result_items import BROKEN, DETAILS, MADE_BY, STARRED
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.row_ground import paint_row_ground
from oasis_studio.ui.widgets.row_parts import paint_icon, rect_of, state_of

ROW = 56
_PICTURE = QSize(70, 46)
_MARGIN = 6
_GAP = 12
_STAR = 32
_RADIUS = 5

Index = QModelIndex | QPersistentModelIndex


class ResultRow(QStyledItemDelegate):
    """A click on the star is told."""

    starred = Signal(int)
    """Row of the star that was clicked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, state = rect_of(option), state_of(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        paint_row_ground(painter, rect, state, _RADIUS)
        self._paint_picture(painter, picture_rect(rect), index)
        is_starred = bool(index.data(STARRED))
        if is_starred or is_selected or is_hovered:
            name, role = ("star", "warning") if is_starred else ("star-outline", "dim")
            paint_icon(painter, star_rect(rect), name, role)
        self._paint_words(painter, words_rect(rect), index)
        painter.restore()

    def _paint_picture(self, painter: QPainter, place: QRect, index: Index) -> None:
        """The photo fills its card, its middle in the middle."""
        path = QPainterPath()
        path.addRoundedRect(QRectF(place), _RADIUS, _RADIUS)
        painter.fillPath(path, QColor(theme.roles().canvas))
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            scale = max(place.width() / picture.width(), place.height() / picture.height())
            width, height = picture.width() * scale, picture.height() * scale
            middle = QRectF(place).center()
            painter.save()
            painter.setClipPath(path)
            target = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            painter.drawPixmap(target, picture, QRectF(picture.rect()))
            painter.restore()
        elif index.data(BROKEN):
            paint_icon(painter, place, "image-broken-variant", "dim")
        if theme.roles().has_outlines:
            painter.setPen(QColor(theme.roles().line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)

    def _paint_words(self, painter: QPainter, place: QRect, index: Index) -> None:
        """What it is called and, where there is room, its size; below it what made it."""
        roles, metrics = theme.roles(), painter.fontMetrics()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are placed by hand
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        upper = QRect(place.left(), place.top(), place.width(), place.height() // 2)
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, upper.width())
        painter.setPen(QColor(roles.text))
        painter.drawText(upper, side, title)
        after, details = metrics.horizontalAdvance(title) + 8, str(index.data(DETAILS))
        painter.setPen(QColor(roles.dim))
        if after + metrics.horizontalAdvance(details) <= upper.width():
            painter.drawText(upper.adjusted(after, 0, 0, 0), side, details)
        made_by = metrics.elidedText(str(index.data(MADE_BY)), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(upper.translated(0, upper.height()), side, made_by)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if isinstance(event, QMouseEvent) and star_rect(rect_of(option)).contains(event.position().toPoint()):
            if event.type() == QEvent.Type.MouseButtonRelease:
                self.starred.emit(index.row())
            return True
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            editor.setMaxLength(80)
            editor.setAccessibleName(_("Name of the result"))
            editor.setPlaceholderText(str(index.data()))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        words = words_rect(rect_of(option))
        editor.setGeometry(words.left() - 7, words.top() - 3, words.width() + 7, 27)


def picture_rect(row: QRect) -> QRect:
    return QRect(QPoint(row.left() + _MARGIN, row.top() + (row.height() - _PICTURE.height()) // 2), _PICTURE)


def star_rect(row: QRect) -> QRect:
    return QRect(row.right() - _STAR, row.top(), _STAR, row.height())


def words_rect(row: QRect) -> QRect:
    left = row.left() + _MARGIN + _PICTURE.width() + _GAP
    return QRect(left, row.top() + _MARGIN, row.right() - _STAR - left, row.height() - 2 * _MARGIN)
