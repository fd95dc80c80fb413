"""Shapes on the pixel grid, with hard edges: a pixel belongs to a shape if its centre does.

Pixel (i, j) covers [i, i+1) × [j, j+1); its centre is at (i + 0.5, j + 0.5). A shape is a list of runs of
pixels: exact, and painted in time that depends on the shape alone, not on the canvas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from oasis_studio.core.pixels.box import EMPTY, Box

Point = tuple[float, float]

EDGE = 1e-6
"""Added to radii: a centre exactly on the edge is inside, whatever the rounding of the arithmetic."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Run i covers the columns [lefts[i], rights[i]) of row rows[i], inside the canvas; (n,) int64 each.

    The rows ascend; a row may have several runs, or empty ones.
    """

    rows: np.ndarray
    lefts: np.ndarray
    rights: np.ndarray

    @property
    def box(self) -> Box:
        """The smallest box around the pixels."""
        filled = np.flatnonzero(self.rights > self.lefts)
        if filled.size == 0:
            return EMPTY
        first, last = int(filled[0]), int(filled[-1])
        return Box(
            int(self.lefts[filled].min()),
            int(self.rows[first]),
            int(self.rights[filled].max()),
            int(self.rows[last]) + 1,
        )

    def paint(self, labels_HW: np.ndarray, label: int) -> None:
        """Write ``label`` into the pixels of the shape."""
        for row, left, right in self._runs():
            labels_HW[row, left:right] = label

    def paint_where(self, allowed_hw: np.ndarray, labels_HW: np.ndarray, label: int) -> None:
        """Write ``label`` where ``allowed_hw``, bool of the size of :attr:`box`, is true as well."""
        box = self.box
        for row, left, right in self._runs():
            allowed = allowed_hw[row - box.top, left - box.left : right - box.left]
            labels_HW[row, left:right][allowed] = label

    def mirrored(self, width: int) -> Spans:
        """The same runs seen in a mirror that stands upright in the middle of a canvas of that width."""
        return Spans(self.rows, width - self.rights, width - self.lefts)

    def mask(self, width: int, height: int) -> np.ndarray:
        """(height, width) bool: the pixels of the shape."""
        found = np.zeros((height, width), bool)
        for row, left, right in self._runs():
            found[row, left:right] = True
        return found

    def _runs(self) -> list[tuple[int, int, int]]:
        filled = self.rights > self.lefts
        columns = (self.rows[filled].tolist(), self.lefts[filled].tolist(), self.rights[filled].tolist())
        return list(zip(*columns, strict=True))


def rectangle(box: Box, width: int, height: int) -> Spans:
    """The pixels of ``box`` that lie on the canvas."""
    inside = box.clipped(width, height)
    rows = np.arange(inside.top, inside.bottom)
    return Spans(rows, np.full(rows.shape, inside.left, np.int64), np.full(rows.shape, inside.right, np.int64))


def ellipse(box: Box, width: int, height: int) -> Spans:
    """Pixels whose centres lie in the ellipse that fills ``box``."""
    if box.is_empty:
        return rectangle(box, width, height)
    rx, ry = box.width / 2, box.height / 2
    cx, cy = box.left + rx, box.top + ry
    rows = rows_between(box.top, box.bottom, height)
    half = rx * np.sqrt(np.maximum(1 - ((rows + 0.5 - cy) / ry) ** 2, 0)) + EDGE
    return spans_between(rows, cx - half, cx + half, width)


def polygon(points: list[Point], width: int, height: int) -> Spans:
    """Pixels whose centres lie inside the closed path through ``points``.

    A path that crosses itself encloses what it goes around (the nonzero rule): loops leave no holes.
    """
    path = np.array(points, np.float64).reshape(-1, 2)
    rows, columns, turns = [], [], []
    for (ax, ay), (bx, by) in zip(path, np.roll(path, -1, axis=0), strict=True):
        low, high = min(ay, by), max(ay, by)
        crossed = np.arange(max(0, math.ceil(low - 0.5)), min(height, math.ceil(high - 0.5)))
        if crossed.size:
            rows.append(crossed)
            columns.append(ax + (crossed + 0.5 - ay) / (by - ay) * (bx - ax))
            turns.append(np.full(crossed.shape, 1 if by > ay else -1))
    if not rows:
        return Spans(*(np.zeros(0, np.int64) for _array in range(3)))
    row, column, turn = (np.concatenate(parts) for parts in (rows, columns, turns))
    order = np.lexsort((column, row))
    row, column, winding = row[order], column[order], np.cumsum(turn[order])
    starts = (winding != 0) & (np.concatenate(([0], winding[:-1])) == 0)
    edges = np.clip(np.ceil(column - 0.5), 0, width).astype(np.int64)
    return Spans(row[starts], edges[starts], edges[winding == 0])


def connected(labels_HW: np.ndarray, x: int, y: int, allowed_HW: np.ndarray | None = None) -> tuple[Box, np.ndarray]:
    """The pixels of the value at (x, y) that hang together over their edges: a box and its (h, w) bool mask.

    With ``allowed_HW``, bool, only those where it is true; (x, y) must be one of them.
    """
    height, width = labels_HW.shape
    mask = np.zeros((height + 2, width + 2), np.uint8)
    if allowed_HW is not None:
        mask[1:-1, 1:-1] = ~allowed_HW
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (2 << 8)
    _count, _image, _mask, found = cv2.floodFill(labels_HW, mask, (x, y), 0, 0, 0, flags)
    left, top, box_width, box_height = found
    box = Box(left, top, left + box_width, top + box_height)
    return box, mask[1:-1, 1:-1][box.slices] == 2


def box_around(mask_HW: np.ndarray) -> Box:
    """The smallest box around the true pixels of a bool mask."""
    left, top, width, height = cv2.boundingRect(np.ascontiguousarray(mask_HW).view(np.uint8))
    return Box(left, top, left + width, top + height)


def rows_between(low: float, high: float, height: int) -> np.ndarray:
    """Rows of the canvas whose centres lie in [low, high]."""
    first = max(0, math.ceil(low - 0.5))
    last = min(height - 1, math.floor(high - 0.5))
    return np.arange(first, last + 1)


def spans_between(rows: np.ndarray, lefts: np.ndarray, rights: np.ndarray, width: int) -> Spans:
    """Spans of the pixels of each row whose centres lie in [left, right]; an empty row has left > right."""
    first = np.clip(np.ceil(lefts - 0.5), 0, width).astype(np.int64)
    last = np.clip(np.floor(rights - 0.5) + 1, 0, width).astype(np.int64)
    return Spans(rows, first, np.maximum(first, last))
