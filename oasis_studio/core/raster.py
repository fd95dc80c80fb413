"""Shapes on the pixel grid, with hard edges: a pixel belongs to a shape if its centre does.

Pixel (i, j) covers [i, i+1) × [j, j+1); its centre is at (i + 0.5, j + 0.5). The shapes here are
convex, so each is one run of pixels a row: exact, and painted in time that depends on the shape alone, not on
the canvas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from oasis_studio.core.box import EMPTY, Box

Point = tuple[float, float]

_EDGE = 1e-6
"""Added to radii: a centre exactly on the edge is inside, whatever the rounding of the arithmetic."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Row ``top + i`` covers the columns [lefts[i], rights[i]), all inside the canvas; (n,) int64 each."""

    top: int
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
            self.top + first,
            int(self.rights[filled].max()),
            self.top + last + 1,
        )

    def paint(self, labels_HW: np.ndarray, label: int) -> None:
        """Write ``label`` into the pixels of the shape."""
        rows = zip(self.lefts.tolist(), self.rights.tolist(), strict=True)
        for row, (left, right) in enumerate(rows, self.top):
            if right > left:
                labels_HW[row, left:right] = label


def capsule(start: Point, end: Point, size: float, width: int, height: int) -> Spans:
    """Pixels within ``size`` / 2 of the segment from ``start`` to ``end``, on a canvas of that size.

    What a round tip of that diameter covers on its way. With ``size`` ≤ 1 it is the one-pixel line between the
    two pixels, so that the thinnest tip leaves no gaps.
    """
    if size <= 1:
        return _pixel_line(start, end, width, height)
    radius = size / 2 + _EDGE
    (ax, ay), (bx, by) = start, end
    rows = _rows(min(ay, by) - radius, max(ay, by) + radius, height)
    y = rows + 0.5
    lefts, rights = np.full(y.shape, np.inf), np.full(y.shape, -np.inf)
    for cx, cy in {start, end}:
        half = np.sqrt(np.maximum(radius**2 - (y - cy) ** 2, 0))
        inside = np.abs(y - cy) <= radius
        np.minimum(lefts, cx - half, out=lefts, where=inside)
        np.maximum(rights, cx + half, out=rights, where=inside)
    length = math.hypot(bx - ax, by - ay)
    if length > 0:
        nx, ny = (ay - by) / length * radius, (bx - ax) / length * radius
        corners = [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)]
        for (px, py), (qx, qy) in zip(corners, corners[1:] + corners[:1], strict=True):
            if abs(qy - py) > _EDGE:
                x = px + (y - py) / (qy - py) * (qx - px)
                crossed = (y >= min(py, qy)) & (y <= max(py, qy))
                np.minimum(lefts, x, out=lefts, where=crossed)
                np.maximum(rights, x, out=rights, where=crossed)
    return _spans(rows, lefts, rights, width)


def rectangle(box: Box, width: int, height: int) -> Spans:
    """The pixels of ``box`` that lie on the canvas."""
    inside = box.clipped(width, height)
    lefts = np.full(inside.height, inside.left, np.int64)
    return Spans(inside.top, lefts, np.full(inside.height, inside.right, np.int64))


def ellipse(box: Box, width: int, height: int) -> Spans:
    """Pixels whose centres lie in the ellipse that fills ``box``."""
    if box.is_empty:
        return rectangle(box, width, height)
    rx, ry = box.width / 2, box.height / 2
    cx, cy = box.left + rx, box.top + ry
    rows = _rows(box.top, box.bottom, height)
    half = rx * np.sqrt(np.maximum(1 - ((rows + 0.5 - cy) / ry) ** 2, 0)) + _EDGE
    return _spans(rows, cx - half, cx + half, width)


def connected(labels_HW: np.ndarray, x: int, y: int) -> tuple[Box, np.ndarray]:
    """The pixels of the value at (x, y) that hang together over their edges: a box and its (h, w) bool mask."""
    height, width = labels_HW.shape
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
    _count, _image, _mask, found = cv2.floodFill(labels_HW, mask, (x, y), 0, 0, 0, flags)
    left, top, box_width, box_height = found
    box = Box(left, top, left + box_width, top + box_height)
    return box, mask[1:-1, 1:-1][box.slices].view(bool)


def _rows(low: float, high: float, height: int) -> np.ndarray:
    """Rows of the canvas whose centres lie in [low, high]."""
    first = max(0, math.ceil(low - 0.5))
    last = min(height - 1, math.floor(high - 0.5))
    return np.arange(first, last + 1)


def _spans(rows: np.ndarray, lefts: np.ndarray, rights: np.ndarray, width: int) -> Spans:
    """Spans of the pixels of each row whose centres lie in [left, right]; an empty row has left > right."""
    first = np.clip(np.ceil(lefts - 0.5), 0, width).astype(np.int64)
    last = np.clip(np.floor(rights - 0.5) + 1, 0, width).astype(np.int64)
    return Spans(int(rows[0]) if rows.size else 0, first, np.maximum(first, last))


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
    return Spans(int(rows[0]) if rows.size else 0, lefts, np.maximum(lefts, rights))
