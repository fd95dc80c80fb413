"""SPADE's last step in one sweep over cache-sized strips: double the size, gather A and B, x · A + B, leaky ReLU."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.spade import LEAK

_STRIP_BYTES = 2 << 20

Coefficients = Callable[[int, int], Tensor]
"""First and end row of an image → (rows · W, 2C): A and B of every pixel, side by side."""


def from_table(table_N2C: Tensor, index_HW: Tensor) -> Coefficients:
    """A and B of a pixel are the row of the table that the index names."""

    def rows(first: int, end: int) -> Tensor:
        return table_N2C.index_select(0, index_HW[first:end].reshape(-1))

    return rows


def from_map(map_HWD: Tensor) -> Coefficients:
    """A and B stand in a map of D = 2C channels."""

    def rows(first: int, end: int) -> Tensor:
        return map_HWD[first:end].reshape(-1, map_HWD.shape[2])

    return rows


def modulate(x_HWC: Tensor, coefficients: Coefficients, doubles: bool) -> Tensor:
    """leaky(x · A + B): (H, W, C), or (2H, 2W, C) if it ``doubles`` (every pixel becomes a 2×2 block)."""
    height, width, channels = x_HWC.shape
    factor = 2 if doubles else 1
    result = x_HWC.new_empty((height * factor, width * factor, channels))
    for first, end in _strips(x_HWC, factor):
        out = result[first * factor : end * factor].view(end - first, factor, width, factor, channels)
        _affine(x_HWC[first:end], coefficients(first * factor, end * factor), out)
        F.leaky_relu_(out, LEAK)
    return result


def project(x_HWC: Tensor, coefficients: Coefficients, doubles: bool, weight_CO: Tensor) -> Tensor:
    """(x · A + B) times a matrix, a 1×1 convolution: (H, W, O) or (2H, 2W, O). The product's input never exists whole.

    A matrix product, because the 1×1 convolution of few bfloat16 pixels falls into a slow path.
    """
    height, width, channels = x_HWC.shape
    factor = 2 if doubles else 1
    outputs = weight_CO.shape[1]
    result = x_HWC.new_empty((height * factor, width * factor, outputs))
    for first, end in _strips(x_HWC, factor):
        strip = x_HWC.new_empty((end - first, factor, width, factor, channels))
        _affine(x_HWC[first:end], coefficients(first * factor, end * factor), strip)
        torch.mm(strip.view(-1, channels), weight_CO, out=result[first * factor : end * factor].view(-1, outputs))
    return result


def _affine(x_HWC: Tensor, rows: Tensor, out: Tensor) -> None:
    """x · A + B into ``out`` (h, factor, w, factor, C)."""
    channels = out.shape[-1]
    shaped = rows.view(*out.shape[:-1], 2 * channels)
    torch.addcmul(shaped[..., channels:], x_HWC[:, None, :, None], shaped[..., :channels], out=out)


def _strips(x_HWC: Tensor, factor: int) -> Iterator[tuple[int, int]]:
    """Rows of x whose A and B fit the cache together."""
    height, width, channels = x_HWC.shape
    row_bytes = 2 * channels * width * factor * factor * x_HWC.element_size()
    step = max(1, _STRIP_BYTES // max(row_bytes, 1))
    for first in range(0, height, step):
        yield first, min(first + step, height)
