"""How alike a region of one picture and a region of another are: colours in Lab, and what the backbone sees."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.backbone.shared import shared_backbone

_LEVELS = 4
"""Levels of the backbone whose features count; the coarsest one sees the scene, not the region."""
_EPSILON = 1e-6
_FEATURE_FLOOR = 0.1
"""Of a feature's standard deviation, in its own units: a dead feature must not decide."""

_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_WHITE = (0.95047, 1.0, 1.08883)
_BEND = 6 / 29


@dataclass(frozen=True)
class Statistics:
    """Of T regions: mean and standard deviation of every channel, (…, T, C) each, for every level."""

    means: tuple[Tensor, ...]
    deviations: tuple[Tensor, ...]


def lab(image_N3HW: Tensor) -> Tensor:
    """CIE L*a*b* under D65 of sRGB in [−1, 1], with L in 0..100; differentiable."""
    rgb = ((image_N3HW + 1) / 2).clamp(0, 1)
    linear = torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb.clamp(min=0.04045) + 0.055) / 1.055) ** 2.4)
    xyz = torch.einsum("dc,nchw->ndhw", linear.new_tensor(_TO_XYZ), linear)
    ratio = xyz / xyz.new_tensor(_WHITE)[:, None, None]
    bent = torch.where(ratio > _BEND**3, ratio.clamp(min=_BEND**3) ** (1 / 3), ratio / (3 * _BEND**2) + 4 / 29)
    x, y, z = bent.unbind(1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def statistics(levels: list[Tensor], masks_THW: Tensor) -> Statistics:
    """Of each level (N, C, h, w), inside each mask (float 0..1, none of them empty): (N, T, C)."""
    means, deviations = [], []
    for level_NCHW in levels:
        weights = masks_THW
        if weights.shape[1:] != level_NCHW.shape[2:]:
            size = (level_NCHW.shape[2], level_NCHW.shape[3])
            weights = F.adaptive_avg_pool2d(masks_THW[None], size)[0]
        weights = weights / weights.sum(dim=(1, 2), keepdim=True).clamp(min=_EPSILON)
        mean = torch.einsum("thw,nchw->ntc", weights, level_NCHW)
        square = torch.einsum("thw,nchw->ntc", weights, level_NCHW.square())
        means.append(mean)
        deviations.append((square - mean.square()).clamp(min=_EPSILON).sqrt())
    return Statistics(tuple(means), tuple(deviations))


def features(image_N3HW: Tensor) -> list[Tensor]:
    """Standardised features of the backbone's finer levels, (N, C, h, w) each; RGB in [−1, 1].

    Raises StudioError if the backbone cannot be used.
    """
    return shared_backbone(image_N3HW.device).pyramid(image_N3HW)[:_LEVELS]


def colour_differences(found: Statistics, wanted: Statistics) -> Tensor:
    """(N, T, 2C) in Lab units: of every channel, how far the mean is off, and how far the spread."""
    means, deviations = found.means[0] - wanted.means[0], found.deviations[0] - wanted.deviations[0]
    return torch.cat([means, deviations], dim=-1)


def colour_distance(found: Statistics, wanted: Statistics) -> Tensor:
    """(N, T) in Lab units: how far mean colour and spread are from the wanted ones, together."""
    return (colour_differences(found, wanted).square().sum(dim=-1) + _EPSILON).sqrt()


def feature_distance(found: Statistics, wanted: Statistics) -> Tensor:
    """(N, T): mean squared difference in standard deviations of the wanted features, over levels and channels."""
    total = torch.zeros_like(found.means[0][..., 0])
    for index, spread in enumerate(wanted.deviations):
        scale = spread + _FEATURE_FLOOR
        mean = (found.means[index] - wanted.means[index]) / scale
        deviation = (found.deviations[index] - spread) / scale
        total = total + (mean.square() + deviation.square()).mean(dim=-1)
    return total / len(wanted.means)
