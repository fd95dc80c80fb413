"""Convolution with spectral normalisation (Miyato et al., ICLR 2018), stored as the published checkpoints store it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.synthesis.networks.convolution import convolve, convolve_and_pool, convolve_doubled

_EPSILON = 1e-12


class _Composed:
    """Compositions of a padded 3×3 convolution with what stands before or after it in discriminators."""

    bias: Any  # a parameter or None; layers declare it in their own ways

    def next_weight(self) -> Tensor:
        """The weight that the next convolution computes with."""
        raise NotImplementedError

    def of_doubled(self, x_NCHW: Tensor, beside_NCHW: Tensor | None = None) -> Tensor:
        """The convolution of the map with every pixel doubled; ``beside`` are further channels of that size."""
        weight, inputs = self.next_weight(), x_NCHW.shape[1]
        result = convolve_doubled(x_NCHW, weight[:, :inputs], self.bias)
        return result if beside_NCHW is None else result + convolve(beside_NCHW, weight[:, inputs:], None, 1, 1)

    def pooled(self, x_NCHW: Tensor) -> Tensor:
        """Means of 2×2 pixels of the convolution."""
        return convolve_and_pool(x_NCHW, self.next_weight(), self.bias)


class SpectralConv2d(_Composed, nn.Module):
    """A convolution, padded by half its kernel, whose weight is divided by its largest singular value.

    ``weight_orig`` is learned; ``weight_u`` (out,) and ``weight_v`` (in·k·k,) are the singular vectors, refined by one
    power iteration per training forward.
    """

    weight_u: Tensor
    weight_v: Tensor

    def __init__(self, inputs: int, outputs: int, kernel: int, bias: bool = True, stride: int = 1) -> None:
        super().__init__()
        self.padding = kernel // 2
        self.stride = stride
        self.weight_orig = nn.Parameter(torch.empty(outputs, inputs, kernel, kernel))
        nn.init.xavier_normal_(self.weight_orig, gain=0.02)
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.register_buffer("weight_u", F.normalize(torch.randn(outputs), dim=0))
        self.register_buffer("weight_v", F.normalize(torch.randn(inputs * kernel * kernel), dim=0))

    @torch.no_grad()
    def iterate(self, times: int = 1) -> None:
        """Refine the singular vectors of the current weight."""
        matrix = self.weight_orig.detach().flatten(1)
        u, v = self.weight_u, self.weight_v
        for _ in range(times):
            v = F.normalize(matrix.T @ u, dim=0, eps=_EPSILON)
            u = F.normalize(matrix @ v, dim=0, eps=_EPSILON)
        self.weight_u.copy_(u)
        self.weight_v.copy_(v)

    def weight(self) -> Tensor:
        """The normalised weight W / (uᵀ W v)."""
        # In float32 whatever the autocast: sigma scales the whole layer.
        with torch.autocast(self.weight_orig.device.type, enabled=False):
            u, v = self.weight_u.clone(), self.weight_v.clone()
            sigma = torch.dot(u, self.weight_orig.flatten(1) @ v)
            return self.weight_orig / sigma

    def next_weight(self) -> Tensor:
        """The normalised weight; in training the singular vectors are refined before."""
        if self.training:
            self.iterate()
        return self.weight()

    def forward(self, x_NCHW: Tensor) -> Tensor:
        return convolve(x_NCHW, self.next_weight(), self.bias, self.stride, self.padding)


class FoldedConv2d(_Composed, nn.Conv2d):
    """A convolution whose spectral norm was divided out for good."""

    def next_weight(self) -> Tensor:
        return self.weight


def settle_spectral_norms(network: nn.Module, times: int = 15) -> None:
    """Let all singular vectors converge, after weights were averaged or loaded without them."""
    for module in network.modules():
        if isinstance(module, SpectralConv2d):
            module.iterate(times)
