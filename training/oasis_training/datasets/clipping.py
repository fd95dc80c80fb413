"""Outlines cut at a rectangle, as Sutherland and Hodgman do (Communications of the ACM, 1974)."""

from __future__ import annotations

import numpy as np


def clipped(points_P2: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(Q, 2) float64: the part of a closed outline (x, y) that lies between ``low`` and ``high``, (2,) each.

    The area inside the rectangle stays what it was; along the rectangle's sides edges may cover each other.
    """
    if not len(points_P2) or ((points_P2 >= low).all() and (points_P2 <= high).all()):
        return points_P2
    for axis in (0, 1):
        for limit, is_above in ((low[axis], True), (high[axis], False)):
            points_P2 = _cut(points_P2, axis, float(limit), is_above)
    return points_P2


def cut_segment(
    start: tuple[float, float], end: tuple[float, float], low: np.ndarray, high: np.ndarray
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of a straight line between ``low`` and ``high``, (2,) each, or None (Liang and Barsky, 1984)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        way = end[axis] - start[axis]
        for distance, step in ((low[axis] - start[axis], way), (start[axis] - high[axis], -way)):
            if step == 0:
                if distance > 0:
                    return None
            elif step > 0:
                first = max(first, distance / step)
            else:
                last = min(last, distance / step)
    if first > last:
        return None
    x, y = end[0] - start[0], end[1] - start[1]
    return (
        (float(start[0] + first * x), float(start[1] + first * y)),
        (float(start[0] + last * x), float(start[1] + last * y)),
    )


def _cut(points_P2: np.ndarray, axis: int, limit: float, is_above: bool) -> np.ndarray:
    """The outline without what lies beyond one line."""
    kept: list[np.ndarray] = []
    for index, here in enumerate(points_P2):
        before = points_P2[index - 1]
        was_inside, is_inside = ((point[axis] >= limit) == is_above or point[axis] == limit for point in (before, here))
        if was_inside != is_inside:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            crossing = before + share * (here - before)
            crossing[axis] = limit
            kept.append(crossing)
        if is_inside:
            kept.append(here)
    return np.array(kept, np.float64).reshape(-1, 2)
