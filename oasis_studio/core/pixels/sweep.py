"""What the tip of a brush covers on its way from one point to the next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from oasis_studio.core.pixels.raster import EDGE, Point, Spans, rows_between, spans_between


class Tip(StrEnum):
    """Shape of the tip of a brush."""

    ROUND = "round"
    SQUARE = "square"


def sweep(tip: Tip, start: Point, end: Point, size: float, end_size: float, width: int, height: int) -> Spans:
    """Pixels of a tip that goes from ``start`` to ``end`` and from ``size`` to ``end_size`` pixels across."""
    if tip is Tip.SQUARE:
        return square_sweep(start, end, size, end_size, width, height)
    return round_sweep(start, end, size, end_size, width, height)


def round_sweep(start: Point, end: Point, size: float, end_size: float, width: int, height: int) -> Spans:
    """Pixels whose centres lie in the hull of two disks of those diameters, on a canvas of that size.

    Up to 1 px it is the one-pixel line between the two pixels, so that the thinnest tip leaves no gaps.
    """
    if max(size, end_size) <= 1:
        return _pixel_line(start, end, width, height)
    hull = _round_hull(start, end, size / 2 + EDGE, end_size / 2 + EDGE, width, height)
    if min(size, end_size) >= 1.5:
        return hull
    return _joined(hull, _pixel_line(start, end, width, height), width)


def square_sweep(start: Point, end: Point, size: float, end_size: float, width: int, height: int) -> Spans:
    """Pixels in the hull of two upright squares of whole pixels around the points, of those sides (1 at least)."""
    corners = np.concatenate([_square(start, size), _square(end, end_size)])
    rows = rows_between(corners[:, 1].min(), corners[:, 1].max(), height)
    y = rows + 0.5
    lefts, rights = np.full(y.shape, np.inf), np.full(y.shape, -np.inf)
    for first in range(len(corners)):  # all 28 joins: the hull's edges are among them, and the others lie inside
        for second in range(first):
            _cross(y, lefts, rights, corners[first], corners[second])
    return spans_between(rows, lefts, rights, width)


def _square(center: Point, size: float) -> np.ndarray:
    """Corners (4, 2) of the square of whole pixels around ``center``."""
    side = max(1, round(size))
    left, top = (math.floor(value - side / 2 + 0.5) for value in center)
    return np.array([(left, top), (left + side, top), (left + side, top + side), (left, top + side)], np.float64)


def _round_hull(start: Point, end: Point, radius: float, end_radius: float, width: int, height: int) -> Spans:
    (ax, ay), (bx, by) = start, end
    rows = rows_between(min(ay - radius, by - end_radius), max(ay + radius, by + end_radius), height)
    y = rows + 0.5
    lefts, rights = np.full(y.shape, np.inf), np.full(y.shape, -np.inf)
    for cx, cy, r in {(ax, ay, radius), (bx, by, end_radius)}:
        half = np.sqrt(np.maximum(r**2 - (y - cy) ** 2, 0))
        inside = np.abs(y - cy) <= r
        np.minimum(lefts, cx - half, out=lefts, where=inside)
        np.maximum(rights, cx + half, out=rights, where=inside)
    length = math.hypot(bx - ax, by - ay)
    if length > abs(radius - end_radius):
        ux, uy = (bx - ax) / length, (by - ay) / length
        sine = (radius - end_radius) / length
        cosine = math.sqrt(1 - sine**2)
        tangents = []
        for side in (1, -1):  # where a tangent of both circles touches them
            nx, ny = ux * sine - side * uy * cosine, uy * sine + side * ux * cosine
            tangents.append(((ax + radius * nx, ay + radius * ny), (bx + end_radius * nx, by + end_radius * ny)))
        (a, b), (d, c) = tangents
        for first, second in ((a, b), (b, c), (c, d), (d, a)):
            _cross(y, lefts, rights, first, second)
    return spans_between(rows, lefts, rights, width)


def _cross(
    y: np.ndarray, lefts: np.ndarray, rights: np.ndarray, first: Sequence[float], second: Sequence[float]
) -> None:
    """Widen the runs of rows with centres ``y`` to where the segment crosses them."""
    (px, py), (qx, qy) = first, second
    if abs(qy - py) <= EDGE:
        return
    x = px + (y - py) / (qy - py) * (qx - px)
    crossed = (y >= min(py, qy)) & (y <= max(py, qy))
    np.minimum(lefts, x, out=lefts, where=crossed)
    np.maximum(rights, x, out=rights, where=crossed)


def _joined(one: Spans, two: Spans, width: int) -> Spans:
    """In every row, the run from the first to the last pixel of both; each has one run a row."""
    rows = np.union1d(one.rows, two.rows)
    lefts, rights = np.full(rows.shape, width, np.int64), np.zeros(rows.shape, np.int64)
    for spans in (one, two):
        filled = spans.rights > spans.lefts
        places = np.searchsorted(rows, spans.rows[filled])
        lefts[places] = np.minimum(lefts[places], spans.lefts[filled])
        rights[places] = np.maximum(rights[places], spans.rights[filled])
    return Spans(rows, lefts, np.maximum(lefts, rights))


def _pixel_line(start: Point, end: Point, width: int, height: int) -> Spans:
    """The one-pixel line between the pixels of two points, both included."""
    x0, y0, x1, y1 = (math.floor(value) for value in (*start, *end))
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    t = np.arange(steps + 1) / steps
    x = np.floor(x0 + t * (x1 - x0) + 0.5).astype(np.int64)
    y = np.floor(y0 + t * (y1 - y0) + 0.5).astype(np.int64)
    rows = np.arange(max(0, min(y0, y1)), min(height - 1, max(y0, y1)) + 1)
    lefts, rights = np.full(rows.shape, width, np.int64), np.zeros(rows.shape, np.int64)
    if rows.size:
        inside = (y >= rows[0]) & (y <= rows[-1])
        np.minimum.at(lefts, y[inside] - rows[0], x[inside])
        np.maximum.at(rights, y[inside] - rows[0], x[inside] + 1)
    lefts, rights = np.clip(lefts, 0, width), np.clip(rights, 0, width)
    return Spans(rows, lefts, np.maximum(lefts, rights))
