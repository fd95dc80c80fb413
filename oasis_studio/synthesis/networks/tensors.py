"""Resampling as the published networks do it: nearest, and the top-left pixel of every cell."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def resize_nearest(x_NCHW: Tensor, size: tuple[int, int]) -> Tensor:
    """(N, C, H, W) → (N, C, *size); source index = floor(index · in / out)."""
    (height, width), (rows, columns) = x_NCHW.shape[2:], size
    if (height, width) == (rows, columns):
        return x_NCHW
    if height % rows or width % columns:
        return F.interpolate(x_NCHW, size=size, mode="nearest")
    # Interpolation would bring the whole map into another order of memory first.
    return x_NCHW[:, :, :: height // rows, :: width // columns].clone()


def double(x_NCHW: Tensor) -> Tensor:
    """Every pixel becomes a 2×2 block."""
    return F.interpolate(x_NCHW, scale_factor=2, mode="nearest")


def condition(labels_NHW: Tensor, regions_NHW: Tensor, noise_NRZ: Tensor, classes: int) -> Tensor:
    """What the generator reads: (N, Z + classes, H, W) float, the region's noise first, then the one-hot class.

    ``labels_NHW`` ids in [0, classes) · ``regions_NHW`` rows of ``noise_NRZ`` · noise ~ N(0, 1).
    The paper's 3D noise tensor (§3.3), here constant inside a region.
    """
    count, height, width = labels_NHW.shape
    size = noise_NRZ.shape[2]
    rows_NZM = regions_NHW.reshape(count, 1, -1).long().expand(-1, size, -1)
    noise_NZM = torch.gather(noise_NRZ.transpose(1, 2), 2, rows_NZM)
    result = noise_NRZ.new_zeros((count, size + classes, height, width))
    result[:, :size] = noise_NZM.view(count, size, height, width)
    one_hot(labels_NHW, result[:, size:])
    return result


def one_hot(labels_NHW: Tensor, out_NCHW: Tensor) -> None:
    """Write 1 into the channel of every pixel's class; ``out_NCHW`` holds zeros."""
    out_NCHW.scatter_(1, labels_NHW.long()[:, None], 1.0)


def edges(ids_NHW: Tensor) -> Tensor:
    """(N, H, W) bool: has the pixel above, below, left or right another id? The border of the image is no edge."""
    result = torch.zeros_like(ids_NHW, dtype=torch.bool)
    across = ids_NHW[:, :, 1:] != ids_NHW[:, :, :-1]
    down = ids_NHW[:, 1:] != ids_NHW[:, :-1]
    result[:, :, 1:] |= across
    result[:, :, :-1] |= across
    result[:, 1:] |= down
    result[:, :-1] |= down
    return result
