"""Which colours a class has, without any network."""

from __future__ import annotations

import math

import cv2
import torch
from torch import Tensor

_BINS = 8
_REACH = 64.0
"""Of a* and b* to either side; stronger colours count as that."""


def colour_histograms(image_N3HW: Tensor, labels_NHW: Tensor, valid_NHW: Tensor, classes: int) -> Tensor:
    """(N, classes, bins) pixels in the cells of CIE L*a*b*, 8 along each axis; only ``valid`` pixels count."""
    found = []
    for image, labels, valid in zip(image_N3HW, labels_NHW, valid_NHW, strict=True):
        rgb = ((image + 1) / 2).clamp(0, 1).permute(1, 2, 0).contiguous().numpy()
        lab = torch.from_numpy(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB))
        unit = torch.stack([lab[..., 0] / 100, *((lab[..., 1:] + _REACH) / (2 * _REACH)).unbind(-1)])
        cell = (unit * _BINS).long().clamp(0, _BINS - 1)
        index = ((labels * _BINS + cell[0]) * _BINS + cell[1]) * _BINS + cell[2]
        found.append(torch.bincount(index[valid], minlength=classes * _BINS**3).reshape(classes, -1))
    return torch.stack(found).double()


def histogram_distance(real_NCB: Tensor, other_NCB: Tensor) -> float:
    """Mean over the classes of the χ² distance of their colours: 0 for the same shares, 1 for none in common."""
    a, b = real_NCB.sum(dim=0), other_NCB.sum(dim=0)
    both = (a.sum(dim=1) > 0) & (b.sum(dim=1) > 0)
    if not both.any():
        return math.nan
    a, b = (table[both] / table[both].sum(dim=1, keepdim=True) for table in (a, b))
    return float(((a - b).square() / (a + b).clamp(min=1e-12)).sum(dim=1).mean() / 2)


def thumbnail_patches(image_N3HW: Tensor) -> Tensor:
    """(N, 9, D): overlapping quarters of the pictures at 32 pixels, each without its mean brightness."""
    small = torch.nn.functional.interpolate(image_N3HW, size=(32, 32), mode="bilinear", antialias=True)
    patches = small.unfold(2, 16, 8).unfold(3, 16, 8)  # (N, 3, 3, 3, 16, 16)
    rows = patches.permute(0, 2, 3, 1, 4, 5).reshape(len(small), 9, -1)
    return (rows - rows.mean(dim=2, keepdim=True)).double()
