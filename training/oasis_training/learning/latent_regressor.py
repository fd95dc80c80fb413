"""Reads the noise of every region back from the picture, so that a generator cannot ignore it.

This is the latent regression of BicycleGAN (Zhu et al., NeurIPS 2017). A discriminator that sees one picture at a time
does not notice that all skies are alike. A network that has to tell from the sky which noise it was painted with does,
and the generator is trained to make that possible. It looks with the backbone, so that the noise has to show in what a
picture depicts and not in a hidden pattern.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.synthesis.backbone.network import CHANNELS

_LEVELS = slice(1, None)
"""Levels of the pyramid that are read: the finest one sees single edges."""
_HIDDEN = 160
_LEAST_SHARE = 0.01
"""Regions that cover less of a picture than this do not count: their features are those of their neighbours."""


class LatentRegressor(nn.Module):
    """Mean features of a region → the ``noise`` numbers that the region was painted with."""

    def __init__(self, noise: int) -> None:
        super().__init__()
        channels = sum(CHANNELS[_LEVELS]) + 3
        self.layers = nn.Sequential(nn.Linear(channels, _HIDDEN), nn.LeakyReLU(0.2), nn.Linear(_HIDDEN, noise))

    def forward(self, image_N3HW: Tensor, pyramid: list[Tensor], shares: list[Tensor]) -> Tensor:
        """(N, regions, Z) from a picture, the backbone's levels of it and :func:`region_shares` of its label map."""
        found = [
            torch.einsum("nrhw,nchw->nrc", share, level)
            for share, level in zip(shares, [image_N3HW, *pyramid[_LEVELS]], strict=True)
        ]
        return self.layers(torch.cat(found, dim=2))


def region_shares(labels_NHW: Tensor, valid_NHW: Tensor, classes: int) -> tuple[Tensor, list[Tensor]]:
    """What every region is of the picture, and the weights of its pixels at the sizes that the regressor reads.

    Returns (N, classes): shares of the pixels, and for the full size and each level (N, classes, h, w): weights that
    add up to 1 over a region. Invalid pixels belong to no region; an absent region has the weight 0 everywhere.
    """
    regions = F.one_hot(labels_NHW, classes).movedim(-1, 1) * valid_NHW[:, None]
    full = regions.to(torch.float32)
    weights = []
    for stride in (1, 4, 8, 16, 32):
        small = F.avg_pool2d(full, stride) if stride > 1 else full
        weights.append(small / small.sum(dim=(2, 3), keepdim=True).clamp(min=1e-6))
    return full.mean(dim=(2, 3)), weights


def regression_loss(found_NRZ: Tensor, noise_NRZ: Tensor, share_NR: Tensor) -> Tensor:
    """Mean squared error of the noise over the regions that are large enough, weighted by the root of their share.

    A regressor that knows nothing has about 1.
    """
    weight = torch.where(share_NR >= _LEAST_SHARE, share_NR.sqrt(), 0.0)
    error = (found_NRZ - noise_NRZ).square().mean(dim=2)
    return (error * weight).sum() / weight.sum().clamp(min=1e-6)
