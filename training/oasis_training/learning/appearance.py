"""Ties the first numbers of a region's noise to how the region looks, so that a generator cannot ignore them.

A discriminator that sees one picture at a time does not notice that all skies are alike. Here the first
:data:`NUMBERS` of the 32 or more noise numbers of a region say what its mean colour, its contrast and its gradient
from top to bottom are to be, in units in which the regions of the photos of that class are normally distributed.
Photos have such numbers, so half of the pictures are asked for with those of the photo that the label map comes from;
drawn numbers ask for skies as varied as those of the photos. A picture is measured in the same way, and the difference
is a term of the generator's loss. It is the latent regression of BicycleGAN (Zhu et al., NeurIPS 2017) with a
measurement in place of a learned encoder.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_training.pairs.dataset import Batch

NUMBERS = 6
"""Of a region: brightness, warmth (red over blue), green over red and blue, logarithm of the contrast, and how much
brighter and warmer it becomes downwards."""
_STRIDE = 4
"""Pictures are measured this many times smaller: single edges are none of a region's appearance."""
_LEAST_SHARE = 0.03
"""Regions that cover less of a picture than this are not measured."""
_FEWEST = 64
"""Regions of a class below which the class is described as all classes together are."""
_LEVELS = torch.linspace(-2.25, 2.25, 19)
"""Places of the normal distribution at which the distribution of the photos' numbers is stored."""
_SHARPEST = 0.02
"""Least difference between the photos' numbers at two neighbouring places, in deviations."""


def region_weights(labels_NHW: Tensor, valid_NHW: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """(N, classes): shares of the pixels, and (N, classes, h, w): weights that add up to 1 over a region.

    Invalid pixels belong to no region, and a region that is too small to be measured has the share 0.
    """
    regions = F.one_hot(labels_NHW, classes).movedim(-1, 1) * valid_NHW[:, None]
    small = F.avg_pool2d(regions.to(torch.float32), _STRIDE)
    share = small.mean(dim=(2, 3))
    weights = small / small.sum(dim=(2, 3), keepdim=True).clamp(min=1e-6)
    return torch.where(share >= _LEAST_SHARE, share, 0.0), weights


def measured(image_N3HW: Tensor, weights_NRHW: Tensor) -> Tensor:
    """(N, regions, :data:`NUMBERS`) of a picture in [−1, 1], not yet in units of the photos; differentiable."""
    red, green, blue = F.avg_pool2d(image_N3HW.float(), _STRIDE).unbind(dim=1)
    values = torch.stack([0.299 * red + 0.587 * green + 0.114 * blue, red - blue, green - (red + blue) / 2], dim=1)
    mean = torch.einsum("nrhw,nchw->nrc", weights_NRHW, values)
    around = values[:, None] - mean[..., None, None]
    contrast = torch.einsum("nrhw,nrhw->nr", weights_NRHW, around[:, :, 0].square())
    rows = torch.linspace(-1, 1, weights_NRHW.shape[2], device=weights_NRHW.device)
    row_weights = weights_NRHW.sum(dim=3)
    centred = rows - (row_weights * rows).sum(dim=2, keepdim=True)
    height = (row_weights * centred.square()).sum(dim=2).sqrt()
    slopes = torch.einsum("nrhw,nrh,nrchw->nrc", weights_NRHW, centred, around[:, :, :2])
    slopes = slopes / (height + 0.05)[..., None]
    return torch.cat([mean, (contrast + 1e-4).log()[..., None] / 2, slopes], dim=2)


class Appearance(nn.Module):
    """What the numbers of every class are distributed like in photos; nothing of it is trained."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.mean: Tensor
        self.whitening: Tensor
        self.places: Tensor
        self.is_known: Tensor
        self.register_buffer("mean", torch.zeros(classes, NUMBERS))
        self.register_buffer("whitening", torch.eye(NUMBERS).repeat(classes, 1, 1))
        self.register_buffer("places", _LEVELS.repeat(classes, NUMBERS, 1))
        self.register_buffer("is_known", torch.zeros((), dtype=torch.bool))

    @torch.no_grad()
    def learn(self, batches: Iterable[Batch]) -> None:
        """Take the distributions from the regions of many photos."""
        parts = []
        for batch in batches:
            share_NR, weights = region_weights(batch.labels, batch.valid, len(self.mean))
            parts.append((measured(batch.image, weights), share_NR))
        found_NRK, share_NR = (torch.cat(column) for column in zip(*parts, strict=True))
        self._take(found_NRK, share_NR > 0)
        self.is_known.fill_(True)

    def _take(self, found_NRK: Tensor, counted: Tensor) -> None:
        if not bool(counted.any()):
            return
        everything = found_NRK[counted]
        for index in range(len(self.mean)):
            own = found_NRK[:, index][counted[:, index]]
            regions = (own if len(own) >= _FEWEST else everything).double()
            mean = regions.mean(dim=0)
            spread = torch.cov(regions.T) if len(regions) > 1 else torch.zeros(NUMBERS, NUMBERS).double()
            spread = spread + torch.eye(NUMBERS, device=spread.device) * (1e-4 + 0.02 * spread.diagonal().mean())
            # In this order a number says what those before it do not, so that equal numbers of several classes mean
            # the same: brighter than usual, warmer than usual at that brightness, and so on.
            whitening = torch.linalg.inv(torch.linalg.cholesky(spread))
            white = (regions - mean) @ whitening.T
            shares = torch.special.ndtr(_LEVELS.double()).to(white)
            places = torch.quantile(white, shares, dim=0).T
            steps = places.diff(dim=1).clamp(min=_SHARPEST)
            middle = places[:, len(_LEVELS) // 2 : len(_LEVELS) // 2 + 1]
            rising = torch.cat([torch.zeros_like(middle), steps.cumsum(dim=1)], dim=1)
            rising = rising - rising[:, len(_LEVELS) // 2 : len(_LEVELS) // 2 + 1] + middle
            self.mean[index], self.whitening[index], self.places[index] = mean, whitening, rising

    def numbers(self, found_NRK: Tensor) -> Tensor:
        """Measured numbers of every class in units in which those of photos are N(0, 1); differentiable."""
        white = torch.einsum("nrk,rjk->nrj", found_NRK - self.mean, self.whitening)
        levels = _LEVELS.to(white.device)
        places = self.places.expand(len(white), -1, -1, -1).contiguous()
        right = torch.searchsorted(places, white.detach()[..., None].contiguous()).clamp(1, len(levels) - 1)
        low, high = places.gather(-1, right - 1)[..., 0], places.gather(-1, right)[..., 0]
        right = right[..., 0]
        return levels[right - 1] + (white - low) / (high - low) * (levels[right] - levels[right - 1])


def appearance_loss(found_NRK: Tensor, asked_NRK: Tensor, share_NR: Tensor) -> Tensor:
    """How far the regions are from the appearance that was asked for, weighted by the root of their share.

    Differences of less than 1 count squared, larger ones as they are, so that no single region rules a step. One
    that ignores its noise has about 0.6.
    """
    error = F.smooth_l1_loss(found_NRK, asked_NRK, reduction="none").mean(dim=2)
    weight = share_NR.sqrt()
    return (error * weight).sum() / weight.sum().clamp(min=1e-6)
