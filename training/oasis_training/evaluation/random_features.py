"""Features from a small convolutional network with random, fixed weights, the same on every machine.

They know nothing of photos, but they tell a flat patch from a textured one and a wrong palette from a right one.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import skip_init

_WIDTHS = (3, 32, 64, 96, 128)
_SEED = 20_211
_CHUNK = 16


def random_network() -> nn.Sequential:
    """Four strided convolutions, orthogonal rows, the same on every machine."""
    draws = torch.Generator().manual_seed(_SEED)
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(_WIDTHS):
        conv = skip_init(nn.Conv2d, fan_in, fan_out, 3, stride=2, padding=1)  # whoever looks draws no numbers
        weight = torch.randn(fan_out, fan_in * 9, generator=draws)
        weight = F.normalize(weight - weight.mean(dim=1, keepdim=True) * 0.5, dim=1)
        conv.weight.data = weight.reshape(fan_out, fan_in, 3, 3) * 1.4
        conv.bias.data = torch.randn(fan_out, generator=draws) * 0.1  # type: ignore[union-attr] # it has one
        layers += [conv, nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers).eval().requires_grad_(False)


@torch.no_grad()
def features(image_N3HW: Tensor) -> Tensor:
    """(N, D) means and standard deviations of all levels, float64. Images in [−1, 1]."""
    network = random_network()
    rows = []
    for chunk in image_N3HW.float().cpu().split(_CHUNK):
        levels, x = [], chunk
        for layer in network:
            x = layer(x)
            if isinstance(layer, nn.LeakyReLU):
                levels += [x.mean(dim=(2, 3)), x.std(dim=(2, 3))]
        rows.append(torch.cat(levels, dim=1))
    return torch.cat(rows).double()
