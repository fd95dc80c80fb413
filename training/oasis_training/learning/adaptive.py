"""Augmentation as strong as the discriminator's overfitting asks for (after ADA, Karras et al., NeurIPS 2020).

The sign is what the discriminator knows better about photos it was shown than about photos it was not: for OASIS the
share of pixels whose class it names, for SPADE how much surer it is that they are real.
"""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_studio.synthesis.networks.discriminator import SegmentationDiscriminator
from oasis_training.learning.networks import Networks
from oasis_training.pairs.dataset import PhotoSet

EVERY = 1000
"""Images between two looks."""
STEP = 0.05
MOST = 0.9
_HIGH, _LOW = 0.1, 0.05
_PHOTOS = 64
_CHUNK = 16


def adapted(probability: float, sign: float) -> float:
    """The probability to go on with: more where the discriminator overfits, less where it does not."""
    step = STEP if sign > _HIGH else -STEP if sign < _LOW else 0.0
    return round(min(max(probability + step, 0.0), MOST), 4)


@torch.no_grad()
def overfitting(networks: Networks, shown: PhotoSet, kept_back: PhotoSet) -> float:
    """How much better the discriminator knows photos it was ``shown`` than those ``kept_back``; about −1 to 1."""
    networks.discriminator.eval()
    try:
        return _knowledge(networks, shown) - _knowledge(networks, kept_back)
    finally:
        networks.discriminator.train()


def _knowledge(networks: Networks, photos: PhotoSet) -> float:
    count = min(_PHOTOS, len(photos))
    indices = torch.linspace(0, len(photos) - 1, count, device=photos.weight.device).long()
    values = [_known(networks, photos, part) for part in indices.split(_CHUNK)]
    return float(torch.cat(values).mean())


def _known(networks: Networks, photos: PhotoSet, part: Tensor) -> Tensor:
    """(N,): share of pixels named rightly, or the sign of the judgement."""
    batch = photos.centre(part)
    if isinstance(networks.discriminator, SegmentationDiscriminator):
        named = networks.discriminator(batch.image).argmax(dim=1) - 1
        right = (named == batch.labels) & batch.valid
        return right.sum(dim=(1, 2)) / batch.valid.sum(dim=(1, 2)).clamp(min=1)
    nothing = torch.zeros((len(batch.labels), 1, 1), device=batch.labels.device)
    condition = networks.generator.condition(batch.labels, batch.labels, nothing)
    scales = networks.discriminator(condition, batch.image)
    return torch.stack([features[-1].sign().mean(dim=(1, 2, 3)) for features in scales]).mean(dim=0)
