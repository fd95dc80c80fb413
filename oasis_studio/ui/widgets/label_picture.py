"""Small pictures of label maps, for lists."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.ui.widgets import theme

_SHARPNESS = 2
"""Pixels of a picture for each one it takes: sharp on screens with small pixels."""


def shrunk(labels_HW: np.ndarray, width: int, height: int) -> np.ndarray:
    """Pixels at even distances, enough for a picture of that size: (h, w) uint8, a copy."""
    rows, columns = labels_HW.shape
    scale = min(_SHARPNESS * width / columns, _SHARPNESS * height / rows, 1.0)
    y = (np.arange(max(1, round(rows * scale))) + 0.5) / max(1, round(rows * scale)) * rows
    x = (np.arange(max(1, round(columns * scale))) + 0.5) / max(1, round(columns * scale)) * columns
    return labels_HW[y.astype(np.intp)[:, None], x.astype(np.intp)[None]]


def label_pixmap(small_HW: np.ndarray, colors: np.ndarray, width: int, height: int) -> QPixmap:
    """A card of that size with the labels in its middle; unpainted pixels show the card. ``colors`` (256, 3) uint8."""
    rows, columns = small_HW.shape
    rgba = np.empty((rows, columns, 4), np.uint8)
    rgba[..., :3] = colors[small_HW]
    rgba[..., 3] = np.where(small_HW == UNPAINTED, 0, 255)
    image = QImage(rgba.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    width, height = _SHARPNESS * width, _SHARPNESS * height
    pixmap = QPixmap(width, height)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    scale = min(width / columns, height / rows)
    target_width, target_height = round(columns * scale), round(rows * scale)
    left, top = (width - target_width) // 2, (height - target_height) // 2
    painter.fillRect(left, top, target_width, target_height, QColor(theme.roles().canvas))
    painter.drawImage(left, top, image.scaled(target_width, target_height))
    painter.end()
    pixmap.setDevicePixelRatio(_SHARPNESS)
    return pixmap
