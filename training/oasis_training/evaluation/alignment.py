"""Does a picture show what its label map says? A reading against the map."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Agreement:
    """``confusion`` (classes, classes) pixels, float64: rows are the label map, columns the reading.

    ``ignored``: a class that means "no label" and has no IoU.
    """

    confusion: Tensor
    ignored: int | None = None

    @property
    def accuracy(self) -> float:
        """Share of the pixels that are read as their class."""
        counted = self._counted()
        return float(counted.diagonal().sum() / counted.sum()) if counted.sum() else math.nan

    @property
    def iou(self) -> list[float]:
        """Intersection over union of every class; NaN for one that no label map has."""
        counted = self._counted()
        hit, in_map, in_reading = counted.diagonal(), counted.sum(dim=1), counted.sum(dim=0)
        iou = torch.where(in_map > 0, hit / (in_map + in_reading - hit).clamp(min=1), torch.nan)
        if self.ignored is not None:
            iou[self.ignored] = torch.nan
        return iou.tolist()

    @property
    def mean_iou(self) -> float:
        """Mean over the classes that occur."""
        present = [value for value in self.iou if not math.isnan(value)]
        return sum(present) / len(present) if present else math.nan

    def _counted(self) -> Tensor:
        counted = self.confusion.clone()
        if self.ignored is not None:
            counted[self.ignored] = 0
        return counted


def confusions(read_NHW: Tensor, labels_NHW: Tensor, valid_NHW: Tensor, classes: int) -> Tensor:
    """(N, classes, classes) float64, the confusion of every picture; pixels that are not ``valid`` do not count."""
    count = len(labels_NHW)
    picture = torch.arange(count)[:, None, None].expand_as(labels_NHW)
    index = (picture * classes + labels_NHW) * classes + read_NHW
    pixels = torch.bincount(index[valid_NHW], minlength=count * classes * classes)
    return pixels.reshape(count, classes, classes).double()
