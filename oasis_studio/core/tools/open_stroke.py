"""One stroke under way."""

from __future__ import annotations

import math

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import Point, Spans
from oasis_studio.core.pixels.sweep import sweep
from oasis_studio.core.pixels.tip_shape import shape_sweep
from oasis_studio.core.tools.limits import Limits
from oasis_studio.core.tools.tool import ToolOptions
from oasis_studio.core.tools.touched import TouchedTiles

_QUARTER = math.pi / 4


class OpenStroke:
    """The layer, what it was before, where the stroke began, where it is, and how large its tip is there."""

    def __init__(self, start: Point, document: Document, layer: LabelLayer, options: ToolOptions) -> None:
        self.start = self.last = start
        self.options = options
        self.label = UNPAINTED if options.subtracts else options.label
        self.size = self.last_size = float(options.size)
        self.height, self.width = layer.labels.shape
        self.touched = TouchedTiles(layer)
        self.painted = EMPTY
        """What the last :meth:`paint` covered."""
        self.extent = EMPTY
        """All that was ever painted."""
        self._layer = layer
        self._limits = Limits(document, options)

    def sweep(self, start: Point, end: Point) -> Spans:
        """What the tip covers on its way."""
        if self.options.shape is not None:
            return shape_sweep(self.options.shape, start, end, self.last_size, self.size, self.width, self.height)
        return sweep(self.options.tip, start, end, self.last_size, self.size, self.width, self.height)

    def paint(self, spans: Spans) -> Box:
        self.painted = self._put(spans)
        if self.options.is_mirrored:
            self.painted = self.painted.united(self._put(spans.mirrored(self.width)))
        self.extent = self.extent.united(self.painted)
        return self.painted

    def restore(self) -> Box:
        """Take back all that was painted so far; returns what the last :meth:`paint` had covered."""
        dirty, self.painted = self.painted, EMPTY
        self.touched.restore()
        return dirty

    def _put(self, spans: Spans) -> Box:
        box = spans.box
        self.touched.keep(spans)
        allowed = self._limits.allowed(box)
        if allowed is None:
            spans.paint(self._layer.labels, self.label)
        else:
            spans.paint_where(allowed, self._layer.labels, self.label)
        return box


def snapped(start: Point, end: Point) -> Point:
    """``end`` turned around ``start`` to the nearest multiple of 45 degrees, at the same distance."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    angle = round(math.atan2(dy, dx) / _QUARTER) * _QUARTER
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)


def squared(start: Point, end: Point) -> Point:
    """``end`` moved so that a box from ``start`` to it has equal sides, as long as the longer one."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    side = max(abs(dx), abs(dy))
    return start[0] + math.copysign(side, dx), start[1] + math.copysign(side, dy)
