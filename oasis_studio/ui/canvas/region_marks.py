"""What both canvases show of the chosen regions: their outlines, and what an edit of them can change."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.lock import locked_mask
from oasis_studio.core.models.reach import reach_of
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.widgets import theme

_CANNOT_CHANGE = 120
"""Opacity of the veil over what an edit leaves as it is."""
_FINE_SIDE = 1024
_TOLERANCE = 0.75
"""Document pixels by which the outline of a large drawing may be off."""


class RegionMarks(QObject):
    """Draws on every surface it is given. The outlines are traced once for each choice, not for each paint.

    While the brush moves they stay as they were: tracing them again would take time from painting.
    """

    def __init__(self, session: Session, surfaces: list[Surface]) -> None:
        super().__init__()
        self._session = session
        self._surfaces = surfaces
        self._path: QPainterPath | None = None
        self._veil: QImage | None = None
        self._veil_pixels: np.ndarray | None = None
        self.shows_reach = False
        self._is_stale = False
        for surface in surfaces:
            surface.marks.append(self.paint)
        session.regions.chosen_changed.connect(self._forget)
        session.regions.painted.connect(self._follow_brush)
        session.history_changed.connect(self._catch_up)
        session.locks_changed.connect(self._forget)
        session.model_changed.connect(self._forget)

    def show_reach(self, is_shown: bool) -> None:
        """Veil what an edit of the chosen regions cannot change."""
        self.shows_reach = is_shown
        self._forget()

    def paint(self, painter: QPainter) -> None:
        """In document coordinates."""
        if not self._session.regions.chosen:
            return
        if self.shows_reach:
            if self._veil is None:
                self._veil = self._traced_veil()
            painter.drawImage(0, 0, self._veil)
        if self._path is None:
            self._path = outline(self._session.regions.map.mask(*self._session.regions.chosen))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(theme.roles().accent), 2.0)):
            pen = QPen(color, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(self._path)

    def changeable(self) -> np.ndarray:
        """(H, W) bool: pixels of the photo that an edit of the chosen regions can change."""
        session = self._session
        mask = session.regions.map.mask(*session.regions.chosen)
        far = None if session.card is None else reach_of(session.card)
        if far is None:
            near = np.full(mask.shape, bool(mask.any()))
        else:
            away = cv2.distanceTransform((~mask).view(np.uint8), cv2.DIST_C, 3) if mask.any() else None
            near = np.zeros(mask.shape, bool) if away is None else away <= far
        document = session.document
        return near & ~locked_mask(document.locks.values(), document.height, document.width)

    def _traced_veil(self) -> QImage:
        alpha = np.where(self.changeable(), 0, _CANNOT_CHANGE).astype(np.uint8)
        height, width = alpha.shape
        pixels = np.zeros((height, width, 4), np.uint8)  # premultiplied black
        pixels[..., 3] = alpha
        self._veil_pixels = pixels  # the image reads them
        return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)

    def _forget(self) -> None:
        self._path = self._veil = self._veil_pixels = None
        for surface in self._surfaces:
            surface.update()

    def _follow_brush(self) -> None:
        self._is_stale = bool(self._session.regions.chosen)
        if not self._session.has_open_stroke:
            self._catch_up()

    def _catch_up(self) -> None:
        if self._is_stale and not self._session.has_open_stroke:
            self._is_stale = False
            self._forget()


def outline(mask_HW: np.ndarray) -> QPainterPath:
    """The borders of the true pixels, through the middles of those at the border."""
    path = QPainterPath()
    contours, _tree = cv2.findContours(mask_HW.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    rough = max(mask_HW.shape) > _FINE_SIDE  # half a pixel is not seen there, and every corner costs time
    for contour in contours:
        corners = cv2.approxPolyDP(contour, _TOLERANCE, True) if rough else contour
        points = corners.reshape(-1, 2) + 0.5
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
        path.closeSubpath()
    return path
