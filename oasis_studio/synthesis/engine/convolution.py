"""Convolutions of channels-last maps with weights laid out once for the processor."""

from __future__ import annotations

import logging

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.engine.folding import FoldedConv
from oasis_studio.synthesis.engine.rounding import rounded

log = logging.getLogger(__name__)


class PackedConv:
    """A same-size or valid convolution, stride 1.

    On the CPU the weights are packed for oneDNN once: unpacked, a 1024-channel layer of 8×8 pixels spends most of its
    time laying out its weights again.
    """

    def __init__(self, conv: FoldedConv, dtype: torch.dtype, device: torch.device) -> None:
        weight = rounded(conv.weight_OIHW.to(device), dtype)
        self._bias = None if conv.bias is None else conv.bias.to(device, dtype)
        self._packed = _packed(weight) if device.type == "cpu" else None
        self._weight = None if self._packed is not None else weight.contiguous(memory_format=torch.channels_last)

    def __call__(self, x_1CHW: Tensor, padding: int) -> Tensor:
        """(1, O, H', W') channels-last, in fresh memory."""
        if self._packed is None:
            return F.conv2d(x_1CHW, self._plain, self._bias, padding=padding)
        return torch.ops.mkldnn._convolution_pointwise(
            x_1CHW, self._packed, self._bias, [padding] * 2, [1, 1], [1, 1], 1, "none", [], ""
        )

    def add_to(self, total_1OHW: Tensor, x_1CHW: Tensor, padding: int) -> Tensor:
        """``total`` plus the convolution, in the place of ``total``."""
        if self._packed is None:
            return total_1OHW.add_(F.conv2d(x_1CHW, self._plain, self._bias, padding=padding))
        return torch.ops.mkldnn._convolution_pointwise_.binary(
            total_1OHW, x_1CHW, self._packed, self._bias, [padding] * 2, [1, 1], [1, 1], 1, "add", 1.0, None, [], None
        )

    @property
    def _plain(self) -> Tensor:
        assert self._weight is not None
        return self._weight


def _packed(weight_OIHW: Tensor) -> Tensor | None:
    """The weight in oneDNN's own layout, or None where this torch cannot use one."""
    if not torch.backends.mkldnn.is_available():
        return None
    try:
        nn_functions = torch._C._nn  # type: ignore[attr-defined] # compiled, so without types
        packed = nn_functions.mkldnn_reorder_conv2d_weight(weight_OIHW.to_mkldnn(), [1, 1], [1, 1], [1, 1], 1)
        probe = torch.zeros((1, weight_OIHW.shape[1], 4, 4), dtype=weight_OIHW.dtype)
        probe = probe.contiguous(memory_format=torch.channels_last)
        torch.ops.mkldnn._convolution_pointwise(probe, packed, None, [1, 1], [1, 1], [1, 1], 1, "none", [], "")
    except (RuntimeError, AttributeError, TypeError) as error:
        log.info("convolutions are not packed: %s", error)
        return None
    return packed


def as_map(x_HWC: Tensor) -> Tensor:
    """(H, W, C) → (1, C, H, W) channels-last, the same memory."""
    return x_HWC.permute(2, 0, 1)[None]


def as_rows(x_1CHW: Tensor) -> Tensor:
    """(1, C, H, W) channels-last → (H, W, C), the same memory."""
    return x_1CHW[0].permute(1, 2, 0)
