"""Filling an area whose outline has small openings."""

from __future__ import annotations

import cv2
import numpy as np

from oasis_studio.core.pixels import raster
from oasis_studio.core.pixels.box import Box

MOST_GAP = 8
_SLIT = 2
"""Pixels between a shape and the picture's edge that are an opening nobody meant: a hand stops there."""
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


def connected_inside(area_HW: np.ndarray, x: int, y: int) -> tuple[Box, np.ndarray]:
    """The part of a bool area around (x, y) that hangs together, but not through a slit along the picture's edge.

    A slit belongs to the part if it touches no other; where (x, y) is in one itself, it is a way like any other.
    """
    area = np.ascontiguousarray(area_HW)
    square = np.ones((_SLIT + 1, _SLIT + 1), np.uint8)
    fits = cv2.erode(area.view(np.uint8), square, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    slits = area & ~_spread(fits, square)
    slits[_SLIT:-_SLIT, _SLIT:-_SLIT] = False
    if slits[y, x] or not slits.any():
        return raster.connected(area.view(np.uint8), x, y)
    open_HW = area & ~slits
    box, mask = raster.connected(open_HW.view(np.uint8), x, y)
    reached = np.zeros_like(area)
    reached[box.slices] = mask
    _add_dead_ends(reached, open_HW, slits)
    found = raster.box_around(reached)
    return found, reached[found.slices]


def _add_dead_ends(reached: np.ndarray, open_HW: np.ndarray, slits: np.ndarray) -> None:
    """Put into ``reached`` the slits that touch it and nothing else of ``open_HW``; all bool."""
    few = cv2.CV_16U  # along the edge there are no more, and it is several times as fast
    count, found = cv2.connectedComponents(slits.view(np.uint8), connectivity=4, ltype=few)
    columns, rows = np.asarray(cv2.findNonZero(slits.view(np.uint8)), np.intp).reshape(-1, 2).T
    pieces = np.asarray(found, np.uint16)[rows, columns].astype(np.intp)
    belongs, leads_on = np.zeros(count, bool), np.zeros(count, bool)
    height, width = slits.shape
    for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        row, column = np.clip(rows + down, 0, height - 1), np.clip(columns + right, 0, width - 1)
        is_reached = reached[row, column]
        belongs[pieces[is_reached]] = True
        leads_on[pieces[open_HW[row, column] & ~is_reached]] = True
    reached[rows, columns] = (belongs & ~leads_on)[pieces]


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
