"""How much memory the engine takes, told before it takes it."""

from __future__ import annotations

from math import prod

from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.engine.rectangles import Patch
from oasis_studio.synthesis.engine.tiling import halo, patches
from oasis_studio.synthesis.networks.network import NetworkConfig

_PIXEL_BYTES = 112
"""Per image pixel: entries, hashes and numbers of windows, the image as floats and on its way to bytes."""
_SPARE_BYTES = 64 << 20
"""Strips, chunks and whatever the libraries take for themselves."""
_IMAGE_CHANNELS = 3


def whole_bytes(config: NetworkConfig, height: int, width: int, itemsize: int, is_int8: bool = False) -> int:
    """Rendering a whole image, beyond weights and tables: all features stay, so that an edit can be followed."""
    pixels = height * width
    areas = [pixels // block.stride**2 for block in config.blocks]
    kept = areas[0] * config.widths[0] + sum(
        area * block.fan_out for area, block in zip(areas, config.blocks, strict=True)
    )
    modulated = max(area * block.fan_in for area, block in zip(areas, config.blocks, strict=True))
    middle = max(area * min(block.fan_in, block.fan_out) for area, block in zip(areas, config.blocks, strict=True))
    # Twice the middle: where weights are not packed, a convolution's result is added and not written in place.
    numbers = kept + modulated + 2 * middle + _IMAGE_CHANNELS * pixels
    # What convolutions read in bytes is kept beside what others read.
    return numbers * itemsize + modulated * is_int8 + _PIXEL_BYTES * pixels + _SPARE_BYTES


def tile_bytes(config: NetworkConfig, side: int, itemsize: int, is_int8: bool = False) -> int:
    """Rendering one tile amid a large image, beyond weights, tables and that image."""
    margin = halo(config)
    crop = side + 2 * margin
    parts = patches(config, Box(margin, margin, margin + side, margin + side), crop, crop)
    stem = 2 * (crop // config.grid) ** 2 * config.widths[0]
    numbers = stem + max(_numbers(config, index, part) for index, part in enumerate(parts))
    framed = max(_framed(config, index, part) for index, part in enumerate(parts))
    return numbers * itemsize + framed * is_int8 + _PIXEL_BYTES * crop**2 + _SPARE_BYTES


def dense_bytes(config: NetworkConfig, index: int, pixels: int, itemsize: int) -> int:
    """The label path of block ``index`` as plain convolutions over that many of its pixels."""
    block = config.blocks[index]
    middle = min(block.fan_in, block.fan_out)
    norms = 3 if block.fan_in != block.fan_out else 2
    hidden = config.hidden * (1 if config.shares_hidden else norms)
    modulations = 2 * (block.fan_in + middle + (block.fan_in if norms == 3 else 0))
    # The condition once more in its final layout, a norm's hidden map once more by itself.
    numbers = 2 * config.inputs + hidden + config.hidden + modulations
    return pixels * (numbers * itemsize + 3 * 8)


def _numbers(config: NetworkConfig, index: int, part: Patch) -> int:
    """Of the buffers of one block's patch. Taken once, they are used again by the blocks after it."""
    block = config.blocks[index]
    middle = min(block.fan_in, block.fan_out)
    between, result = (prod((box.height, box.width)) for box in (part.middle, part.result))
    return (
        between * 2 * middle
        + _framed(config, index, part)
        + result * (2 * block.fan_out + _IMAGE_CHANNELS)
        + prod((part.source.height, part.source.width)) * block.fan_in
    )


def _framed(config: NetworkConfig, index: int, part: Patch) -> int:
    """Numbers that a convolution of one block's patch reads."""
    block = config.blocks[index]
    return (part.middle.height + 2) * (part.middle.width + 2) * block.fan_in
