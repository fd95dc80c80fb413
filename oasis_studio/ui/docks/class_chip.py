"""One class of the palette as a button: colour, name, number key."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from oasis_studio.core.classes.palette import SemanticClass
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.hatching import paint_swatch_hatching
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.class_drag import packed
from oasis_studio.ui.widgets.icons import icon

_HEIGHT = 28
_SWATCH = 14
_PAD = 9
_SHIELD = 14


class ClassChip(QAbstractButton):
    """Checked while its class is painted with. ``key`` is the number key that chooses it, "" for none."""

    shield_clicked = Signal()
    """Protect this class, or protect it no more."""

    def __init__(self, entry: SemanticClass, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._color, self._is_hatched = entry.hex, False
        self._key = key
        self._pressed_at: QPoint | None = None
        self.is_protected = False
        self.setCheckable(True)
        self.setText(entry.title)
        self.setToolTip(_tip(entry.title, key))
        self.setFixedHeight(_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragged far enough, the class can be dropped on the canvas, where it fills."""
        super().mouseMoveEvent(event)
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = event.position().toPoint() - self._pressed_at
        if moved.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None  # Qt follows the drag to its end, and no release comes here
            self.setDown(False)
            drag = QDrag(self)
            drag.setMimeData(packed(self.entry.id))
            drag.setPixmap(self.grab())
            drag.exec(Qt.DropAction.CopyAction)

    def show_look(self, color: str, is_hatched: bool) -> None:
        """The colour as #rrggbb, with the class's pattern or without."""
        self._color, self._is_hatched = color, is_hatched
        self.update()

    def show_protected(self, is_protected: bool) -> None:
        if is_protected != self.is_protected:
            self.is_protected = is_protected
            self.setAccessibleDescription(_("Protected from being painted over") if is_protected else "")
            self.update()

    def shield_rect(self) -> QRect:
        """Where a click protects instead of choosing."""
        right = self.width() - (22 if self._key else 6)
        return QRect(right - _SHIELD - 4, 0, _SHIELD + 4, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.shield_rect().contains(event.position().toPoint()):
            self._pressed_at = None
            self.shield_clicked.emit()
            return
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        fill = roles.selected if self.isChecked() else roles.hover if self.underMouse() else roles.raised
        chosen = roles.outline if roles.has_outlines else roles.accent
        edge = roles.accent if self.hasFocus() else chosen if self.isChecked() else roles.line
        painter.setPen(QPen(QColor(edge), 2 if roles.has_outlines and edge != roles.line else 1))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(frame, 5, 5)
        middle = frame.center().y()
        painter.setPen(QPen(QColor(roles.outline) if roles.has_outlines else QColor(0, 0, 0, 60), 1))
        painter.setBrush(QColor(self._color))
        painter.drawRoundedRect(QRectF(_PAD, middle - _SWATCH / 2, _SWATCH, _SWATCH), 3, 3)
        if self._is_hatched:
            place = QRect(_PAD, round(middle - _SWATCH / 2), _SWATCH, _SWATCH)
            paint_swatch_hatching(painter, self.entry.id, place)
        self._paint_words(painter, roles)
        painter.end()

    def _paint_words(self, painter: QPainter, roles: theme.Roles) -> None:
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are placed by hand
        left = _PAD + _SWATCH + _PAD
        has_shield = self.is_protected or self.underMouse()
        right = (22 if self._key else _PAD) + (_SHIELD + 4 if has_shield else 0)
        words = self.rect().adjusted(left, 0, -right, 0)
        name = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(QColor(roles.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        if has_shield:
            name, role = ("shield", "accent") if self.is_protected else ("shield-outline", "dim")
            place = self.shield_rect().center() - QPoint(_SHIELD // 2, _SHIELD // 2)
            icon(name, role).paint(painter, QRect(place, QSize(_SHIELD, _SHIELD)))
        if self._key:
            painter.setPen(QColor(roles.text if self.isChecked() else roles.dim))
            corner = self.rect().adjusted(0, 0, -_PAD, 0)
            painter.drawText(corner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._key)


def _tip(name: str, key: str) -> str:
    tip = _("Paint {name} · drag it onto the labels to fill · the shield protects it").format(name=name)
    return f"{tip}  ({key})" if key else tip
