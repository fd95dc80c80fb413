"""Where the tiles of an image lie, and what of every level and of the label map they need."""

from __future__ import annotations

from dataclasses import dataclass

from oasis_studio.core.models.reach import reach
from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.engine.rectangles import Patch, grown, patch_around
from oasis_studio.synthesis.networks.network import NetworkConfig

_REACH = 1
"""Pixels that a 3×3 convolution reads beyond its own."""


@dataclass(frozen=True)
class Tile:
    """``box`` pixels of the image · ``crop`` all pixels of the label map that they depend on; both on the grid."""

    box: Box
    crop: Box


def halo(config: NetworkConfig) -> int:
    """A pixel depends on labels at most so many pixels away, rounded up to the grid."""
    strides = [block.stride for block in config.blocks]
    return -(-reach(strides, config.grid, config.modulation_kernel) // config.grid) * config.grid


def doubles(config: NetworkConfig, index: int) -> bool:
    """Does block ``index`` work at twice the size of the features before it?"""
    before = config.blocks[index - 1].stride if index else config.grid
    return config.blocks[index].stride < before


def tiles(config: NetworkConfig, height: int, width: int, side: int) -> list[Tile]:
    """Tiles of ``side`` pixels, a multiple of the grid, that cover the image; those at its end may be smaller."""
    margin = halo(config)
    boxes = [
        Box(left, top, left + side, top + side).clipped(width, height)
        for top in range(0, height, side)
        for left in range(0, width, side)
    ]
    return [Tile(box, grown(box, margin, height, width)) for box in boxes]


def patches(config: NetworkConfig, inside: Box, height: int, width: int) -> list[Patch]:
    """What every block computes for the pixels ``inside`` a map of ``height`` × ``width`` pixels."""
    result = grown(inside, _REACH, height, width)
    found: list[Patch] = []
    for index, block in reversed(list(enumerate(config.blocks))):
        size = (height // block.stride, width // block.stride)
        patch = patch_around(result, 0, *size, doubles=doubles(config, index))
        found.append(patch)
        result = patch.source
    return found[::-1]
