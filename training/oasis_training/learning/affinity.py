"""First weights for classes that a model does not know, from those it knows (CAT, Shin et al., CVPR 2023).

A new class begins as a mixture of old ones. How much of each is read from the person's own photos: the model's
discriminator names a known class at every pixel, and pixels of the new class vote.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.classes.palette import Palette
from oasis_studio.synthesis.networks.discriminator import SegmentationDiscriminator
from oasis_studio.synthesis.networks.segmenter import Segmenter
from oasis_training.pairs.dataset import Pair, PhotoSet

ReadingNetwork = SegmentationDiscriminator | Segmenter

_PHOTOS = 64
_SIDE = 128


def matched_by_name(old: Palette, new: Palette) -> Tensor:
    """(new, old) float: 1 where a new class has the name of an old one; rows of classes without one are 0."""
    matrix = torch.zeros(len(new), len(old))
    for new_id, old_id in old.namesakes(new.classes).items():
        matrix[new_id, old_id] = 1
    return matrix


@torch.no_grad()
def class_affinity(old: Palette, new: Palette, reader: ReadingNetwork | None, pairs: Sequence[Pair]) -> Tensor:
    """(new, old) float, rows sum to 1: which old classes every new class begins with.

    Classes of equal names keep theirs. The others begin as what ``reader``, a network that names the old classes, sees
    in their pixels. Where there is none, or no pixel of the class in the photos it is shown, all old classes count the
    same.
    """
    matrix = matched_by_name(old, new)
    missing = (matrix.sum(dim=1) == 0).nonzero().flatten().tolist()
    if not missing:
        return matrix
    votes = torch.zeros(len(new), len(old), dtype=torch.float64)
    if reader is not None:
        votes = _votes(reader, pairs, len(new))
    total = votes.sum(dim=1, keepdim=True)
    share = torch.where(total > 0, votes / total.clamp(min=1e-9), torch.full_like(votes, 1 / len(old)))
    matrix[missing] = share[missing].float()
    return matrix


def _votes(reader: ReadingNetwork, pairs: Sequence[Pair], classes: int) -> Tensor:
    """(classes, old): probability of every old class, summed over the pixels of every class."""
    chosen = [pairs[index] for index in np.linspace(0, len(pairs) - 1, min(_PHOTOS, len(pairs))).astype(int)]
    device = next(reader.parameters()).device
    side = max(_SIDE // reader.config.grid, 1) * reader.config.grid
    photos = PhotoSet(chosen, side, classes, device, short=side)
    votes = torch.zeros(classes, reader.config.classes, dtype=torch.float64)
    reader.eval()
    for part in torch.arange(len(photos), device=device).split(8):
        batch = photos.centre(part)
        logits = reader(batch.image)
        if isinstance(reader, SegmentationDiscriminator):
            logits = logits[:, 1:]  # it is not asked whether the photo is a fake
        belief = F.softmax(logits, dim=1).movedim(1, -1)
        votes.index_add_(0, batch.labels[batch.valid].cpu(), belief[batch.valid].double().cpu())
    return votes
