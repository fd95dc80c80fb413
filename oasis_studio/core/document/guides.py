"""Lines across the drawing that help to aim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oasis_studio.core.pixels.box import Box

Point = tuple[float, float]

_INSIDE = 1e-3
"""From a line to where its neighbouring pixel certainly is."""


@dataclass(frozen=True)
class Guides:
    """Between pixels: ``xs`` are the upright ones, ``ys`` the level ones, each from small to large and no two alike."""

    xs: tuple[int, ...] = ()
    ys: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.xs or self.ys)

    def moved(self, is_upright: bool, old: int | None, new: int | None) -> Guides:
        """The same with the line at ``old`` at ``new`` instead; None: it was not there, or goes."""
        lines = set(self.xs if is_upright else self.ys) - {old} | ({new} if new is not None else set())
        kept = _ordered(line for line in lines if line is not None)
        return Guides(kept, self.ys) if is_upright else Guides(self.xs, kept)

    def cropped(self, box: Box) -> Guides:
        """As they lie on a canvas that is ``box`` of the old one; those beyond it go."""
        xs = (x - box.left for x in self.xs if box.left <= x <= box.right)
        ys = (y - box.top for y in self.ys if box.top <= y <= box.bottom)
        return Guides(_ordered(xs), _ordered(ys))

    def scaled(self, across: float, down: float) -> Guides:
        """On a drawing that is so many times as wide and high."""
        return Guides(_ordered(round(x * across) for x in self.xs), _ordered(round(y * down) for y in self.ys))

    # -- aiming -------------------------------------------------------------------------------------------------

    def pull(self, points: Iterable[Point], reach: float) -> tuple[float, float]:
        """The least way that brings one of the points onto an upright line, and onto a level one; 0 for none near."""
        found = list(points)
        return _pull([x for x, _y in found], self.xs, reach), _pull([y for _x, y in found], self.ys, reach)

    def aimed(self, point: Point, reach: float) -> Point:
        """``point``, on the lines that are within ``reach``."""
        dx, dy = self.pull([point], reach)
        return point[0] + dx, point[1] + dy

    def cornered(self, point: Point, reach: float, start: Point | None = None) -> Point:
        """The same for a corner of a box, which holds the pixels under its corners: in the pixel beside the line.

        That is on the side of ``start``, the corner across, so that the box ends at the line; where it begins, on the
        side of ``point``.
        """
        (x, y), side = self.aimed(point, reach), start or point
        return x - _INSIDE * (x in self.xs and side[0] < x), y - _INSIDE * (y in self.ys and side[1] < y)


def _pull(values: list[float], lines: tuple[int, ...], reach: float) -> float:
    ways = [line - value for line in lines for value in values if abs(line - value) <= reach]
    return min(ways, key=abs, default=0.0)


def _ordered(lines: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(lines)))
