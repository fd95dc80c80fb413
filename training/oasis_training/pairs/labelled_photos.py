"""Photos with their label maps at a size that is asked for, one after another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from oasis_studio.errors import StudioError
from oasis_studio.synthesis.photos.critic import LabelledImage
from oasis_training.pairs.dataset import Pair, read_pair, scale_pair


def read_labelled(pairs: list[Pair], side: int, classes: int) -> Iterator[LabelledImage]:
    """Photos with the short side at most ``side``, and their labels with 255 where nobody said; broken pairs not."""
    for pair in pairs:
        try:
            image, labels = read_pair(pair)
        except StudioError:
            continue
        photo, ids = scale_pair(image, labels, min(side, *labels.shape))
        if (ids < classes).any():
            yield photo, np.where(ids < classes, ids, 255).astype(np.uint8)
