"""The marching outline of the selection, and the lines of gestures under way."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QPolygonF, QTransform

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gestures import Gestures
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import Point
from oasis_studio.ui.canvas.view import View

_TICK_MS = 160
_PERIOD = 8
_HANDLE = 7
_MOST_MARCHING = 20_000
"""An outline of more lines stands still: drawing it again and again would take time from painting."""


class Ants(QObject):
    """``dirty`` tells a box of document pixels to paint again, None for the whole canvas."""

    dirty = Signal(object)

    def __init__(self, session: Session, gestures: Gestures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._gestures = gestures
        self._lines: list[QLineF] = []
        self._box: Box | None = None
        self._phase = 0
        self._stripes = _stripes()
        self.stands_still = False
        """For people who want less motion."""
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._march)
        session.selection.changed.connect(self._take)
        gestures.selector.path_changed.connect(self._repaint_all)
        self._had_gradient = False
        for signal in (session.tool_chosen, session.styles_changed, session.regions.chosen_changed):
            signal.connect(self._repaint_gradient)
        gestures.painter.line_changed.connect(self._repaint_all)
        gestures.mover.changed.connect(self._repaint_all)
        gestures.styler.path_changed.connect(self._repaint_all)

    def show(self, is_shown: bool) -> None:
        """March only while somebody can see it."""
        if is_shown and self._lines and len(self._lines) <= _MOST_MARCHING and not self.stands_still:
            self._timer.start()
        else:
            self._timer.stop()

    def paint(self, painter: QPainter, view: View) -> None:
        """Draw in document coordinates, which the painter counts in already."""
        if self._gestures.mover.is_open:
            self._paint_frame(painter, self._gestures.mover.corners())
        elif self._lines:
            self._stroke(painter, view.zoom)
            painter.drawLines(self._lines)
        path = self._gestures.selector.path or self._gestures.styler.path
        if path:
            self._stroke(painter, view.zoom)
            points = QPolygonF([QPointF(*point) for point in path])
            if len(path) > 2 and path is self._gestures.selector.path:
                painter.drawPolygon(points)
            else:
                painter.drawPolyline(points)
            if self._session.tool is ToolKind.GRADIENT:
                self._paint_handles(painter, path)
        elif (gradient := self._gestures.styler.gradient) is not None:
            self._paint_line(painter, [gradient.start, gradient.end])
            self._paint_handles(painter, [gradient.start, gradient.end])
        line, corners = self._gestures.painter.line
        if line:
            self._paint_line(painter, line)
            self._paint_handles(painter, corners)

    def _paint_line(self, painter: QPainter, line: Sequence[Point]) -> None:
        """A bright line in a dark one, which shows on every class."""
        points = QPolygonF([QPointF(*point) for point in line])
        for color, width in ((QColor(0, 0, 0, 160), 3), (QColor(255, 255, 255), 1)):
            pen = QPen(color, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(QBrush())
            painter.drawPolyline(points)

    def _paint_handles(self, painter: QPainter, places: Sequence[Point]) -> None:
        """A square of always the same size on the screen at each place."""
        half = _HANDLE / 2 / math.hypot(painter.transform().m11(), painter.transform().m12())
        pen = QPen(QColor(0, 0, 0, 200), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(QColor(255, 255, 255))
        for x, y in places:
            painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))

    def _stroke(self, painter: QPainter, zoom: float) -> None:
        brush = QBrush(self._stripes)
        brush.setTransform(QTransform().scale(1 / zoom, 1 / zoom).translate(self._phase, 0))
        pen = QPen(brush, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(QBrush())

    def _paint_frame(self, painter: QPainter, corners: Sequence[tuple[float, float]]) -> None:
        points = [QPointF(*corner) for corner in corners]
        self._paint_line(painter, [*corners, corners[0]])
        middles = [(point + points[(number + 1) % 4]) / 2 for number, point in enumerate(points)]
        self._paint_handles(painter, [(place.x(), place.y()) for place in (*points, *middles)])

    def _take(self) -> None:
        selection = self._session.selection.current
        self._lines = [QLineF(*line) for line in selection.outline.tolist()] if selection else []
        self._box = selection.box if selection else None
        self.show(True)
        self._repaint_all()

    def _march(self) -> None:
        if self._session.has_open_stroke or self._box is None:
            return  # the pen comes first
        self._phase = (self._phase + 1) % _PERIOD
        self.dirty.emit(self._box)

    def _repaint_gradient(self) -> None:
        is_in_hand = self._session.tool is ToolKind.GRADIENT
        if is_in_hand or self._had_gradient:
            self._repaint_all()
        self._had_gradient = is_in_hand

    def _repaint_all(self) -> None:
        self.dirty.emit(None)


def _stripes() -> QPixmap:
    """Diagonal black and white stripes: along any edge they make dashes that move when the stripes do."""
    image = QImage(_PERIOD, _PERIOD, QImage.Format.Format_RGB32)
    for y in range(_PERIOD):
        for x in range(_PERIOD):
            image.setPixelColor(x, y, QColor(255, 255, 255) if (x + y) % _PERIOD < _PERIOD // 2 else QColor(0, 0, 0))
    return QPixmap.fromImage(image)
