"""Which regions of a label map a discriminator reads as something else (confident learning: Northcutt et al., 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from oasis_studio.core.models.reading import Reading

_LEAST_SHARE = 0.004
"""Of the picture: smaller regions are read from too few pixels."""


@dataclass(frozen=True, eq=False)
class LabelledRegion:
    """A connected piece of one class; ``box`` (left, top, width, height) and ``point`` (x, y) in its pixels.

    ``share`` of the picture · ``read`` (classes,): the mean of what the discriminator reads there, with the sum 1.
    """

    pair: str
    label: int
    box: tuple[int, int, int, int]
    point: tuple[int, int]
    share: float
    read: np.ndarray


@dataclass(frozen=True)
class Suspicion:
    """``score`` above 0: the region rather is ``instead`` than what it is called, compared with its likes."""

    score: float
    instead: int


def labelled_regions(pair: str, labels_HW: np.ndarray, reading: Reading, scale: float = 1.0) -> list[LabelledRegion]:
    """All regions that are large enough; ids of ``labels_HW`` beyond the classes are passed over.

    ``scale``: pixels of the label map as it was for one of ``labels_HW``.
    """
    height, width = labels_HW.shape
    planes = reading.resized(height, width)[1:]
    planes = planes / np.maximum(planes.sum(axis=0, keepdims=True), 1e-6)
    found = []
    for label in np.unique(labels_HW[labels_HW < reading.classes]).tolist():
        count, pieces, stats, _centres = cv2.connectedComponentsWithStats(
            (labels_HW == label).astype(np.uint8), connectivity=4
        )
        for number in range(1, count):
            left, top, across, down, area = stats[number].tolist()
            if area < _LEAST_SHARE * labels_HW.size:
                continue
            window = np.s_[top : top + down, left : left + across]
            inside = pieces[window] == number
            read = planes[:, *window][:, inside].mean(axis=1)
            x, y = _innermost(inside)
            corner, size = (round(left * scale), round(top * scale)), (round(across * scale), round(down * scale))
            point = (int((left + x + 0.5) * scale), int((top + y + 0.5) * scale))
            share = area / labels_HW.size
            found.append(LabelledRegion(pair, label, (*corner, *size), point, share, read))
    return found


def suspicions(regions: Sequence[LabelledRegion]) -> list[Suspicion]:
    """How much better another class fits each region than its own, both beyond what is usual for that class.

    A discriminator is surer of sky than of objects. What is usual is the mean, over the regions called so, of how sure
    it is; so a region is not suspected only because its class is hard to read.
    """
    if not regions:
        return []
    read_RC = np.stack([region.read for region in regions])
    labels_R = np.array([region.label for region in regions])
    weights_R = np.sqrt([region.share for region in regions])
    usual_C = np.full(read_RC.shape[1], np.average(read_RC[np.arange(len(labels_R)), labels_R], weights=weights_R))
    for label in np.unique(labels_R):
        own = labels_R == label
        usual_C[label] = np.average(read_RC[own, label], weights=weights_R[own])
    beyond_RC = read_RC - usual_C
    of_label = beyond_RC[np.arange(len(labels_R)), labels_R].copy()
    beyond_RC[np.arange(len(labels_R)), labels_R] = -np.inf
    if beyond_RC.shape[1] == 1:
        return [Suspicion(0.0, 0) for _region in regions]
    best = beyond_RC.argmax(axis=1)
    scores = beyond_RC.max(axis=1) - of_label
    return [Suspicion(float(score), int(label)) for score, label in zip(scores, best, strict=True)]


def _innermost(inside_HW: np.ndarray) -> tuple[int, int]:
    """(x, y) of the pixel farthest from the border of a region: one that is surely in it."""
    padded = np.pad(inside_HW.astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(distance.argmax()), distance.shape)
    return int(x), int(y)
