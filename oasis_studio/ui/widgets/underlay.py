"""The reference photo, mixed with the labels for the eye only."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from oasis_studio.core.document.reference import Blend, Reference

_MODES = {
    Blend.NORMAL: QPainter.CompositionMode.CompositionMode_SourceOver,
    Blend.MULTIPLY: QPainter.CompositionMode.CompositionMode_Multiply,
    Blend.SCREEN: QPainter.CompositionMode.CompositionMode_Screen,
}


class Underlay:
    """Keeps the photo in the format that Qt draws fastest, as long as it is the same photo."""

    def __init__(self) -> None:
        self._source: np.ndarray | None = None
        self._image = QImage()

    def paint(self, painter: QPainter, reference: Reference | None) -> None:
        """Mix it in; the painter counts in document pixels."""
        if reference is None or not reference.is_visible or reference.opacity <= 0:
            return
        if reference.image_HW3 is not self._source:
            self._source = reference.image_HW3
            self._image = qimage(reference.image_HW3)
        box = reference.box
        painter.save()
        painter.setOpacity(reference.opacity)
        painter.setCompositionMode(_MODES[reference.blend])
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(box.left, box.top, box.width, box.height), self._image)
        painter.restore()


class PhotoImage:
    """A QImage over (H, W, 3) uint8 RGB that nobody writes any more, without a copy: a photo of any size costs nothing.

    Drawing it converts the pixels that are seen.
    """

    def __init__(self, image_HW3: np.ndarray) -> None:
        self._pixels = np.ascontiguousarray(image_HW3)  # lives as long as what looks at it
        height, width = self._pixels.shape[:2]
        self.qimage = QImage(self._pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def qimage(image_HW3: np.ndarray) -> QImage:
    """A copy in the format that Qt draws fastest."""
    pixels = np.ascontiguousarray(image_HW3)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
