"""The old state at the left of the divider."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.photo.model_comparison import ModelComparison
from oasis_studio.ui.widgets.underlay import qimage


class Wipe:
    """Draws the kept picture over the left of the canvas; one for each canvas."""

    def __init__(self, comparison: Comparison | ModelComparison) -> None:
        self._comparison = comparison
        self._source: object = None
        self._image = QImage()

    def paint(self, painter: QPainter, source: object, picture: Callable[[], np.ndarray]) -> None:
        """``picture`` gives uint8 RGB of the document's size; it is asked again when ``source`` is another object.

        The painter counts in document pixels.
        """
        if source is not self._source:
            self._source, self._image = source, qimage(picture())
        width, height = self._image.width(), self._image.height()
        edge = width * self._comparison.share
        part = QRectF(0, 0, edge, height)
        painter.drawImage(part, self._image, part)
        for color, thickness in ((QColor(0, 0, 0, 140), 3), (QColor(255, 255, 255), 1)):
            pen = QPen(color, thickness)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLine(QPointF(edge, 0), QPointF(edge, height))
