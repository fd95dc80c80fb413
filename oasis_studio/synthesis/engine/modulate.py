"""SPADE's last step in one sweep over cache-sized strips: double the size, gather A and B, x · A + B, leaky ReLU."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.engine.matrix import PackedMatrix
from oasis_studio.synthesis.engine.workspace import Workspace
from oasis_studio.synthesis.spade import LEAK

_STRIP_BYTES = 2 << 20

Coefficients = Callable[[int, int, Workspace], Tensor]
"""First and end row of an image, a workspace → (rows · W, 2C): A and B of every pixel, side by side."""


def from_table(table_N2C: Tensor, index_HW: Tensor) -> Coefficients:
    """A and B of a pixel are the row of the table that the index names."""

    def rows(first: int, end: int, workspace: Workspace) -> Tensor:
        index = index_HW[first:end].reshape(-1)
        out = workspace.take("coefficients", len(index), table_N2C.shape[1])
        return torch.index_select(table_N2C, 0, index, out=out)

    return rows


def from_map(map_HWD: Tensor) -> Coefficients:
    """A and B stand in a map of D = 2C channels."""

    def rows(first: int, end: int, _workspace: Workspace) -> Tensor:
        return map_HWD[first:end].reshape(-1, map_HWD.shape[2])

    return rows


def modulate(x_HWC: Tensor, coefficients: Coefficients, out_HWC: Tensor, workspace: Workspace) -> Tensor:
    """leaky(x · A + B) into ``out``, which has the size of x, or twice: then every pixel becomes a 2×2 block.

    ``out`` may be x itself.
    """
    _height, width, channels = x_HWC.shape
    factor = out_HWC.shape[1] // width
    for first, end in _strips(x_HWC, factor):
        strip = out_HWC[first * factor : end * factor].view(end - first, factor, width, factor, channels)
        _affine(x_HWC[first:end], coefficients(first * factor, end * factor, workspace), strip)
        F.leaky_relu_(strip, LEAK)
    return out_HWC


def project(
    x_HWC: Tensor, coefficients: Coefficients, weight: PackedMatrix, out_HWO: Tensor, workspace: Workspace
) -> Tensor:
    """(x · A + B) times a matrix (a 1×1 convolution) into ``out``, of the size of x or twice; no other map is made.

    A matrix product, because the 1×1 convolution of few bfloat16 pixels falls into a slow path.
    """
    _height, width, channels = x_HWC.shape
    factor = out_HWO.shape[1] // width
    for first, end in _strips(x_HWC, factor):
        strip = workspace.take("strip", end - first, factor, width, factor, channels)
        _affine(x_HWC[first:end], coefficients(first * factor, end * factor, workspace), strip)
        rows = out_HWO[first * factor : end * factor].view(-1, out_HWO.shape[2])
        rows.copy_(weight(strip.view(-1, channels)))
    return out_HWO


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
