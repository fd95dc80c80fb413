"""How good the pictures are, measured without anybody's pretrained weights.

Features come from a small convolutional network with random, fixed weights: they know nothing of photos, but they tell
a flat patch from a textured one and a wrong palette from a right one. Numbers are comparable only with numbers of the
same function, never with a published FID or KID.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_WIDTHS = (3, 32, 64, 96, 128)
_SEED = 20_211
_CHUNK = 16


def random_network() -> nn.Sequential:
    """Four strided convolutions, orthogonal rows, the same on every machine."""
    draws = torch.Generator().manual_seed(_SEED)
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(_WIDTHS):
        conv = nn.Conv2d(fan_in, fan_out, 3, stride=2, padding=1)
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


def kernel_distance(real: Tensor, other: Tensor, reference: Tensor) -> float:
    """Unbiased squared MMD with the cubic kernel of KID, features standardised by ``reference`` (N, D each)."""
    mean, deviation = reference.mean(dim=0), reference.std(dim=0).clamp(min=1e-6)
    x, y = (real - mean) / deviation, (other - mean) / deviation
    size = x.shape[1]

    def kernel(a: Tensor, b: Tensor) -> Tensor:
        return (a @ b.T / size + 1) ** 3

    n, m = len(x), len(y)
    within_x = (kernel(x, x).sum() - kernel(x, x).diagonal().sum()) / (n * (n - 1))
    within_y = (kernel(y, y).sum() - kernel(y, y).diagonal().sum()) / (m * (m - 1))
    return float(within_x + within_y - 2 * kernel(x, y).mean())


def mean_colours(image_N3HW: Tensor, labels_NHW: Tensor, classes: int) -> Tensor:
    """(classes, 3): the mean colour of every class in [−1, 1]; the floor that a generator must beat."""
    pixels = image_N3HW.movedim(1, -1).reshape(-1, 3).double()
    ids = labels_NHW.flatten()
    total = torch.zeros((classes, 3), dtype=torch.float64).index_add_(0, ids.cpu(), pixels.cpu())
    count = torch.bincount(ids.cpu(), minlength=classes).clamp(min=1)
    return (total / count[:, None]).float()


def sharpness(image_N3HW: Tensor) -> float:
    """Mean absolute difference of neighbouring pixels, in 8-bit steps: 0 for flat colour."""
    rows = (image_N3HW[:, :, 1:] - image_N3HW[:, :, :-1]).abs().mean()
    columns = (image_N3HW[:, :, :, 1:] - image_N3HW[:, :, :, :-1]).abs().mean()
    return float((rows + columns) / 2 * 127.5)
