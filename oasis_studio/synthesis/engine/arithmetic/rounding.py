"""Weights of convolutions in fewer bits, so that the errors of neighbouring taps cancel."""

from __future__ import annotations

import torch
from torch import Tensor


def rounded(weight_OIHW: Tensor, dtype: torch.dtype) -> Tensor:
    """The weight in ``dtype``, which may be one of integers: what rounding took from one tap is given to the next.

    Error diffusion, in each kernel by itself. Features are smooth: the taps of a kernel see nearly the same value, so
    what counts is the error of their sum.
    """
    height, width = weight_OIHW.shape[2:]
    if dtype.itemsize >= weight_OIHW.element_size():
        return weight_OIHW.to(dtype)
    result = torch.empty_like(weight_OIHW, dtype=dtype)
    owed_OI = torch.zeros_like(weight_OIHW[:, :, 0, 0])
    for row in range(height):
        for column in range(width) if row % 2 == 0 else reversed(range(width)):  # always to a neighbour
            wanted_OI = weight_OIHW[:, :, row, column] + owed_OI
            result[:, :, row, column] = wanted_OI if dtype.is_floating_point else wanted_OI.round()
            owed_OI = wanted_OI - result[:, :, row, column]
    return result
