"""Tools that draw along a path of many points: polyline, polygon, and the lasso drawn by hand."""

from __future__ import annotations

import math

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels import raster
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import Point
from oasis_studio.core.pixels.sweep import round_sweep
from oasis_studio.core.tools.open_stroke import OpenStroke, snapped
from oasis_studio.core.tools.stroke import StrokeTool
from oasis_studio.core.tools.tool import ToolOptions
from oasis_studio.i18n import _


class PathTool(StrokeTool):
    """Every press and release sets a corner; moves show the shape with the pointer as its next corner.

    It stays open until :meth:`finish`; ``document``, ``layer`` and ``options`` of later presses are not looked at.
    """

    def __init__(self) -> None:
        super().__init__()
        self._corners: list[Point] = []

    @property
    def corners(self) -> tuple[Point, ...]:
        """The corners that are set."""
        return tuple(self._corners)

    @property
    def line(self) -> list[Point]:
        """The corners, and where the next one would be."""
        return [] if self._stroke is None else [*self._corners, self._stroke.last]

    def press(
        self,
        x: float,
        y: float,
        document: Document,
        layer: LabelLayer,
        options: ToolOptions,
        pressure: float = 1.0,
    ) -> Box:
        if self._stroke is None:
            self._corners = [(x, y)]
            return super().press(x, y, document, layer, options)
        return self.move(x, y, snaps=options.snaps)

    def release(self, x: float, y: float, snaps: bool | None = None) -> Command | None:
        """Set a corner. The tool stays open, so there is no command yet."""
        if self._stroke is not None:
            self.move(x, y, snaps=snaps)
            if self._stroke.last != self._corners[-1]:
                self._corners.append(self._stroke.last)
        return None

    def finish(self) -> Command | None:
        """End with the corners that are set; None if no pixel changed."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return None
        stroke.restore()
        self._draw(stroke, self._corners, is_final=True)
        return stroke.touched.command(self._title())

    def take_back(self) -> Box:
        """Forget the last corner; with the first one the tool ends."""
        if self._stroke is None:
            return EMPTY
        self._corners.pop()
        return self._paint(self._stroke, self._stroke.last) if self._corners else self.cancel()

    def is_near_start(self, x: float, y: float, distance: float) -> bool:
        """Would a click at (x, y) close the shape? ``distance`` in document pixels."""
        return len(self._corners) > 2 and math.dist(self._corners[0], (x, y)) <= distance

    def _constrained(self, stroke: OpenStroke, to: Point) -> Point:
        return snapped(self._corners[-1], to)

    def _paint(self, stroke: OpenStroke, to: Point) -> Box:
        dirty = stroke.restore()
        stroke.last = to
        return dirty.united(self._draw(stroke, [*self._corners, to], is_final=False))

    def _draw(self, stroke: OpenStroke, corners: list[Point], is_final: bool) -> Box:
        """Paint the shape through ``corners``; returns its box."""
        raise NotImplementedError


class PolylineTool(PathTool):
    """Straight lines from corner to corner, as thick as the tip."""

    def _title(self) -> str:
        return _("Polyline")

    def _draw(self, stroke: OpenStroke, corners: list[Point], is_final: bool) -> Box:
        box = EMPTY
        stroke.size = stroke.last_size = float(stroke.options.size)
        for start, end in zip(corners, corners[1:] or corners, strict=False):
            box = box.united(stroke.paint(stroke.sweep(start, end)))
        stroke.painted = box
        return box


class PolygonTool(PathTool):
    """The area between straight lines from corner to corner."""

    def _title(self) -> str:
        return _("Polygon")

    def _draw(self, stroke: OpenStroke, corners: list[Point], is_final: bool) -> Box:
        box = stroke.paint(raster.polygon(corners, stroke.width, stroke.height))
        if not is_final:  # so that two corners show something, too
            box = box.united(stroke.paint(round_sweep(corners[-2], corners[-1], 1, 1, stroke.width, stroke.height)))
        stroke.painted = box
        return box


class LassoTool(StrokeTool):
    """The area inside a line drawn by hand. Only the line shows until the release, so that no move costs much."""

    def __init__(self) -> None:
        super().__init__()
        self._path: list[Point] = []

    @property
    def line(self) -> list[Point]:
        """The line so far."""
        return [] if self._stroke is None else list(self._path)

    def press(
        self,
        x: float,
        y: float,
        document: Document,
        layer: LabelLayer,
        options: ToolOptions,
        pressure: float = 1.0,
    ) -> Box:
        self._path = []
        return super().press(x, y, document, layer, options)

    def release(self, x: float, y: float, snaps: bool | None = None) -> Command | None:
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return None
        stroke.restore()
        stroke.paint(raster.polygon([*self._path, (x, y)], stroke.width, stroke.height))
        return stroke.touched.command(self._title())

    def _title(self) -> str:
        return _("Lasso")

    def _paint(self, stroke: OpenStroke, to: Point) -> Box:
        line = round_sweep(stroke.last, to, 1, 1, stroke.width, stroke.height)
        stroke.last = to
        self._path.append(to)
        return stroke.paint(line)
