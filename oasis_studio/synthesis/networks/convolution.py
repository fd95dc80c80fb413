"""Convolutions, and two compositions with them, in the form that a processor computes fastest.

The numbers and the gradients are those of the plain form up to the order of additions. Graphics cards, processors
under autocast and everything without gradients of weights to compute take PyTorch's own way where nothing was measured.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from oasis_studio.synthesis.networks.tensors import double

_SLOW_WITH = "AVX2"
"""With these instructions oneDNN has no fast kernel for a weight's gradient where channels lie side by side."""
_TAPS_OF_PIXELS = ((1.0, 1.0, 0.0), (0.0, 0.0, 1.0)), ((1.0, 0.0, 0.0), (0.0, 1.0, 1.0))
"""Which of three taps on a doubled map fall on the first, and on the second of two neighbours in the map itself: for
a pixel in the second, and in the first half of a doubled one."""


def computes_plainly(x: Tensor) -> bool:
    """Is ``x`` computed with on a processor, in the precision it has?"""
    return x.device.type == "cpu" and not torch.is_autocast_enabled("cpu")


def has_slow_weight_gradients() -> bool:
    """Are gradients of weights slow on this processor where the channels of a pixel lie side by side?"""
    return torch.backends.cpu.get_cpu_capability() == _SLOW_WITH


def convolve(x_NCHW: Tensor, weight_OIHW: Tensor, bias_O: Tensor | None, stride: int = 1, padding: int = 0) -> Tensor:
    """As ``F.conv2d``; on processors in another way where the channels of a pixel lie side by side.

    A 1×1 convolution is one matrix product there. The gradient of a larger weight takes up to four times as long with
    some instructions as that of planar features, so that it is computed from planar copies, which cost a third of it.
    """
    if computes_plainly(x_NCHW) and not x_NCHW.is_contiguous():
        if weight_OIHW.shape[2:] == (1, 1) and stride == 1:
            return F.linear(x_NCHW.permute(0, 2, 3, 1), weight_OIHW.flatten(1), bias_O).permute(0, 3, 1, 2)
        if weight_OIHW.requires_grad and torch.is_grad_enabled() and has_slow_weight_gradients():
            return _PlanarWeightGradient.apply(x_NCHW, weight_OIHW, bias_O, stride, padding)
    return F.conv2d(x_NCHW, weight_OIHW, bias_O, stride, padding)


def convolve_doubled(x_NCHW: Tensor, weight_OI33: Tensor, bias_O: Tensor | None) -> Tensor:
    """(N, I, H, W) → (N, O, 2H, 2W): a padded 3×3 convolution of ``x`` with every pixel doubled.

    Three taps on a doubled map see two pixels of the map itself. So four 2×2 convolutions of the map, one for each
    place in a doubled pixel, do the same with 16 instead of 36 products.
    """
    if not computes_plainly(x_NCHW):
        return F.conv2d(double(x_NCHW), weight_OI33, bias_O, padding=1)
    taps = weight_OI33.new_tensor(_TAPS_OF_PIXELS)
    weight = torch.einsum("apy,bqx,oiyx->oabipq", taps, taps, weight_OI33).reshape(-1, weight_OI33.shape[1], 2, 2)
    bias = None if bias_O is None else bias_O.repeat_interleave(4)
    # A 2×2 window at the corner of four pixels makes the four pixels around that corner: one row too many all around.
    return F.pixel_shuffle(convolve(x_NCHW, weight, bias, padding=1), 2)[:, :, 1:-1, 1:-1]


def convolve_and_pool(x_NCHW: Tensor, weight_OI33: Tensor, bias_O: Tensor | None) -> Tensor:
    """(N, I, H, W) → (N, O, H / 2, W / 2): means of 2×2 pixels of a padded 3×3 convolution.

    The mean of four shifted convolutions is one 4×4 convolution at every second pixel: 16 instead of 36 products.
    """
    if not computes_plainly(x_NCHW):
        return F.avg_pool2d(F.conv2d(x_NCHW, weight_OI33, bias_O, padding=1), 2)
    shifted = [F.pad(weight_OI33, (left, 1 - left, top, 1 - top)) for top in (0, 1) for left in (0, 1)]
    return convolve(x_NCHW, torch.stack(shifted).mean(dim=0), bias_O, stride=2, padding=1)


class _PlanarWeightGradient(torch.autograd.Function):
    @staticmethod
    def forward(  # type: ignore[override] # torch's stub takes anything
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, stride: int, padding: int
    ) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return F.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # type: ignore[override]
        x, weight = ctx.saved_tensors
        for_x, for_weight, for_bias, *_others = ctx.needs_input_grad
        shape = ([len(weight)], [ctx.stride] * 2, [ctx.padding] * 2, [1, 1], False, [0, 0], 1)
        of_x = of_weight = of_bias = None
        if for_x:
            of_x = torch.ops.aten.convolution_backward(gradient, x, weight, *shape, [True, False, False])[0]
        if for_weight:
            planar = (tensor.contiguous() for tensor in (gradient, x, weight))
            _of_x, of_weight, of_bias = torch.ops.aten.convolution_backward(*planar, *shape, [False, True, for_bias])
        return of_x, of_weight, of_bias, None, None
