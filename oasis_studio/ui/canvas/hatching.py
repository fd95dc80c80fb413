"""Hatch patterns that mark classes without colour, of one size on the screen whatever the zoom."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter

from oasis_studio.ui.canvas.view import View

_PERIOD = 24
_INK = 0x90000000
_LIGHT = 0x70FFFFFF
_KINDS = 8


class Hatching:
    """Paints over the labels in an exposed rectangle of the canvas."""

    def __init__(self) -> None:
        self._table = hatch_table()

    def paint(self, painter: QPainter, labels_HW: np.ndarray, view: View, size: QSize, exposed: QRect) -> None:
        """``exposed`` and the painter count in widget pixels; ``size`` is that of the canvas."""
        if exposed.isEmpty():
            return
        columns, rows = _document_pixels(view, size, exposed)
        height, width = labels_HW.shape
        is_inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        labels = labels_HW[rows.clip(0, height - 1), columns.clip(0, width - 1)]
        origin = view.origin(size).toPoint()
        x = (np.arange(exposed.left(), exposed.right() + 1) - origin.x()) % _PERIOD
        y = (np.arange(exposed.top(), exposed.bottom() + 1) - origin.y()) % _PERIOD
        pixels = np.where(is_inside, self._table[labels, y[:, None], x[None]], np.uint32(0))
        image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], QImage.Format.Format_ARGB32)
        painter.drawImage(exposed.topLeft(), image)


def paint_swatch_hatching(painter: QPainter, label: int, place: QRect) -> None:
    """The pattern of one class over its swatch."""
    tile = hatch_table()[label]
    side = np.arange(max(place.width(), place.height()))
    pixels = np.ascontiguousarray(
        tile[side[: place.height(), None] % _PERIOD, side[None, : place.width()] % _PERIOD], np.uint32
    )
    painter.drawImage(
        place.topLeft(), QImage(pixels.data, pixels.shape[1], pixels.shape[0], QImage.Format.Format_ARGB32)
    )


def hatch_table() -> np.ndarray:
    """(256, 24, 24) uint32 ARGB: a tile for every class. Class 0 is plain; kinds alternate, then ink and width."""
    y, x = np.mgrid[:_PERIOD, :_PERIOD]
    table = np.zeros((256, _PERIOD, _PERIOD), np.uint32)
    for label in range(1, 256):
        turn, kind = divmod(label - 1, _KINDS)
        gap = (8, 12, 6, 24)[turn // 2 % 4]
        ink = np.uint32((_INK, _LIGHT)[turn % 2])
        table[label][_mark(kind, x, y, gap)] = ink
    return table


def _mark(kind: int, x: np.ndarray, y: np.ndarray, gap: int) -> np.ndarray:
    """Where one kind of pattern leaves ink."""
    across, down, rising, falling = x % gap == 0, y % gap == 0, (x + y) % gap == 0, (x - y) % gap == 0
    dots = (x % gap < 2) & (y % gap < 2)
    staggered = ((x + (y // gap % 2) * (gap // 2)) % gap < 2) & (y % gap < 2)
    return (rising, falling, down, across, dots, rising | falling, down | across, staggered | down)[kind]


def _document_pixels(view: View, size: QSize, exposed: QRect) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) column and row of the document under the middle of every pixel of ``exposed``."""
    back = view.transform(size).inverted()[0]
    x = np.arange(exposed.left(), exposed.right() + 1) + 0.5
    y = np.arange(exposed.top(), exposed.bottom() + 1)[:, None] + 0.5
    columns = np.floor(back.m11() * x + back.m21() * y + back.dx()).astype(np.int32)
    rows = np.floor(back.m12() * x + back.m22() * y + back.dy()).astype(np.int32)
    return columns, rows
