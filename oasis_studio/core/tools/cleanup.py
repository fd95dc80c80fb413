"""Cleaning a layer's labels. Each returns a step for ``History.do``, or None if there is nothing to clean.

Where ``selection`` is given, only its pixels change. StudioError if the layer is locked or hidden.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.history.history import Command
from oasis_studio.core.tools.layer_steps import repaint
from oasis_studio.core.tools.tool import check_paintable
from oasis_studio.i18n import _

MOST_SMOOTHING = 7


def remove_specks(layer: LabelLayer, smallest: int, selection: Selection | None = None) -> Command | None:
    """Painted pieces of one class with fewer than ``smallest`` pixels take the nearest label around them."""
    return _cleaned(layer, selection, _("Remove specks"), lambda labels: without_specks(labels, smallest))


def smooth_edges(layer: LabelLayer, radius: int = 2, selection: Selection | None = None) -> Command | None:
    """Every pixel takes the label that most pixels of the square around it have, ``radius`` 1..7 to each side.

    Its own label wins a tie, and after it the lower one. Unpainted pixels count as well.
    """
    radius = max(1, min(radius, MOST_SMOOTHING))
    return _cleaned(layer, selection, _("Smooth edges"), lambda labels: _majority(labels, radius))


def fill_holes(layer: LabelLayer, largest: int | None = None, selection: Selection | None = None) -> Command | None:
    """Unpainted pieces inside painted ones take the nearest label; of at most ``largest`` pixels, if that is given.

    A piece at the edge of the canvas is no hole.
    """
    return _cleaned(layer, selection, _("Fill holes"), lambda labels: _without_holes(labels, largest))


def _cleaned(
    layer: LabelLayer, selection: Selection | None, title: str, clean: Callable[[np.ndarray], np.ndarray]
) -> Command | None:
    check_paintable(layer)
    after = clean(layer.labels)
    if selection is not None:
        after = np.where(selection.mask_HW, after, layer.labels)
    return repaint(layer, after, title)


def without_specks(labels_HW: np.ndarray, smallest: int) -> np.ndarray:
    """The labels, with painted pieces of fewer pixels given to what is around them."""
    specks = np.zeros(labels_HW.shape, bool)
    for label in _present(labels_HW):
        if label != UNPAINTED:
            pieces, areas, _boxes = _pieces(labels_HW == label)
            areas[0] = smallest
            specks |= (areas < smallest)[pieces]
    return _from_nearest(labels_HW, specks)


def _without_holes(labels_HW: np.ndarray, largest: int | None) -> np.ndarray:
    pieces, areas, boxes = _pieces(labels_HW == UNPAINTED)
    height, width = labels_HW.shape
    left, top, right, bottom = boxes
    is_hole = (left > 0) & (top > 0) & (right < width) & (bottom < height)
    if largest is not None:
        is_hole &= areas <= largest
    is_hole[0] = False
    return _from_nearest(labels_HW, is_hole[pieces])


def _majority(labels_HW: np.ndarray, radius: int) -> np.ndarray:
    side = 2 * radius + 1
    best = np.zeros(labels_HW.shape, np.int16)
    winner = labels_HW.copy()
    for label in _present(labels_HW):
        is_label = labels_HW == label
        counts = cv2.boxFilter(
            is_label.view(np.uint8), cv2.CV_16S, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT
        )
        counts = 2 * np.asarray(counts, np.int16) + is_label
        is_more = counts > best
        winner[is_more] = label
        best[is_more] = counts[is_more]
    return winner


def _present(labels_HW: np.ndarray) -> list[int]:
    """The labels that occur, in ascending order."""
    return np.flatnonzero(cv2.calcHist([labels_HW], [0], None, [256], [0, 256]).ravel()).tolist()


def _pieces(mask_HW: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The number of its piece at every true pixel (0 elsewhere), the pieces' areas, and their (4, n) boxes."""
    _count, pieces, stats, _centers = cv2.connectedComponentsWithStats(mask_HW.view(np.uint8), connectivity=4)
    left, top, width, height, area = np.asarray(stats, np.int64).T
    return np.asarray(pieces, np.int32), area.copy(), np.stack([left, top, left + width, top + height])


def _from_nearest(labels_HW: np.ndarray, mask_HW: np.ndarray) -> np.ndarray:
    """The labels, with those under the mask taken from the nearest pixel that is not; as they are if there is none."""
    if not mask_HW.any() or mask_HW.all():
        return labels_HW
    _distance, nearest = cv2.distanceTransformWithLabels(
        mask_HW.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.asarray(nearest, np.int32)
    table = np.zeros(int(nearest.max()) + 1, np.uint8)
    kept = ~mask_HW
    table[nearest[kept]] = labels_HW[kept]
    return np.where(mask_HW, table[nearest], labels_HW)
