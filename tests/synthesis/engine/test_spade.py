"""The engine serves SPADE networks: outlines are part of an entry, the style code makes the first features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.engine import compiled, fitting
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.fitting import Work, render_in
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.engine.tiling import halo
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator
from tests.synthesis.engine.scenes import lively, plain, psnr, scene

pytestmark = pytest.mark.usefixtures("kernels")

CPU = torch.device("cpu")
CLASSES = 5
EXACT = 1e-4
CONFIGS = {
    "normal": SpadeConfig(CLASSES, width=4, hidden=12),
    "edges": SpadeConfig(CLASSES, has_edges=True, width=4, hidden=12),
    "more, edges, style": SpadeConfig(CLASSES, True, 4, "more", style=6, hidden=12, native_width=128, native_height=64),
    "most": SpadeConfig(CLASSES, width=4, upsampling="most", hidden=12),
}
ALL = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)


def network(config: SpadeConfig) -> SpadeGenerator:
    torch.manual_seed(0)
    return lively(SpadeGenerator(config))


def picture(config: SpadeConfig, height: int, width: int, seed: int = 0) -> Scene:
    """A scene as the renderer makes it, sides multiples of the grid."""
    drawn = scene(height, width, 9, seed)
    noise = np.zeros((len(drawn.noise_RZ), 0), np.float32)
    style = np.random.default_rng(seed).standard_normal(config.style).astype(np.float32) if config.style else None
    return on_grid(drawn.labels_HW, drawn.regions_HW, noise, config.grid, config.has_edges, style)


def follow(live: LiveImage, drawn: Scene) -> tuple[np.ndarray, bool]:
    with torch.inference_mode():
        image, is_approximate = live.follow(drawn, lambda: False)
        return image.numpy().copy(), is_approximate


@ALL
@pytest.mark.parametrize("cells", [(1, 1), (2, 3)])
def test_any_scene_equals_the_plain_network(config: SpadeConfig, cells: tuple[int, int]) -> None:
    generator = network(config)
    live = LiveImage(CompiledGenerator(generator, torch.float32, CPU))
    for seed in range(2):
        drawn = picture(config, *(side * config.grid for side in cells), seed)
        image, _is_approximate = follow(live, drawn)
        live.forget_picture()
        assert np.abs(image - plain(generator, drawn)).max() < EXACT


def test_bf16_is_close() -> None:
    config = CONFIGS["more, edges, style"]
    generator = network(config)
    drawn = picture(config, 128, 128)
    image, _is_approximate = follow(LiveImage(CompiledGenerator(generator, torch.bfloat16, CPU)), drawn)
    assert psnr(image, plain(generator, drawn)) > 38


@ALL
def test_the_dense_way(config: SpadeConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_MOST_ENTRIES", 1)
    generator = network(config)
    drawn = picture(config, config.grid, 2 * config.grid)
    image, _is_approximate = follow(LiveImage(CompiledGenerator(generator, torch.float32, CPU)), drawn)
    assert np.abs(image - plain(generator, drawn)).max() < EXACT


@ALL
@pytest.mark.usefixtures("follows_anything")
def test_a_large_edit_reaches_every_pixel(config: SpadeConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oasis_studio.synthesis.engine.editing._LARGEST_SHARE", 1.0)
    generator = network(config)
    live = LiveImage(CompiledGenerator(generator, torch.float32, CPU))
    before = picture(config, config.grid, 2 * config.grid)
    labels = before.labels_HW.copy()
    labels[0, 0] = (labels[0, 0] + 1) % CLASSES
    labels[-1, -1] = (labels[-1, -1] + 1) % CLASSES
    after = on_grid(labels, before.regions_HW, before.noise_RZ, config.grid, config.has_edges, before.style_S)
    follow(live, before)
    image, is_approximate = follow(live, after)
    assert is_approximate
    assert np.abs(image - plain(generator, after)).max() < EXACT


@pytest.mark.usefixtures("follows_anything")
def test_a_dab_is_followed_and_another_style_is_not() -> None:
    config = CONFIGS["more, edges, style"]
    generator = network(config)
    live = LiveImage(CompiledGenerator(generator, torch.float32, CPU))
    before = picture(config, 128, 128)
    labels = before.labels_HW.copy()
    box = Box(50, 50, 64, 64)
    labels[box.slices] = (labels[box.slices] + 1) % CLASSES
    after = on_grid(labels, before.regions_HW, before.noise_RZ, config.grid, True, before.style_S)
    follow(live, before)
    image, is_approximate = follow(live, after)
    assert is_approximate and psnr(image[box.slices], plain(generator, after)[box.slices]) > 40
    assert after.style_S is not None
    restyled = replace(after, style_S=after.style_S + 1)
    image, is_approximate = follow(live, restyled)
    assert not is_approximate
    assert np.abs(image - plain(generator, restyled)).max() < EXACT


@ALL
def test_tiles_equal_the_network(config: SpadeConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "whole_bytes", lambda *_arguments: 1 << 50)
    monkeypatch.setattr(fitting, "_SIDES", (config.grid,))
    generator = network(config)
    drawn = picture(config, config.grid, 3 * config.grid + halo(config))
    image = np.full((*drawn.size, 3), np.nan, np.float32)

    def take(box: Box, pixels: np.ndarray) -> None:
        image[box.slices] = pixels

    live = LiveImage(CompiledGenerator(generator, torch.float32, CPU))
    with torch.inference_mode():
        render_in(live, Work(drawn, "a test", take, lambda: False), 1 << 40)
    assert np.abs(image - plain(generator, drawn)).max() < EXACT


def test_regions_without_noise_are_told_apart_by_outlines_only() -> None:
    config = CONFIGS["edges"]
    engine = CompiledGenerator(network(config), torch.float32, CPU)
    drawn = picture(config, 64, 64)
    entries = engine.entries(drawn)
    assert entries is not None
    assert len(engine.book) - 1 <= 2 * CLASSES
