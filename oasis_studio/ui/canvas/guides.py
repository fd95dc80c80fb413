"""Thin lines over a canvas that help to aim."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

GRID_ZOOM = 8.0
"""From this zoom on single pixels are worth seeing."""


def paint_pixel_grid(painter: QPainter, shown: QRectF, width: int, height: int) -> None:
    """The borders of the pixels in ``shown``; that and the painter count in document pixels."""
    left, right = max(0, math.floor(shown.left())), min(width, math.ceil(shown.right()))
    top, bottom = max(0, math.floor(shown.top())), min(height, math.ceil(shown.bottom()))
    lines = [QLineF(x, top, x, bottom) for x in range(left, right + 1)]
    lines += [QLineF(left, y, right, y) for y in range(top, bottom + 1)]
    pen = QPen(QColor(0, 0, 0, 70), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLines(lines)


def paint_mirror_axis(painter: QPainter, width: int, height: int) -> None:
    """The line in which painting is mirrored; the painter counts in document pixels."""
    for color, style in ((QColor(0, 0, 0, 120), Qt.PenStyle.SolidLine), (QColor(255, 255, 255), Qt.PenStyle.DashLine)):
        pen = QPen(color, 1, style)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(QPointF(width / 2, 0), QPointF(width / 2, height))
