"""How far an edit reaches: a pixel of the photo depends on labels and noise at most so many pixels away."""

from __future__ import annotations

from collections.abc import Sequence

from oasis_studio.core.card import ModelCard

FARTHEST = 222
"""Of the published OASIS models, for those that do not say."""

_CONVOLUTION = 1
"""Pixels that a 3×3 convolution reads beyond its own."""


def reach(strides: Sequence[int], grid: int, modulation_kernel: int) -> int:
    """In pixels, for an OASIS generator whose blocks have those strides.

    The last convolution reaches 1 pixel, the two of every block one of its pixels each; the first block reads labels
    as far as its norms' convolutions reach; a coarse label stands for up to a whole cell of the grid.
    """
    features = _CONVOLUTION + sum(2 * _CONVOLUTION * stride for stride in strides)
    return features + (_CONVOLUTION + modulation_kernel // 2) * grid + grid - 1


def reach_of(card: ModelCard) -> int | None:
    """Of the card's model; None where every pixel depends on the whole image (SPADE's norms see all of it)."""
    if card.architecture != "oasis":
        return None
    widths, kernel = card.generator.get("widths"), card.generator.get("modulation_kernel", 3)
    if not isinstance(widths, list) or len(widths) < 2 or type(kernel) is not int:
        return FARTHEST
    strides = [2**step for step in range(len(widths) - 1)]
    return reach(strides, strides[-1], kernel)
