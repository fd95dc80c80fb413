"""Filling an area whose outline has small openings."""

from __future__ import annotations

import cv2
import numpy as np

from oasis_studio.core.pixels import raster
from oasis_studio.core.pixels.box import Box

MOST_GAP = 8
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def connected_without_gaps(area_HW: np.ndarray, x: int, y: int, gap: int) -> tuple[Box, np.ndarray]:
    """The part of a bool area around (x, y) that no opening of up to ``gap`` pixels leads out of: box and mask.

    A square one pixel wider than the gap is moved about inside the area; all that it can reach belongs to the part, and
    so do corners too narrow for it that touch no other part. Where (x, y) itself is in a narrow place, a smaller
    square is tried. The edge of the canvas is a wall.
    """
    area = np.ascontiguousarray(area_HW).view(np.uint8)
    for side in range(min(gap, MOST_GAP) + 1, 1, -1):
        square = np.ones((side, side), np.uint8)
        fits = cv2.erode(area, square, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
        place = _nearest_place(fits, x, y, side)
        if place is None:
            continue
        box, mask = raster.connected(fits, *place)
        reached = np.zeros_like(area)
        reached[box.slices] = mask
        mask_HW = _with_corners(area.view(bool), _spread(reached, square), _spread(fits, square))
        found = raster.box_around(mask_HW)
        return found, mask_HW[found.slices]
    return raster.connected(area, x, y)


def _nearest_place(fits: np.ndarray, x: int, y: int, side: int) -> tuple[int, int] | None:
    """Top left corner of a square inside the area that covers (x, y), the most central one."""
    top, left = max(0, y - side + 1), max(0, x - side + 1)
    rows, columns = np.nonzero(fits[top : y + 1, left : x + 1])
    if not rows.size:
        return None
    middle = (side - 1) / 2
    best = np.argmin((rows + top - y + middle) ** 2 + (columns + left - x + middle) ** 2)
    return int(columns[best]) + left, int(rows[best]) + top


def _spread(corners: np.ndarray, square: np.ndarray) -> np.ndarray:
    """What the squares with those top left corners cover, as bool."""
    side = len(square)
    covered = cv2.dilate(corners, square, anchor=(side - 1, side - 1), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return covered.view(bool)


def _with_corners(area: np.ndarray, reached: np.ndarray, wide: np.ndarray) -> np.ndarray:
    """``reached``, and with it the narrow pieces of the area that touch it and no other wide part; all bool."""
    narrow = area & ~wide
    count, found = cv2.connectedComponents(narrow.view(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    pieces = np.asarray(found, np.int32)
    belongs = np.zeros(count, bool)
    belongs[pieces[_beside(reached) & narrow]] = True
    belongs[pieces[_beside(wide & ~reached) & narrow]] = False
    belongs[0] = False
    return reached | belongs[pieces]


def _beside(mask_HW: np.ndarray) -> np.ndarray:
    """The mask and the pixels that share an edge with it."""
    return cv2.dilate(mask_HW.view(np.uint8), _CROSS).view(bool)
