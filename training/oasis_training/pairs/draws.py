"""Random choices of a step: noise per image or per region, and the LabelMix mask."""

from __future__ import annotations

import torch
from torch import Tensor


def draw_noise(count: int, classes: int, size: int, region_share: float, generator: torch.Generator) -> Tensor:
    """(N, classes, Z) ~ N(0, 1): a vector per class, all equal where an image has one vector for everything.

    ``region_share`` is the probability that an image has a vector of its own for every class.
    """
    device = generator.device
    per_class = torch.randn((count, classes, size), generator=generator, device=device)
    is_regional = torch.rand((count, 1, 1), generator=generator, device=device) < region_share
    return torch.where(is_regional, per_class, per_class[:, :1])


def draw_bits(count: int, classes: int, generator: torch.Generator) -> Tensor:
    """(N, classes) bool: an independent fair bit per image and class."""
    return torch.rand((count, classes), generator=generator, device=generator.device) < 0.5


def labelmix_mask(labels_NHW: Tensor, bits_NC: Tensor) -> Tensor:
    """(N, 1, H, W) bool, true = take the real pixel: the bit of its image and class."""
    rows = torch.arange(len(labels_NHW), device=labels_NHW.device)[:, None, None]
    return bits_NC[rows, labels_NHW][:, None]
