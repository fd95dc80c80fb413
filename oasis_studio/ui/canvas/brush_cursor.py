"""What follows the mouse over the canvases: the brush at its true size and the name of the class below it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

_GAP = 10
_HEIGHT = 24
_SWATCH = 10
_PAD = 8


@dataclass(frozen=True)
class BrushCursor:
    """Where the mouse is, in widget pixels, and what to show there. ``diameter`` 0 draws no outline of the tip."""

    centre: QPointF
    diameter: float = 0.0
    is_square: bool = False
    text: str = ""
    swatch: str = ""
    """Colour of the square before the text, "" for none."""

    def outline_rect(self) -> QRectF:
        radius = self.diameter / 2
        return QRectF(self.centre.x() - radius, self.centre.y() - radius, self.diameter, self.diameter)

    def bubble_rect(self, metrics: QFontMetricsF, area: QRectF) -> QRectF:
        """Beside the outline, kept inside ``area``."""
        width = metrics.horizontalAdvance(self.text) + 2 * _PAD + (_SWATCH + 6 if self.swatch else 0)
        radius = max(self.diameter / 2, 6)
        left = self.centre.x() + radius + _GAP
        if left + width > area.right() - 4:
            left = max(area.left() + 4, self.centre.x() - radius - _GAP - width)
        top = min(max(self.centre.y() - _HEIGHT / 2, area.top() + 4), area.bottom() - _HEIGHT - 4)
        return QRectF(left, top, width, _HEIGHT)

    def dirty_rect(self, metrics: QFontMetricsF, area: QRectF) -> QRectF:
        """Everything that :meth:`paint` may touch."""
        rect = self.outline_rect().adjusted(-3, -3, 3, 3)
        return rect.united(self.bubble_rect(metrics, area).adjusted(-2, -2, 2, 2)) if self.text else rect

    def paint(self, painter: QPainter, area: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.diameter > 0:
            self._paint_outline(painter)
        if self.text:
            self._paint_bubble(painter, area)
        painter.restore()

    def _paint_outline(self, painter: QPainter) -> None:
        """A dark line around a bright one, so that it shows on every class colour."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255), 1.4)):
            painter.setPen(QPen(color, width))
            if self.is_square:
                painter.drawRect(self.outline_rect())
            else:
                painter.drawEllipse(self.outline_rect())

    def _paint_bubble(self, painter: QPainter, area: QRectF) -> None:
        rect = self.bubble_rect(QFontMetricsF(painter.font()), area)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 21, 23, 215))
        painter.drawRoundedRect(rect, 5, 5)
        left = rect.left() + _PAD
        if self.swatch:
            painter.setBrush(QColor(self.swatch))
            painter.drawRoundedRect(QRectF(left, rect.center().y() - _SWATCH / 2, _SWATCH, _SWATCH), 2, 2)
            left += _SWATCH + 6
        painter.setPen(QColor(240, 241, 243))
        text_rect = QRectF(left, rect.top(), rect.right() - left, rect.height())
        painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text)
