"""How far an edit reaches: a pixel of the photo depends on labels and noise at most so many pixels away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oasis_studio.core.models.card import ModelCard

FARTHEST = 222
"""Of the published OASIS models, for those that do not say."""

_CONVOLUTION = 1
"""Pixels that a 3×3 convolution reads beyond its own."""


_SPADE_STRIDES = {
    "normal": (32, 16, 16, 8, 4, 2, 1),
    "more": (64, 32, 16, 8, 4, 2, 1),
    "most": (128, 64, 32, 16, 8, 4, 2, 1),
}
"""Of the blocks of a SPADE generator, by how often it doubles its features."""


def reach(strides: Sequence[int], grid: int, modulation_kernel: int) -> int:
    """In pixels, for a generator whose blocks have those strides.

    The last convolution reaches 1 pixel, the two of every block one of its pixels each; the first block reads labels
    as far as its norms' convolutions reach; a coarse label stands for up to a whole cell of the grid. Norms reach
    nothing: they are batch norms, whose statistics are numbers of the training once that is over.
    """
    features = _CONVOLUTION + sum(2 * _CONVOLUTION * stride for stride in strides)
    return features + (_CONVOLUTION + modulation_kernel // 2) * grid + grid - 1


def reach_of(card: ModelCard) -> int | None:
    """Of the card's model; None where nobody knows, and every pixel may depend on the whole image."""
    if card.architecture == "oasis":
        return _of_oasis(card.generator)
    if card.architecture == "spade":
        return _of_spade(card.generator, card.capabilities.sees_instances)
    return None


def _of_oasis(generator: dict[str, Any]) -> int:
    widths, kernel = generator.get("widths"), generator.get("modulation_kernel", 3)
    if not isinstance(widths, list) or len(widths) < 2 or type(kernel) is not int:
        return FARTHEST
    strides = [2**step for step in range(len(widths) - 1)]
    return reach(strides, strides[-1], kernel)


def _of_spade(generator: dict[str, Any], sees_instances: bool) -> int | None:
    """A pixel lies on an outline if the one beside it is of another region: one pixel farther."""
    strides = _SPADE_STRIDES.get(str(generator.get("upsampling", "normal")))
    return None if strides is None else reach(strides, strides[0], 3) + sees_instances
