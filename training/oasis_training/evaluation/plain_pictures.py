"""Pictures that a generator must beat, and the plainest number about a picture."""

from __future__ import annotations

import torch
from torch import Tensor


def mean_colours(image_N3HW: Tensor, labels_NHW: Tensor, classes: int) -> Tensor:
    """(classes, 3): the mean colour of every class in [−1, 1]."""
    pixels = image_N3HW.movedim(1, -1).reshape(-1, 3).double()
    ids = labels_NHW.flatten()
    total = torch.zeros((classes, 3), dtype=torch.float64).index_add_(0, ids.cpu(), pixels.cpu())
    count = torch.bincount(ids.cpu(), minlength=classes).clamp(min=1)
    return (total / count[:, None]).float()


def mean_colour_pictures(image_N3HW: Tensor, labels_NHW: Tensor, classes: int) -> Tensor:
    """(N, 3, H, W) on the CPU: the label maps painted in the mean colours of the photos' own classes."""
    return mean_colours(image_N3HW, labels_NHW, classes)[labels_NHW.cpu()].movedim(-1, 1)


def sharpness(image_N3HW: Tensor) -> float:
    """Mean absolute difference of neighbouring pixels, in 8-bit steps: 0 for flat colour."""
    rows = (image_N3HW[:, :, 1:] - image_N3HW[:, :, :-1]).abs().mean()
    columns = (image_N3HW[:, :, :, 1:] - image_N3HW[:, :, :, :-1]).abs().mean()
    return float((rows + columns) / 2 * 127.5)
