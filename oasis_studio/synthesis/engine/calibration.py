"""Makes a compiled generator able to compute in bytes: finds the ranges of its values, and whether it bears it.

The ranges are those of one scene, always the same for a model: every class, each cell with a noise vector of its own.
A value beyond is cut off, which harms more than coarse levels do, so they are taken a little wider.
"""

from __future__ import annotations

import logging

import numpy as np
import torch

from oasis_studio.synthesis.engine.arithmetic.folding import fold_block
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.networks.network import AnyNetwork, NetworkConfig

log = logging.getLogger(__name__)

_SIDE = 192
_CELLS = 48
_SEED = 1
_MARGIN = 1.1
_WIDE_STRIDE = 16
"""Blocks of such pixels and larger keep their floats, as does the first: composition is theirs, and they are cheap."""
_LARGEST = 2.0  # from −1 to 1
_LEAST_DB = 38.0
"""Of the scene in bytes against that in floats."""


@torch.inference_mode()
def quantise(compiled: CompiledGenerator, generator: AnyNetwork, most_weight: int) -> None:
    """Make the main convolutions able to compute in bytes, if the image bears it; tables are emptied.

    ``generator`` is what it was compiled from, ``most_weight`` the largest weight that this processor computes with.
    """
    arithmetic, scene = compiled.arithmetic, calibration_scene(generator.config)
    compiled.clear()  # the last bits of rows depend on what was rendered before
    arithmetic.is_int8, arithmetic.watches = False, True
    exact = _image(compiled, scene)
    arithmetic.is_int8, arithmetic.watches = True, False
    convs = []
    for index, block in list(enumerate(compiled.blocks))[1:]:
        if compiled.config.blocks[index].stride < _WIDE_STRIDE:
            folded = fold_block(generator, index)
            convs += [(block.conv_0, folded.conv_0), (block.conv_1, folded.conv_1)]
    for conv, weights in convs:
        conv.quantise(weights, _MARGIN, most_weight)
    arithmetic.error = float(np.mean((_image(compiled, scene) - exact) ** 2)) ** 0.5
    arithmetic.bears_int8 = _is_small(arithmetic.error)
    arithmetic.is_int8 = False
    if not arithmetic.bears_int8:
        for conv, _weights in convs:
            conv.stay_wide()
    compiled.clear()


def _is_small(error: float) -> bool:
    found = 20 * float(np.log10(_LARGEST / error)) if error else float("inf")
    is_small = found >= _LEAST_DB
    log.info(
        "main convolutions %s: in int8 the image has %.1f dB", "in int8" if is_small else "stay as they are", found
    )
    return is_small


def _image(compiled: CompiledGenerator, scene: Scene) -> np.ndarray:
    *_features, image = compiled.stages(scene, compiled.entries(scene))
    return image.cpu().numpy()


def calibration_scene(config: NetworkConfig) -> Scene:
    """Cells of random size, every class at least once, each with noise of its own."""
    rng = np.random.default_rng(_SEED)
    count = max(_CELLS, config.classes)
    y, x = np.mgrid[:_SIDE, :_SIDE]
    centres = rng.random((count, 2)) * _SIDE
    distance = (y[..., None] - centres[:, 0]) ** 2 + (x[..., None] - centres[:, 1]) ** 2
    cells = distance.argmin(axis=2)
    labels = rng.permutation(np.arange(count) % config.classes).astype(np.uint8)[cells]
    noise = rng.standard_normal((count, config.noise)).astype(np.float32)
    size = config.capabilities.style_size
    style = np.zeros(size, np.float32) if size else None
    return on_grid(labels, cells.astype(np.uint16), noise, config.grid, config.capabilities.sees_instances, style)
