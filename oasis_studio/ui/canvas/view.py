"""Zoom and pan, shared by the two canvases."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QTransform

from oasis_studio.core.box import Box

SMALLEST_ZOOM = 1 / 32
LARGEST_ZOOM = 64.0
FIT_MARGIN = 16
STEP = 1.25


class View(QObject):
    """``zoom`` is widget pixels per document pixel; ``centre`` the document point in the middle of each canvas.

    As long as ``is_fitted``, the whole document follows the size of the canvases.
    """

    changed = Signal()
    pointer_moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._width, self._height = 1, 1
        self._viewports: dict[str, QSize] = {}
        self._pointer: tuple[float, float] | None = None
        self.zoom = 1.0
        self.centre = QPointF(0.5, 0.5)
        self.is_fitted = True

    # -- what it looks at ---------------------------------------------------------------------------------------

    def open(self, width: int, height: int) -> None:
        """Look at a document of another size, all of it."""
        self._width, self._height = width, height
        self.fit()

    def set_viewport(self, name: str, size: QSize | None) -> None:
        """Tell the size of a visible canvas; None when it is hidden."""
        if size is None:
            self._viewports.pop(name, None)
        else:
            self._viewports[name] = size
        if self.is_fitted:
            self.fit()

    @property
    def pointer(self) -> tuple[float, float] | None:
        """Document point under the mouse, whichever canvas it is on."""
        return self._pointer

    def point(self, at: tuple[float, float] | None) -> None:
        if at != self._pointer:
            self._pointer = at
            self.pointer_moved.emit()

    # -- moving -------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole document in every canvas."""
        self.is_fitted = True
        sizes = list(self._viewports.values())
        if sizes:
            across = min(size.width() for size in sizes) - 2 * FIT_MARGIN
            down = min(size.height() for size in sizes) - 2 * FIT_MARGIN
            self.zoom = _kept(min(across / self._width, down / self._height))
        self.centre = QPointF(self._width / 2, self._height / 2)
        self.changed.emit()

    def zoom_by(self, steps: float, at: QPointF | None = None) -> None:
        """In (positive) or out by steps of a quarter; the document point ``at`` stays where it is."""
        self.zoom_to(self.zoom * STEP**steps, at)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        zoom = _kept(zoom)
        anchor = at if at is not None else self.centre
        self.centre = anchor + (self.centre - anchor) * (self.zoom / zoom)
        self.zoom = zoom
        self.is_fitted = False
        self.changed.emit()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by widget pixels; its middle never leaves the document."""
        x = min(max(self.centre.x() - dx / self.zoom, 0.0), float(self._width))
        y = min(max(self.centre.y() - dy / self.zoom, 0.0), float(self._height))
        self.centre = QPointF(x, y)
        self.is_fitted = False
        self.changed.emit()

    # -- between document and widget ----------------------------------------------------------------------------

    def origin(self, size: QSize) -> QPointF:
        """Where the document's corner lies in a canvas of that size; on a whole pixel, so that edges are sharp."""
        return QPointF(
            round(size.width() / 2 - self.centre.x() * self.zoom),
            round(size.height() / 2 - self.centre.y() * self.zoom),
        )

    def transform(self, size: QSize) -> QTransform:
        """From document points to those of a canvas of that size."""
        origin = self.origin(size)
        return QTransform(self.zoom, 0, 0, self.zoom, origin.x(), origin.y())

    def to_document(self, position: QPointF, size: QSize) -> tuple[float, float]:
        """The document point under a point of a canvas of that size; it may lie outside the document."""
        point = (position - self.origin(size)) / self.zoom
        return point.x(), point.y()

    def to_widget(self, box: Box, size: QSize) -> QRectF:
        """The rectangle that ``box`` covers in a canvas of that size."""
        origin = self.origin(size)
        return QRectF(
            origin.x() + box.left * self.zoom,
            origin.y() + box.top * self.zoom,
            box.width * self.zoom,
            box.height * self.zoom,
        )

    def contains(self, x: float, y: float) -> bool:
        """Is there a document pixel at this point?"""
        return 0 <= math.floor(x) < self._width and 0 <= math.floor(y) < self._height


def _kept(zoom: float) -> float:
    return max(SMALLEST_ZOOM, min(zoom, LARGEST_ZOOM))
