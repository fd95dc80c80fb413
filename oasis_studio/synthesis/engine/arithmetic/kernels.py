"""The three inner loops that are worth machine code of their own, here by torch and numpy, on any device.

``native`` has the same in C++. They agree up to rounding: machine code rounds a bfloat16 result once, torch after
every operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.networks.windows import TAPS, WindowDictionary

_STRIP_BYTES = 2 << 20
_HIGHEST = 255
_LEAST_RANGE = 1e-6

Take = Callable[..., Tensor]
"""A name and a shape → memory that is used again, as Workspace.take."""


@dataclass(frozen=True)
class Coefficients:
    """A and B of every pixel of a map, side by side: 2C channels.

    The row of ``rows`` (N, 2C) that ``index_HW`` (int32) names; without an index, ``rows`` is a map (H, W, 2C).
    """

    rows: Tensor
    index_HW: Tensor | None

    def cut(self, rows: slice, columns: slice) -> Coefficients:
        """Those of a part of the map."""
        if self.index_HW is None:
            return Coefficients(self.rows[rows, columns], None)
        return Coefficients(self.rows, self.index_HW[rows, columns])


@dataclass(frozen=True)
class Levels:
    """Values as bytes: value ≈ (byte − zero) · scale. Zero is one of them; what lies beyond 0 … 255 is cut off."""

    scale: float
    zero: int

    @classmethod
    def between(cls, low: float, high: float) -> Levels:
        """For values from ``low`` ≤ 0 to ``high`` ≥ 0."""
        scale = max(high - low, _LEAST_RANGE) / _HIGHEST
        return cls(scale, round(-low / scale))


class Kernels(Protocol):
    """What the engine needs of its inner loops."""

    name: str

    def modulate(
        self,
        x_HWC: Tensor,
        coefficients: Coefficients,
        out_HWC: Tensor,
        factor: int,
        corner: tuple[int, int],
        leak: float,
        take: Take,
        levels: Levels | None = None,
    ) -> None:
        """leaky(x · A + B) into ``out``, for which every pixel of x stands for ``factor`` × ``factor`` pixels.

        ``corner`` (row, column) is where the first pixel of ``out`` lies in x so enlarged. Channels lie side by side
        in all three; ``out`` may be x itself where the factor is 1. With ``levels``, ``out`` is uint8.
        """
        ...

    def sum_rows(
        self, table_MC: Tensor, windows_N9: Tensor | None, bias_C: Tensor, out_NC: Tensor, is_activated: bool
    ) -> None:
        """For every window (int32) the sum of the rows w · 9 + t of ``table``, t its nine places, plus the bias.

        Without windows, every row plus the bias (float32). ``is_activated``: negative sums become zero.
        """
        ...

    def windows(self) -> WindowDictionary:
        """An empty dictionary of windows."""
        ...


class TorchKernels:
    """By torch, strip by strip, so that a strip stays in the cache."""

    name = "torch"

    def modulate(
        self,
        x_HWC: Tensor,
        coefficients: Coefficients,
        out_HWC: Tensor,
        factor: int,
        corner: tuple[int, int],
        leak: float,
        take: Take,
        levels: Levels | None = None,
    ) -> None:
        for first, end in _strips(out_HWC, factor, x_HWC.element_size()):
            rows = _rows(coefficients, first, end, take)
            strip = out_HWC[first:end]
            out = strip if levels is None else take("levels", *strip.shape)
            x, shape = _enlarged(x_HWC, out, factor, (corner[0] + first, corner[1]))
            channels = out.shape[2]
            shaped = rows.view(*shape[:-1], 2 * channels)
            torch.addcmul(shaped[..., channels:], x, shaped[..., :channels], out=out.view(shape))
            if leak != 1:
                F.leaky_relu_(out, leak)
            if levels is not None:
                # To the nearest: conversion drops what comes after the point.
                strip.copy_(out.float().mul_(1 / levels.scale).add_(levels.zero + 0.5).clamp_(0, _HIGHEST))

    def sum_rows(
        self, table_MC: Tensor, windows_N9: Tensor | None, bias_C: Tensor, out_NC: Tensor, is_activated: bool
    ) -> None:
        sums = table_MC
        if windows_N9 is not None:
            bags = windows_N9.long() * TAPS + torch.arange(TAPS, device=windows_N9.device)
            sums = F.embedding_bag(bags, table_MC, mode="sum")
        torch.add(sums, bias_C, out=out_NC)
        if is_activated:
            out_NC.relu_()

    def windows(self) -> WindowDictionary:
        return WindowDictionary()


def _strips(out_HWC: Tensor, factor: int, itemsize: int) -> Iterator[tuple[int, int]]:
    """Rows of ``out`` whose A and B fit the cache together; whole pixels of x, if that begins with one."""
    height, width, channels = out_HWC.shape
    row_bytes = 2 * channels * width * itemsize
    step = max(1, _STRIP_BYTES // max(row_bytes * factor, 1)) * factor
    for first in range(0, height, step):
        yield first, min(first + step, height)


def _rows(coefficients: Coefficients, first: int, end: int, take: Take) -> Tensor:
    """(pixels, 2C): A and B of some rows of the map."""
    if coefficients.index_HW is None:
        return coefficients.rows[first:end].reshape(-1, coefficients.rows.shape[2])
    index = coefficients.index_HW[first:end].reshape(-1)
    out = take("coefficients", len(index), coefficients.rows.shape[1])
    return torch.index_select(coefficients.rows, 0, index, out=out)


def _enlarged(x_HWC: Tensor, out_HWC: Tensor, factor: int, corner: tuple[int, int]) -> tuple[Tensor, tuple[int, ...]]:
    """The part of x for ``out``, and a shape of ``out`` to which it broadcasts."""
    height, width, channels = out_HWC.shape
    row, column = corner
    if any(side % factor for side in (height, width, row, column)):
        rows, columns = (
            torch.arange(first, first + count, device=x_HWC.device) // factor
            for first, count in ((row, height), (column, width))
        )
        return x_HWC[rows[:, None], columns], (height, width, channels)
    part = x_HWC[row // factor : (row + height) // factor, column // factor : (column + width) // factor]
    return part[:, None, :, None], (height // factor, factor, width // factor, factor, channels)
