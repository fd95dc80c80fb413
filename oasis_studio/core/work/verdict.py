"""From a critique to regions: how good each is, which is worst, and where the photo reads as another class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.work.jobs import Critique

SURE = 0.6
"""A reading less likely than this is no objection."""
_SMALLEST_SHARE = 500
"""Of the picture's pixels, one in so many: smaller misreadings are the edges of things."""
_WORST_SHARE = 200
"""As small a region is not called the worst: its score is chance."""


@dataclass(frozen=True, eq=False)
class Misreading:
    """A connected place inside ``box`` (``mask_hw`` bool) that reads as the class ``label`` instead of what it is."""

    label: int
    box: Box
    mask_hw: np.ndarray

    def contains(self, x: int, y: int) -> bool:
        column, row = x - self.box.left, y - self.box.top
        height, width = self.mask_hw.shape
        return 0 <= column < width and 0 <= row < height and bool(self.mask_hw[row, column])


def region_scores(critique: Critique, regions: RegionMap) -> dict[RegionKey, float]:
    """The mean realism of every region that has pixels, 0..1, higher is better; {} if the sizes differ."""
    return _means(critique.realism_HW, regions)


def mask_score(critique: Critique, mask_HW: np.ndarray) -> float:
    """The mean realism inside the mask (of everything if it is empty), 0..1, higher is better."""
    values = critique.realism_HW[mask_HW] if mask_HW.any() else critique.realism_HW
    return float(values.mean())


def worst_region(critique: Critique, regions: RegionMap, spared: Iterable[RegionKey] = ()) -> RegionKey | None:
    """The region that surprises most of those that are large enough and not ``spared``; None if there is none."""
    amounts = _means(critique.surprise_HW, regions)
    least = regions.ids_HW.size / _WORST_SHARE
    left = {key: amount for key, amount in amounts.items() if key not in set(spared) and regions.area(key) >= least}
    return max(left, key=left.__getitem__, default=None)


def misreadings(critique: Critique, labels_HW: np.ndarray) -> list[Misreading]:
    """Where the photo surely reads as another class than was painted, the largest places first."""
    if critique.read_HW.shape != labels_HW.shape:
        return []
    differs = (critique.read_HW != labels_HW) & (critique.sure_HW >= SURE)
    least = labels_HW.size / _SMALLEST_SHARE
    found: list[tuple[int, Misreading]] = []
    for label in np.unique(critique.read_HW[differs]).tolist():
        mask = (differs & (critique.read_HW == label)).astype(np.uint8)
        _count, pieces, stats, _centres = cv2.connectedComponentsWithStats(mask, connectivity=4)
        for number, (left, top, width, height, area) in enumerate(np.asarray(stats).tolist()):
            if number and area >= least:
                box = Box(left, top, left + width, top + height)
                found.append((area, Misreading(label, box, np.asarray(pieces)[box.slices] == number)))
    return [each for _area, each in sorted(found, key=lambda pair: -pair[0])]


def _means(values_HW: np.ndarray, regions: RegionMap) -> dict[RegionKey, float]:
    if values_HW.shape != regions.ids_HW.shape:
        return {}
    ids = regions.ids_HW.ravel()
    sums = np.bincount(ids, values_HW.ravel().astype(np.float64), minlength=len(regions.keys))
    return {each.key: float(sums[each.number] / each.area) for each in regions.regions}
