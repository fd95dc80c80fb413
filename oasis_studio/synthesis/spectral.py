"""Convolution with spectral normalisation (Miyato et al., ICLR 2018), stored as the published checkpoints store it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_EPSILON = 1e-12


class SpectralConv2d(nn.Module):
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

    def forward(self, x_NCHW: Tensor) -> Tensor:
        if self.training:
            self.iterate()
        return F.conv2d(x_NCHW, self.weight(), self.bias, self.stride, self.padding)


def settle_spectral_norms(network: nn.Module, times: int = 15) -> None:
    """Let all singular vectors converge, after weights were averaged or loaded without them."""
    for module in network.modules():
        if isinstance(module, SpectralConv2d):
            module.iterate(times)
