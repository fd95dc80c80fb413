"""Whole pictures as the backbone sees them: the space of KID-E, FD-E and of precision, recall and coverage.

Neither number is a FID: that one needs Inception's features and far more pictures.
"""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.backbone.shared import shared_backbone
from oasis_training.evaluation.distances import frechet_distance, kernel_distance

_CHUNK = 16


@torch.inference_mode()
def features(image_N3HW: Tensor) -> Tensor:
    """(N, 1280) float64 on the CPU: pooled features as the network makes them, each in [0, 6].

    Pictures are RGB in [−1, 1], of 32 pixels at the least on every side, on any device.
    """
    backbone = shared_backbone(image_N3HW.device)
    rows = [backbone.raw_pooled(backbone.raw_pyramid(chunk.float())[-1]) for chunk in image_N3HW.split(_CHUNK)]
    return torch.cat(rows).double().cpu()


def standardised(features_ND: Tensor) -> Tensor:
    """The same features, each with the mean 0 and the deviation 1 that it has over photos.

    The numbers are those stored with the backbone, so that distances of different sets of photos compare.
    """
    backbone = shared_backbone(torch.device("cpu"))
    return (features_ND - backbone.pooled_mean.double()) / backbone.pooled_deviation.double()


def kid_e(real_ND: Tensor, other_ND: Tensor) -> float:
    """KID-E: kernel distance of standardised features, about 0 for two sets of photos; lower is better."""
    return kernel_distance(standardised(real_ND), standardised(other_ND))


def fd_e(real_ND: Tensor, other_ND: Tensor) -> float:
    """FD-E: Fréchet distance of the features; it falls with the number of pictures, so compare equal numbers."""
    return frechet_distance(real_ND, other_ND)
