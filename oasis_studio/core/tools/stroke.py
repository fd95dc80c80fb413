"""Tools that paint from press to release: brush and eraser along the way, shapes between two points."""

from __future__ import annotations

import math
from abc import abstractmethod

from oasis_studio.core import raster
from oasis_studio.core.box import EMPTY, Box
from oasis_studio.core.document import Document
from oasis_studio.core.history import Command
from oasis_studio.core.layer import LabelLayer
from oasis_studio.core.palette import UNPAINTED
from oasis_studio.core.raster import Point, Spans
from oasis_studio.core.tools.tool import Tool, ToolOptions, check_paintable
from oasis_studio.core.tools.touched import TouchedTiles
from oasis_studio.i18n import _


class _Stroke:
    """One stroke under way: the layer, what it was before, where it began, and where it is."""

    def __init__(self, start: Point, layer: LabelLayer, label: int, size: int) -> None:
        self.start = self.last = start
        self.label = label
        self.size = size
        self.height, self.width = layer.labels.shape
        self.touched = TouchedTiles(layer)
        self.painted = EMPTY
        self._layer = layer

    def paint(self, spans: Spans) -> Box:
        self.touched.keep(spans)
        spans.paint(self._layer.labels, self.label)
        self.painted = spans.box
        return self.painted


class StrokeTool(Tool):
    """Press, move and release for every tool that paints :class:`~oasis_studio.core.raster.Spans`."""

    def __init__(self) -> None:
        self._stroke: _Stroke | None = None

    def press(self, x: float, y: float, document: Document, layer: LabelLayer, options: ToolOptions) -> Box:
        check_paintable(layer)
        self._stroke = _Stroke((x, y), layer, self._label(options), options.size)
        return self._paint(self._stroke, (x, y))

    def move(self, x: float, y: float) -> Box:
        return self._paint(self._stroke, (x, y)) if self._stroke else EMPTY

    def release(self, x: float, y: float) -> Command | None:
        if not self._stroke:
            return None
        if (x, y) != self._stroke.last:
            self._paint(self._stroke, (x, y))
        stroke, self._stroke = self._stroke, None
        return stroke.touched.command(self._title())

    def cancel(self) -> Box:
        stroke, self._stroke = self._stroke, None
        return stroke.touched.restore() if stroke else EMPTY

    def _label(self, options: ToolOptions) -> int:
        return options.label

    @abstractmethod
    def _title(self) -> str:
        """Name of the step in the history."""

    @abstractmethod
    def _paint(self, stroke: _Stroke, to: Point) -> Box:
        """Paint what comes with the pointer at ``to``."""


class BrushTool(StrokeTool):
    """A round tip with a hard edge, drawn from point to point without gaps."""

    def _title(self) -> str:
        return _("Brush stroke")

    def _paint(self, stroke: _Stroke, to: Point) -> Box:
        spans = raster.capsule(stroke.last, to, stroke.size, stroke.width, stroke.height)
        stroke.last = to
        return stroke.paint(spans)


class EraserTool(BrushTool):
    """Like the brush, and leaves unpainted pixels."""

    def _title(self) -> str:
        return _("Erase")

    def _label(self, options: ToolOptions) -> int:
        return UNPAINTED


class ShapeTool(StrokeTool):
    """A shape between the point of the press and the pointer, drawn anew with every move."""

    def _paint(self, stroke: _Stroke, to: Point) -> Box:
        dirty = stroke.painted
        stroke.touched.restore()
        stroke.last = to
        return dirty.united(stroke.paint(self._shape(stroke, to)))

    @abstractmethod
    def _shape(self, stroke: _Stroke, to: Point) -> Spans:
        """The shape from the stroke's start to ``to``."""


class LineTool(ShapeTool):
    """A straight line as thick as the tip."""

    def _title(self) -> str:
        return _("Line")

    def _shape(self, stroke: _Stroke, to: Point) -> Spans:
        return raster.capsule(stroke.start, to, stroke.size, stroke.width, stroke.height)


class RectangleTool(ShapeTool):
    """A filled rectangle; the pixels under both corners belong to it."""

    def _title(self) -> str:
        return _("Rectangle")

    def _shape(self, stroke: _Stroke, to: Point) -> Spans:
        return raster.rectangle(_box_between(stroke.start, to), stroke.width, stroke.height)


class EllipseTool(ShapeTool):
    """A filled ellipse in the rectangle between two corners."""

    def _title(self) -> str:
        return _("Ellipse")

    def _shape(self, stroke: _Stroke, to: Point) -> Spans:
        return raster.ellipse(_box_between(stroke.start, to), stroke.width, stroke.height)


def _box_between(start: Point, end: Point) -> Box:
    (ax, ay), (bx, by) = start, end
    return Box(
        math.floor(min(ax, bx)), math.floor(min(ay, by)), math.floor(max(ax, bx)) + 1, math.floor(max(ay, by)) + 1
    )
