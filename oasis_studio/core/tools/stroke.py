"""Tools that paint from press to release: brush and eraser along the way, shapes between two points."""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels import raster
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import Point, Spans
from oasis_studio.core.tools.open_stroke import OpenStroke, snapped, squared
from oasis_studio.core.tools.tool import Tool, ToolOptions, check_paintable
from oasis_studio.i18n import _

_MOST_LAG = 0.95
"""Of the way to the pointer that the steadiest brush stays behind with each move."""


class StrokeTool(Tool):
    """Press, move and release for every tool that paints :class:`~oasis_studio.core.pixels.raster.Spans`."""

    def __init__(self) -> None:
        self._stroke: OpenStroke | None = None
        self._latest: OpenStroke | None = None

    @property
    def is_open(self) -> bool:
        return self._stroke is not None

    @property
    def extent(self) -> Box:
        return self._latest.extent if self._latest else EMPTY

    def press(
        self,
        x: float,
        y: float,
        document: Document,
        layer: LabelLayer,
        options: ToolOptions,
        pressure: float = 1.0,
    ) -> Box:
        check_paintable(layer)
        self._stroke = self._latest = self._begin((x, y), document, layer, options)
        self._stroke.size = self._stroke.last_size = max(1.0, options.size * pressure)
        return self._paint(self._stroke, (x, y))

    def move(self, x: float, y: float, pressure: float = 1.0, snaps: bool | None = None) -> Box:
        stroke = self._stroke
        if not stroke:
            return EMPTY
        stroke.size = max(1.0, stroke.options.size * pressure)
        return self._paint(stroke, self._steadied(stroke, self._aimed(stroke, (x, y), snaps)))

    def release(self, x: float, y: float, snaps: bool | None = None) -> Command | None:
        stroke, self._stroke = self._stroke, None
        if not stroke:
            return None
        end = self._aimed(stroke, (x, y), snaps)
        if end != stroke.last:
            self._paint(stroke, end)
        return stroke.touched.command(self._title())

    def cancel(self) -> Box:
        stroke, self._stroke = self._stroke, None
        return stroke.touched.restore() if stroke else EMPTY

    def _begin(self, start: Point, document: Document, layer: LabelLayer, options: ToolOptions) -> OpenStroke:
        return OpenStroke(start, document, layer, options)

    def _aimed(self, stroke: OpenStroke, to: Point, snaps: bool | None) -> Point:
        """Where the pointer at ``to`` means."""
        return self._constrained(stroke, to) if (stroke.options.snaps if snaps is None else snaps) else to

    def _constrained(self, stroke: OpenStroke, to: Point) -> Point:
        """Where it means while Shift is held."""
        return to

    def _steadied(self, stroke: OpenStroke, to: Point) -> Point:
        """How far the tip follows to ``to`` for now."""
        return to

    @abstractmethod
    def _title(self) -> str:
        """Name of the step in the history."""

    @abstractmethod
    def _paint(self, stroke: OpenStroke, to: Point) -> Box:
        """Paint what comes with the pointer at ``to``."""


class BrushTool(StrokeTool):
    """A round or square tip with a hard edge, drawn from point to point without gaps."""

    def _title(self) -> str:
        return _("Brush stroke")

    def _steadied(self, stroke: OpenStroke, to: Point) -> Point:
        share = 1 - _MOST_LAG * min(max(stroke.options.smoothing, 0.0), 1.0)
        (x, y) = stroke.last
        return x + share * (to[0] - x), y + share * (to[1] - y)

    def _paint(self, stroke: OpenStroke, to: Point) -> Box:
        spans = stroke.sweep(stroke.last, to)
        stroke.last, stroke.last_size = to, stroke.size
        return stroke.paint(spans)


class EraserTool(BrushTool):
    """Like the brush, and leaves unpainted pixels."""

    def _title(self) -> str:
        return _("Erase")

    def _begin(self, start: Point, document: Document, layer: LabelLayer, options: ToolOptions) -> OpenStroke:
        return OpenStroke(start, document, layer, dataclasses.replace(options, subtracts=True))


class ShapeTool(StrokeTool):
    """A shape between the point of the press and the pointer, drawn anew with every move."""

    def _paint(self, stroke: OpenStroke, to: Point) -> Box:
        dirty = stroke.restore()
        stroke.last = to
        return dirty.united(stroke.paint(self._shape(stroke, to)))

    def _constrained(self, stroke: OpenStroke, to: Point) -> Point:
        return squared(stroke.start, to)

    @abstractmethod
    def _shape(self, stroke: OpenStroke, to: Point) -> Spans:
        """The shape from the stroke's start to ``to``."""


class LineTool(ShapeTool):
    """A straight line as thick as the tip."""

    def _title(self) -> str:
        return _("Line")

    def _constrained(self, stroke: OpenStroke, to: Point) -> Point:
        return snapped(stroke.start, to)

    def _shape(self, stroke: OpenStroke, to: Point) -> Spans:
        stroke.size = stroke.last_size = float(stroke.options.size)  # as thick at both ends, whatever the pressure
        return stroke.sweep(stroke.start, to)


class RectangleTool(ShapeTool):
    """A filled rectangle; the pixels under both corners belong to it."""

    def _title(self) -> str:
        return _("Rectangle")

    def _shape(self, stroke: OpenStroke, to: Point) -> Spans:
        return raster.rectangle(_box_between(stroke.start, to), stroke.width, stroke.height)


class EllipseTool(ShapeTool):
    """A filled ellipse in the rectangle between two corners."""

    def _title(self) -> str:
        return _("Ellipse")

    def _shape(self, stroke: OpenStroke, to: Point) -> Spans:
        return raster.ellipse(_box_between(stroke.start, to), stroke.width, stroke.height)


def _box_between(start: Point, end: Point) -> Box:
    (ax, ay), (bx, by) = start, end
    return Box(
        math.floor(min(ax, bx)), math.floor(min(ay, by)), math.floor(max(ax, bx)) + 1, math.floor(max(ay, by)) + 1
    )
