"""Rulers around a canvas, in document pixels."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from oasis_studio.ui.canvas.guide_lines import GuideLines
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.canvas.ticks import Axis, Tick, ticks
from oasis_studio.ui.widgets import theme

THICKNESS = 20
_FONT_PIXELS = 10
_LENGTHS = (THICKNESS, 8, 5)
"""Widget pixels of the lines of each rank."""
_INDENT = 3
"""From a line to its number."""
_WHOLE = 1e-6
_AIR = 12
"""Least space between two numbers."""


class Ruler(QWidget):
    """Above (horizontal) or left of (vertical) a canvas, with the same zoom and pan, and a mark where the mouse is.

    It measures what runs along it: x, or y where the picture lies on its side. Where the picture is turned by
    anything else nothing does, and the ruler is empty. A drag out of it brings a guide along.
    """

    def __init__(self, canvas: Surface, orientation: Qt.Orientation, guides: GuideLines) -> None:
        super().__init__()
        self._canvas, self._view, self._guides = canvas, canvas.view, guides
        self._is_horizontal = orientation is Qt.Orientation.Horizontal
        self._mark: float | None = None
        font = self.font()
        font.setPixelSize(_FONT_PIXELS)
        self.setFont(font)
        if self._is_horizontal:
            self.setFixedHeight(THICKNESS)
            self.setCursor(Qt.CursorShape.SplitVCursor)
        else:
            self.setFixedWidth(THICKNESS)
            self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._view.changed.connect(self._follow_view)
        self._view.pointer_moved.connect(self._follow_pointer)

    def axis(self) -> Axis | None:
        """How document pixels lie along it; None where the picture is turned by no multiple of 90 degrees."""
        if self._view.angle % 90:
            return None
        transform = self._view.transform(self._canvas.size())
        lies = self._view.angle % 180 != 0
        if self._is_horizontal:
            return Axis(transform.dx(), transform.m21() if lies else transform.m11())
        return Axis(transform.dy(), transform.m12() if lies else transform.m22())

    def mark(self) -> float | None:
        """Where along it the mouse is, in widget pixels; None while it is on no canvas."""
        if self._view.pointer is None or self._view.angle % 90:
            return None
        at = self._view.transform(self._canvas.size()).map(QPointF(*self._view.pointer))
        return at.x() if self._is_horizontal else at.y()

    # -- guides -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.axis() is not None:
            lies = self._view.angle % 180 != 0
            self._guides.take_up(self._canvas, self, event, self._is_horizontal == lies, None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._canvas.capture.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._canvas.capture.release(event)

    # -- keeping up ---------------------------------------------------------------------------------------------

    def _follow_view(self) -> None:
        self._mark = self.mark()
        self.update()

    def _follow_pointer(self) -> None:
        """Paint again what the mark leaves and where it comes to, not the numbers in between."""
        if self.isVisible():
            old, self._mark = self._mark, self.mark()
            for mark in (old, self._mark):
                if mark is not None:
                    self.update(self._across(mark - 1, mark + 2).toAlignedRect())

    def _across(self, start: float, end: float) -> QRectF:
        """All of it from ``start`` to ``end``."""
        if self._is_horizontal:
            return QRectF(start, 0, end - start, THICKNESS)
        return QRectF(0, start, THICKNESS, end - start)

    # -- painting -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        roles = theme.roles()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(roles.panel))
        axis = self.axis()
        if axis is not None:
            metrics = QFontMetricsF(self.font())
            length = self.width() if self._is_horizontal else self.height()
            widest = max(metrics.horizontalAdvance(f"{axis.value(end):.0f}") for end in (0, length))
            for tick in ticks(axis, length, widest + _AIR):
                self._paint_tick(painter, axis, tick)
            if self._mark is not None:
                painter.fillRect(self._line(self._mark, THICKNESS), QColor(roles.accent))
        painter.end()

    def _paint_tick(self, painter: QPainter, axis: Axis, tick: Tick) -> None:
        roles, at = theme.roles(), axis.at(tick.value)
        painter.fillRect(self._line(at, _LENGTHS[tick.rank]), QColor(roles.dim if tick.rank else roles.line))
        if tick.rank == 0:
            painter.fillRect(self._line(at, _LENGTHS[1]), QColor(roles.dim))
            metrics, text = QFontMetricsF(self.font()), str(tick.value)
            start = round(at) + _INDENT
            end = start + metrics.horizontalAdvance(text)
            if start < 0 or end > (self.width() if self._is_horizontal else self.height()):
                return  # half a number says another one
            painter.setPen(QColor(roles.dim))
            painter.save()
            if self._is_horizontal:
                painter.translate(start, 0)
            else:
                painter.translate(0, end)
                painter.rotate(-90)
            painter.drawText(QPointF(0, metrics.ascent()), text)
            painter.restore()

    def _line(self, at: float, length: int) -> QRectF:
        """A line of whole pixels of the screen, ``length`` long from the canvas outwards."""
        ratio = self.devicePixelRatioF()
        start = math.floor(at * ratio + _WHOLE) / ratio  # as thin lines of the canvas
        width = max(1, math.floor(ratio)) / ratio
        if self._is_horizontal:
            return QRectF(start, THICKNESS - length, width, length)
        return QRectF(THICKNESS - length, start, length, width)


class Ruled(QWidget):
    """A canvas with rulers at its top and left, which can be hidden."""

    def __init__(self, canvas: Surface, guides: GuideLines) -> None:
        super().__init__()
        ways = (Qt.Orientation.Horizontal, Qt.Orientation.Vertical)
        self.rulers = [Ruler(canvas, orientation, guides) for orientation in ways]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        if self.isRightToLeft():  # pictures are not mirrored, and neither is what measures them
            grid.setOriginCorner(Qt.Corner.TopRightCorner)
        grid.addWidget(self.rulers[0], 0, 1)
        grid.addWidget(self.rulers[1], 1, 0)
        grid.addWidget(canvas, 1, 1)
        self.show_rulers(False)

    def show_rulers(self, are_shown: bool) -> None:
        for ruler in self.rulers:
            ruler.setVisible(are_shown)
