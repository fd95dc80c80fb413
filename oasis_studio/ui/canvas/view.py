"""Zoom, pan and rotation, shared by the two canvases."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QTransform

from oasis_studio.core.pixels.box import Box

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
        self.angle = 0.0
        """Degrees clockwise by which the picture is turned, 0..360."""
        self.centre = QPointF(0.5, 0.5)
        self.is_fitted = True

    # -- what it looks at ---------------------------------------------------------------------------------------

    def open(self, width: int, height: int) -> None:
        """Look at a document of another size, all of it."""
        self._width, self._height = width, height
        self.angle = 0.0
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
            turned = QTransform().rotate(self.angle).mapRect(QRectF(0, 0, self._width, self._height))
            self.zoom = _kept(min(across / turned.width(), down / turned.height()))
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
        moved = QTransform().rotate(-self.angle).map(QPointF(dx, dy)) / self.zoom
        x = min(max(self.centre.x() - moved.x(), 0.0), float(self._width))
        y = min(max(self.centre.y() - moved.y(), 0.0), float(self._height))
        self.centre = QPointF(x, y)
        self.is_fitted = False
        self.changed.emit()

    def look_at(self, centre: QPointF, is_fitted: bool) -> None:
        """Go back to what was seen before the picture was moved."""
        self.centre, self.is_fitted = centre, is_fitted
        self.changed.emit()

    def rotate(self, degrees: float) -> None:
        """Turn the picture clockwise around the middle of the canvas; the drawing stays as it is."""
        self.angle = (self.angle + degrees) % 360
        if self.is_fitted:
            self.fit()
        else:
            self.changed.emit()

    def stand_upright(self) -> None:
        self.rotate(-self.angle)

    # -- between document and widget ----------------------------------------------------------------------------

    def transform(self, size: QSize) -> QTransform:
        """From document points to those of a canvas of that size.

        Upright, the document's corner lies on a whole pixel, so that edges are sharp.
        """
        middle = QPointF(size.width() / 2, size.height() / 2)
        turned = QTransform().rotate(self.angle).scale(self.zoom, self.zoom)
        corner = middle - turned.map(self.centre)
        if self.angle % 90 == 0:
            corner = QPointF(round(corner.x()), round(corner.y()))
        return turned * QTransform.fromTranslate(corner.x(), corner.y())

    def origin(self, size: QSize) -> QPointF:
        """Where the document's corner lies in a canvas of that size."""
        return self.transform(size).map(QPointF(0, 0))

    def to_document(self, position: QPointF, size: QSize) -> tuple[float, float]:
        """The document point under a point of a canvas of that size; it may lie outside the document."""
        point = self.transform(size).inverted()[0].map(position)
        return point.x(), point.y()

    def to_widget(self, box: Box, size: QSize) -> QRectF:
        """The upright rectangle around what ``box`` covers in a canvas of that size."""
        return self.transform(size).mapRect(QRectF(box.left, box.top, box.width, box.height))

    def contains(self, x: float, y: float) -> bool:
        """Is there a document pixel at this point?"""
        return 0 <= math.floor(x) < self._width and 0 <= math.floor(y) < self._height


def _kept(zoom: float) -> float:
    return max(SMALLEST_ZOOM, min(zoom, LARGEST_ZOOM))
