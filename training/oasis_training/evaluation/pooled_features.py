"""Whole pictures as the backbone sees them: the space in which KID-E and FD-E are measured.

Neither number is a FID: that one needs Inception's features and far more pictures.
"""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.backbone.shared import shared_backbone

_CHUNK = 16


@torch.inference_mode()
def features(image_N3HW: Tensor) -> Tensor:
    """(N, 1280) float64: pooled features, each with the mean 0 and the deviation 1 it has over photos.

    Pictures are RGB in [−1, 1], of 32 pixels at the least on every side, on any device.
    """
    backbone = shared_backbone(image_N3HW.device)
    return torch.cat([backbone.pooled(chunk.float()) for chunk in image_N3HW.split(_CHUNK)]).double().cpu()
