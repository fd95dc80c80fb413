"""The pixels a person chose: every tool then paints only there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np

from oasis_studio.core.pixels import raster
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import Point


class SelectionMode(StrEnum):
    """What a new selection does with the one that was there."""

    REPLACE = "replace"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


@dataclass(frozen=True, eq=False)
class Selection:
    """``mask_HW`` bool of the size of the document; nobody writes it any more."""

    mask_HW: np.ndarray

    @cached_property
    def box(self) -> Box:
        """The smallest box around the chosen pixels."""
        return raster.box_around(self.mask_HW)

    @cached_property
    def outline(self) -> np.ndarray:
        """(n, 4) int32: the borders of the chosen pixels as straight lines x0, y0, x1, y1 on the pixel grid."""
        if self.is_empty:
            return np.zeros((0, 4), np.int32)
        box = self.box
        framed = np.pad(self.mask_HW[box.slices], 1)
        across = _runs(framed[1:, :] != framed[:-1, :])
        down = _runs((framed[:, 1:] != framed[:, :-1]).T)
        corner = np.array([box.left - 1, box.top - 1], np.int32)
        lines = [
            np.stack([across[:, 1], across[:, 0] + 1, across[:, 2], across[:, 0] + 1], axis=1),
            np.stack([down[:, 0] + 1, down[:, 1], down[:, 0] + 1, down[:, 2]], axis=1),
        ]
        return np.concatenate(lines).astype(np.int32) + np.tile(corner, 2)

    @property
    def is_empty(self) -> bool:
        return self.box.is_empty

    @property
    def count(self) -> int:
        """How many pixels are chosen."""
        return int(np.count_nonzero(self.mask_HW))

    def added(self, other: Selection) -> Selection:
        return Selection(self.mask_HW | other.mask_HW)

    def subtracted(self, other: Selection) -> Selection:
        return Selection(self.mask_HW & ~other.mask_HW)

    def intersected(self, other: Selection) -> Selection:
        return Selection(self.mask_HW & other.mask_HW)

    def inverted(self) -> Selection:
        return Selection(~self.mask_HW)

    def grown(self, pixels: int) -> Selection:
        """Wider by so many pixels in every direction (negative: narrower), with round corners."""
        if pixels == 0:
            return self
        side = 2 * abs(pixels) + 1
        disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        change = cv2.dilate if pixels > 0 else cv2.erode
        return Selection(change(self.mask_HW.view(np.uint8), disk).view(bool))


def combine(old: Selection | None, new: Selection, mode: SelectionMode) -> Selection | None:
    """What is chosen after a person chose ``new`` in that mode; None: nothing is, and tools paint everywhere."""
    if old is None or mode is SelectionMode.REPLACE:
        result = new if mode in (SelectionMode.REPLACE, SelectionMode.ADD) else None
    elif mode is SelectionMode.ADD:
        result = old.added(new)
    else:
        result = old.subtracted(new) if mode is SelectionMode.SUBTRACT else old.intersected(new)
    return None if result is None or result.is_empty else result


def select_all(width: int, height: int) -> Selection:
    """Every pixel of a canvas of that size."""
    return Selection(np.ones((height, width), bool))


def select_box(box: Box, width: int, height: int) -> Selection:
    """The pixels of ``box`` that lie on the canvas."""
    return Selection(raster.rectangle(box, width, height).mask(width, height))


def select_polygon(points: list[Point], width: int, height: int) -> Selection:
    """What a lasso through ``points`` encloses; fewer than three points enclose nothing."""
    return Selection(raster.polygon(points, width, height).mask(width, height))


def select_class(labels_HW: np.ndarray, label: int) -> Selection:
    """All pixels of one class of a label map."""
    return Selection(labels_HW == label)


def select_region(labels_HW: np.ndarray, x: int, y: int) -> Selection:
    """The pixels of one class that hang together with (x, y); nothing if that lies outside."""
    mask = np.zeros(labels_HW.shape, bool)
    if _is_inside(mask, x, y):
        box, part = raster.connected(labels_HW, x, y)
        mask[box.slices] = part
    return Selection(mask)


def select_color(image_HW3: np.ndarray, x: int, y: int, tolerance: int = 24, contiguous: bool = True) -> Selection:
    """The magic wand: pixels of a photo whose red, green and blue differ by at most ``tolerance`` (0..255) each.

    They are compared with the pixel at (x, y); ``contiguous`` takes only those that hang together with it.
    """
    mask = np.zeros(image_HW3.shape[:2], bool)
    if not _is_inside(mask, x, y):
        return Selection(mask)
    color = image_HW3[y, x].astype(int)
    low, high = np.maximum(color - tolerance, 0), np.minimum(color + tolerance, 255)
    alike = cv2.inRange(image_HW3, low, high)
    if not contiguous:
        return Selection(alike != 0)
    return select_region(alike, x, y)


def _is_inside(mask_HW: np.ndarray, x: int, y: int) -> bool:
    return 0 <= y < mask_HW.shape[0] and 0 <= x < mask_HW.shape[1]


def _runs(mask_hw: np.ndarray) -> np.ndarray:
    """(n, 3): row, first and end column of every run of true pixels in a row; none may touch the left or right edge."""
    steps = np.diff(mask_hw.astype(np.int8), axis=1)
    rows, firsts = np.nonzero(steps == 1)
    _rows, ends = np.nonzero(steps == -1)
    return np.stack([rows, firsts + 1, ends + 1], axis=1)
