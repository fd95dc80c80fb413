"""The label map in colours, converted only where it changed."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from oasis_studio.core.box import Box
from oasis_studio.core.document import Document
from oasis_studio.core.palette import UNPAINTED


class LabelImage:
    """A QImage over a (H, W) uint32 buffer: opaque 0xffRRGGBB."""

    def __init__(self, document: Document, labels_HW: np.ndarray, colors: np.ndarray) -> None:
        """``colors`` (256, 3) uint8 is how the classes look."""
        self._document = document
        self._rgb = colors
        self._colors = _color_table(colors)
        self._pixels = np.empty((document.height, document.width), np.uint32)
        self.qimage = QImage(
            self._pixels.data,
            document.width,
            document.height,
            document.width * 4,
            QImage.Format.Format_RGB32,
        )
        self.update(labels_HW, document.bounds)

    def update(self, labels_HW: np.ndarray, box: Box) -> None:
        """Convert ``box`` again. Half transparent layers are blended for the eye only."""
        part = self._pixels[box.slices]
        if all(layer.opacity >= 1 for layer in self._document.layers):
            part[:] = self._colors[labels_HW[box.slices]]
        else:
            part[:] = self._blended(box)

    def _blended(self, box: Box) -> np.ndarray:
        document = self._document
        colors = self._rgb.astype(np.float32)
        image = np.empty((box.height, box.width, 3), np.float32)
        image[:] = colors[document.background]
        for layer in document.layers:
            if layer.is_visible:
                labels = layer.labels[box.slices]
                share = np.where(labels == UNPAINTED, 0.0, layer.opacity).astype(np.float32)[..., None]
                image += share * (colors[labels] - image)
        r, g, b = np.moveaxis((image + 0.5).astype(np.uint32), -1, 0)
        return np.uint32(0xFF000000) | (r << 16) | (g << 8) | b


def _color_table(colors: np.ndarray) -> np.ndarray:
    """(256,) uint32 opaque colour of every id."""
    r, g, b = colors.astype(np.uint32).T
    return np.uint32(0xFF000000) | (r << 16) | (g << 8) | b
