"""The gradient that a region has, by the two points it is dragged by."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oasis_studio.core.document.style import Linear, Paint, Radial, RegionStyle
from oasis_studio.core.pixels.raster import Point


@dataclass(frozen=True)
class Gradient:
    """From ``start``, where the region has its own style, to ``end``; document pixels. Or round about ``start``."""

    start: Point
    end: Point
    is_round: bool = False

    @property
    def shape(self) -> Linear | Radial:
        if self.is_round:
            return Radial(self.start, self.length)
        return Linear(self.start, self.end)

    @property
    def length(self) -> float:
        """In pixels."""
        return math.dist(self.start, self.end)

    def end_near(self, point: Point, reach: float) -> int | None:
        """0 or 1 for the start or the end within ``reach`` pixels of a point, the nearer one; None for neither."""
        distance, end = min((math.dist(place, point), number) for number, place in enumerate((self.start, self.end)))
        return end if distance <= reach else None


def paint_of(style: RegionStyle) -> Paint | None:
    """The paint of a style that is a gradient."""
    return next((paint for paint in style.paints if isinstance(paint.shape, Linear | Radial)), None)


def gradient_of(style: RegionStyle) -> Gradient | None:
    """The gradient of a style; of a round one the end lies right of the centre."""
    paint = paint_of(style)
    if paint is None:
        return None
    if isinstance(paint.shape, Radial):
        x, y = paint.shape.centre
        return Gradient((x, y), (x + paint.shape.radius, y), True)
    return Gradient(paint.shape.start, paint.shape.end) if isinstance(paint.shape, Linear) else None
