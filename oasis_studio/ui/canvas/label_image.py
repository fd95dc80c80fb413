"""The label map in colours, for the eye."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.pixels.box import Box


class LabelImage:
    """``qimage`` shows the label map itself through a table of colours: nothing is converted after a stroke.

    Only while a layer is half transparent it is a picture of its own, blended where :meth:`update` says so.
    """

    def __init__(self, document: Document, labels_HW: np.ndarray, colors: np.ndarray) -> None:
        """``labels_HW`` is kept and looked at whenever ``qimage`` is drawn; ``colors`` (256, 3) uint8."""
        self._document = document
        self._rgb = colors
        self._labels = labels_HW
        self._blend = np.zeros((0, 0), np.uint32)
        if all(layer.opacity >= 1 for layer in document.layers):
            self.qimage = _over(labels_HW, QImage.Format.Format_Indexed8)
            self.qimage.setColorTable([0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in colors])
        else:
            self._blend = np.empty(labels_HW.shape, np.uint32)
            self.qimage = _over(self._blend, QImage.Format.Format_RGB32)
            self.update(document.bounds)

    def shows(self, labels_HW: np.ndarray) -> bool:
        """Is this the array it looks at?"""
        return self._labels is labels_HW

    def update(self, box: Box) -> None:
        """The labels of ``box`` changed."""
        if self._blend.size:
            self._blend[box.slices] = self._blended(box)

    def _blended(self, box: Box) -> np.ndarray:
        """(h, w) uint32, opaque 0xffRRGGBB."""
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


def _over(pixels: np.ndarray, kind: QImage.Format) -> QImage:
    """An image over an array's memory, which has to live as long as it."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, pixels.strides[0], kind)
