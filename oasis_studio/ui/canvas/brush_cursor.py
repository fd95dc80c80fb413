"""What follows the mouse over the canvases: the brush at its true size, what it paints, and the class below it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPainter, QPen

_GAP = 10
_HEIGHT = 24
_SWATCH = 10
_PAD = 8
_APART = 12
_SMALL_SWATCH = 7
_SMALLER = 0.85
"""Size of the smaller words, as a part of the others'."""


@dataclass(frozen=True)
class Tag:
    """What is said beside the brush: the class that is painted, and smaller behind it the class that is there."""

    text: str = ""
    swatch: str = ""
    """Colour of the square before the text, "" for none."""
    below: str = ""
    below_swatch: str = ""
    ring: str = ""
    """Colour of the tip's outline, "" for none."""


@dataclass(frozen=True)
class BrushCursor:
    """Where the mouse is, in widget pixels, and what to show there. ``diameter`` 0 draws no outline of the tip."""

    centre: QPointF
    diameter: float = 0.0
    is_square: bool = False
    tag: Tag = Tag()

    def outline_rect(self) -> QRectF:
        radius = self.diameter / 2
        return QRectF(self.centre.x() - radius, self.centre.y() - radius, self.diameter, self.diameter)

    def bubble_rect(self, metrics: QFontMetricsF, area: QRectF) -> QRectF:
        """Beside the outline, kept inside ``area``."""
        width = metrics.horizontalAdvance(self.tag.text) + 2 * _PAD + (_SWATCH + 6 if self.tag.swatch else 0)
        if self.tag.below:
            width += metrics.horizontalAdvance(self.tag.below) * _SMALLER + _APART + _SMALL_SWATCH + 4
        radius = max(self.diameter / 2, 6)
        left = self.centre.x() + radius + _GAP
        if left + width > area.right() - 4:
            left = max(area.left() + 4, self.centre.x() - radius - _GAP - width)
        top = min(max(self.centre.y() - _HEIGHT / 2, area.top() + 4), area.bottom() - _HEIGHT - 4)
        return QRectF(left, top, width, _HEIGHT)

    def dirty_rect(self, metrics: QFontMetricsF, area: QRectF) -> QRectF:
        """Everything that :meth:`paint` may touch."""
        rect = self.outline_rect().adjusted(-4, -4, 4, 4)
        return rect.united(self.bubble_rect(metrics, area).adjusted(-2, -2, 2, 2)) if self.tag.text else rect

    def paint(self, painter: QPainter, area: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.diameter > 0:
            self._paint_outline(painter)
        if self.tag.text:
            self._paint_bubble(painter, area)
        painter.restore()

    def _paint_outline(self, painter: QPainter) -> None:
        """The colour that is painted, between a dark line and a bright one, so that it shows on every class."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines = [(QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255), 1.4)]
        if self.tag.ring:
            lines = [(QColor(0, 0, 0, 150), 5.6), (QColor(255, 255, 255), 4.2), (QColor(self.tag.ring), 2.2)]
        for color, width in lines:
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
        if self.tag.swatch:
            painter.setBrush(QColor(self.tag.swatch))
            painter.drawRoundedRect(QRectF(left, rect.center().y() - _SWATCH / 2, _SWATCH, _SWATCH), 2, 2)
            left += _SWATCH + 6
        painter.setPen(QColor(240, 241, 243))
        sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, rect.top(), rect.right() - left, rect.height()), sides, self.tag.text)
        if self.tag.below:
            left += QFontMetricsF(painter.font()).horizontalAdvance(self.tag.text) + _APART
            self._paint_below(painter, QRectF(left, rect.top(), rect.right() - left, rect.height()))

    def _paint_below(self, painter: QPainter, rect: QRectF) -> None:
        """The class that is there already, small."""
        side, left = _SMALL_SWATCH, rect.left()
        painter.setPen(QPen(QColor(240, 241, 243, 120), 1))
        painter.setBrush(QColor(self.tag.below_swatch) if self.tag.below_swatch else Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, rect.center().y() - side / 2, side, side))
        font = painter.font()
        font.setPixelSize(max(1, round(QFontInfo(font).pixelSize() * _SMALLER)))
        painter.setFont(font)
        painter.setPen(QColor(190, 193, 199))
        left += side + 4
        sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, rect.top(), rect.right() - left, rect.height()), sides, self.tag.below)
