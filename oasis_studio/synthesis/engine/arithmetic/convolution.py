"""Convolutions of channels-last maps with weights laid out once for the processor."""

from __future__ import annotations

import logging
import time
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv
from oasis_studio.synthesis.engine.arithmetic.rounding import rounded

log = logging.getLogger(__name__)

_LARGE = 4 << 20
"""Weights of more numbers: what lies plainly is laid out again every time, which then takes longer than few pixels."""
_COARSE_SIDE = 18
_COARSE_WIDTH, _COARSE_STEP = 32, 8
"""Maps of these widths have the layout of one of ``_COARSE_SIDE`` squared, a frame of one pixel included."""
_CLEARLY_SLOWER = 2.0


class PackedConv:
    """A same-size or valid convolution, stride 1.

    On the CPU the weights are packed for oneDNN once: unpacked, a 1024-channel layer of 8×8 pixels spends most of its
    time laying out its weights again. Where the layout depends on the width of the map (``is_layout_bound``), only
    the largest are packed, for whole coarse maps: the wrong layout costs as much as ten convolutions. No bit depends on
    it.
    """

    def __init__(self, conv: FoldedConv, dtype: torch.dtype, device: torch.device) -> None:
        weight = rounded(conv.weight_OIHW.to(device), dtype)
        self._bias = None if conv.bias is None else conv.bias.to(device, dtype)
        self._packed = _packed(weight) if device.type == "cpu" else None
        self._weight = None
        if self._packed is None:
            self._weight = weight.contiguous(memory_format=torch.channels_last)
        self._coarse: Tensor | None = None
        if self._packed is not None and is_layout_bound(dtype):
            if weight.numel() >= _LARGE:
                self._coarse = _packed(weight, (weight.shape[1], _COARSE_SIDE, _COARSE_SIDE))
            self._packed = weight.contiguous(memory_format=torch.channels_last)

    def __call__(self, x_1CHW: Tensor, padding: int) -> Tensor:
        """(1, O, H', W') channels-last, in fresh memory."""
        if self._packed is None:
            return F.conv2d(x_1CHW, self._plain, self._bias, padding=padding)
        return torch.ops.mkldnn._convolution_pointwise(
            x_1CHW, self._for(x_1CHW, padding), self._bias, [padding] * 2, [1, 1], [1, 1], 1, "none", [], ""
        )

    def add_to(self, total_1OHW: Tensor, x_1CHW: Tensor, padding: int) -> Tensor:
        """``total`` plus the convolution, in the place of ``total``."""
        if self._packed is None:
            return total_1OHW.add_(F.conv2d(x_1CHW, self._plain, self._bias, padding=padding))
        weight, padded = self._for(x_1CHW, padding), [padding] * 2
        return torch.ops.mkldnn._convolution_pointwise_.binary(
            total_1OHW, x_1CHW, weight, self._bias, padded, [1, 1], [1, 1], 1, "add", 1.0, None, [], None
        )

    def _for(self, x_1CHW: Tensor, padding: int) -> Tensor | None:
        width = x_1CHW.shape[3]
        is_coarse = padding > 0 and width <= _COARSE_WIDTH and not width % _COARSE_STEP
        return self._coarse if self._coarse is not None and is_coarse else self._packed

    @property
    def _plain(self) -> Tensor:
        assert self._weight is not None
        return self._weight


@cache
def is_layout_bound(dtype: torch.dtype) -> bool:
    """Are weights packed without a size laid out again for a map of some size, slowly? Measured once per process.

    So it is with AVX2 alone, where a map of 16×16 pixels took ten times as long as with weights that are not packed.
    """
    inputs, side = 256, 18
    dense = torch.ones((inputs, inputs, 3, 3), dtype=dtype).contiguous(memory_format=torch.channels_last)
    packed = _packed(dense)
    if packed is None:
        return False
    x = torch.ones((1, inputs, side, side), dtype=dtype).contiguous(memory_format=torch.channels_last)

    def seconds(weight: Tensor) -> float:
        start = time.process_time()  # a machine that is busy for a moment must not decide a session
        torch.ops.mkldnn._convolution_pointwise(x, weight, None, [0, 0], [1, 1], [1, 1], 1, "none", [], "")
        return time.process_time() - start

    with torch.inference_mode():
        rounds = [(seconds(packed), seconds(dense)) for _round in range(4)][1:]  # the first pays for set-up
    slow, fast = (min(times) for times in zip(*rounds, strict=True))
    if slow > _CLEARLY_SLOWER * fast:
        log.info("convolutions are packed for few sizes: %.1f instead of %.1f ms", 1000 * fast, 1000 * slow)
    return slow > _CLEARLY_SLOWER * fast


def _packed(weight_OIHW: Tensor, size_CHW: tuple[int, int, int] | None = None) -> Tensor | None:
    """The weight in oneDNN's own layout, for a map of that size; None where this torch cannot use one."""
    if not torch.backends.mkldnn.is_available():
        return None
    size = None if size_CHW is None else [1, *size_CHW]
    padding = [1, 1] if size is None else [0, 0]
    try:
        nn_functions = torch._C._nn  # type: ignore[attr-defined] # compiled, so without types
        reorder = nn_functions.mkldnn_reorder_conv2d_weight
        packed = reorder(weight_OIHW.to_mkldnn(), padding, [1, 1], [1, 1], 1, size)
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
