"""Thin lines over a canvas that help to aim."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def paint_mirror_axis(painter: QPainter, width: int, height: int) -> None:
    """The line in which painting is mirrored; the painter counts in document pixels."""
    for color, style in ((QColor(0, 0, 0, 120), Qt.PenStyle.SolidLine), (QColor(255, 255, 255), Qt.PenStyle.DashLine)):
        pen = QPen(color, 1, style)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(QPointF(width / 2, 0), QPointF(width / 2, height))
