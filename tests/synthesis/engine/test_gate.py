"""The gate: on any scene the engine gives the plain network's image.

A few scenes here, two hundred and the full-size network where slow tests run. Limits: 1e-4 in float32; 50 dB in
bfloat16, or within 1 dB of how close the plain network in bfloat16 comes.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.fitting import Work, render_in
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.networks.generator import ADE20K, GeneratorConfig
from oasis_studio.synthesis.networks.network import AnyNetwork, NetworkConfig
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig
from oasis_studio.synthesis.networks.spectral import SpectralConv2d
from tests.benchmarks.networks import calibrated, painted
from tests.synthesis.engine.scenes import plain, psnr

EXACT, HALF_DB = 1e-4, 50
CLASSES = 151
PUBLISHED = GeneratorConfig(classes=CLASSES, noise=16, widths=(32, 32, 32, 16, 16, 8, 8), hidden=16)
STARTER = GeneratorConfig(
    classes=CLASSES,
    noise=16,
    widths=(32, 32, 32, 16, 16, 8),
    hidden=16,
    shares_hidden=True,
    modulation_kernel=1,
    grain=True,
)
SPADE = SpadeConfig(CLASSES, has_edges=True, width=8, hidden=16)
CONFIGS = (PUBLISHED, STARTER, SPADE)
KINDS = ("shared noise", "noise by region", "stray pixels", "every class", "noise by pixel")
CPU = torch.device("cpu")


@cache
def generator(config: NetworkConfig) -> AnyNetwork:
    return calibrated(config, (128, 128))


@cache
def engine(config: NetworkConfig, dtype: torch.dtype) -> LiveImage:
    """One for all scenes: what earlier ones left in its tables must not show."""
    return LiveImage(CompiledGenerator(generator(config), dtype, CPU))


def random_scene(number: int, largest: int) -> Scene:
    """Scene ``number``: 4 to 500 regions, sides from 64 to ``largest``, also odd ones, kinds in turn."""
    rng = np.random.default_rng(number)
    kind = KINDS[number % len(KINDS)]
    most = min(largest, 240) if kind == "noise by pixel" else largest  # so that uint16 numbers every pixel
    height, width = (round(64 * (most / 64) ** share) for share in rng.random(2))
    count = round(4 * 125 ** rng.random())
    cells = voronoi(rng, height, width, max(count, CLASSES) if kind == "every class" else count)
    labels = rng.permutation(np.arange(int(cells.max()) + 1) % CLASSES).astype(np.uint8)[cells]
    if kind == "stray pixels":
        stray = rng.random((height, width)) < 0.01
        labels[stray] = rng.integers(0, CLASSES, int(stray.sum()))
    regions = np.zeros((height, width), np.uint16)
    if kind in ("noise by region", "stray pixels"):
        regions = cells.astype(np.uint16)
    elif kind == "noise by pixel":
        regions = np.arange(height * width, dtype=np.uint16).reshape(height, width)
    noise = rng.standard_normal((int(regions.max()) + 1, PUBLISHED.noise)).astype(np.float32)
    return Scene(labels, regions, noise)


def voronoi(rng: np.random.Generator, height: int, width: int, count: int) -> np.ndarray:
    """(H, W) numbers of at most ``count`` cells."""
    centres = np.ones((height, width), np.uint8)
    centres.ravel()[rng.choice(height * width, count, replace=False)] = 0
    _distance, cells = cv2.distanceTransformWithLabels(centres, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    return cells - 1


def render(live: LiveImage, scene: Scene) -> np.ndarray:
    image = np.full((*scene.size, 3), np.nan, np.float32)

    def take(box, pixels) -> None:
        image[box.slices] = pixels

    with torch.inference_mode():
        render_in(live, Work(scene, "the gate", take, lambda: False), None)
    return image


class RoundedOnce(TorchFunctionMode):
    """Convolutions of bfloat16 as processors with an instruction for them compute them: sums in float32, rounded once.

    Without that instruction torch takes a hundred times as long.
    """

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, given: tuple[Any, ...] = (), named: dict[str, Any] | None = None
    ) -> Any:
        del types
        if function is not torch.conv2d or given[0].dtype != torch.bfloat16:
            return function(*given, **named or {})
        exact = (value.float() if isinstance(value, torch.Tensor) else value for value in given)
        return function(*exact, **named or {}).bfloat16()


def halved(network: AnyNetwork, scene: Scene) -> np.ndarray:
    """The plain network with convolutions in bfloat16."""
    network = deepcopy(network)
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d | SpectralConv2d):
            module.to(torch.bfloat16)
    with RoundedOnce():
        return plain(network, scene, torch.bfloat16)


def check_images(network: AnyNetwork, scene: Scene, exact: np.ndarray, half: np.ndarray) -> None:
    """The engine's images in float32 and bfloat16 against the plain network's."""
    expected = plain(network, scene)
    assert np.abs(exact - expected).max() <= EXACT
    found = psnr(half, expected)
    if found < HALF_DB:  # random weights may not bear bfloat16 better than that, whoever computes it
        plain_half = psnr(halved(network, scene), expected)
        assert found >= plain_half - 1, f"{found:.1f} dB, the plain network {plain_half:.1f} dB"


def check(number: int, largest: int) -> None:
    config = CONFIGS[number // len(KINDS) % len(CONFIGS)]
    picture = random_scene(number, largest)
    noise = picture.noise_RZ[:, : config.noise]  # SPADE takes none
    padded = on_grid(picture.labels_HW, picture.regions_HW, noise, config.grid, config.capabilities.sees_instances)
    exact, half = (render(engine(config, dtype), padded) for dtype in (torch.float32, torch.bfloat16))
    check_images(generator(config), padded, exact, half)


@pytest.mark.parametrize("number", range(len(KINDS) * len(CONFIGS)))
def test_a_few_scenes_of_every_kind(number: int) -> None:
    check(number, largest=160)


def test_the_scenes_are_as_various_as_they_should_be() -> None:
    scenes = [random_scene(number, 1024) for number in range(60)]
    sides = [side for scene in scenes for side in scene.size]
    assert min(sides) < 90 and max(sides) > 800 and any(side % 2 for side in sides)
    assert min(len(np.unique(scene.labels_HW)) for scene in scenes) <= 8
    assert set(np.unique(random_scene(3, 1024).labels_HW)) == set(range(CLASSES))
    assert max(len(scene.noise_RZ) for scene in scenes if len(scene.noise_RZ) < 600) > 300
    assert any(len(scene.noise_RZ) == scene.labels_HW.size for scene in scenes)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(200))
def test_two_hundred_scenes(number: int) -> None:
    check(number, largest=1024)


@pytest.mark.slow
@pytest.mark.parametrize("regions", [4, 28, 80])
def test_the_full_size_network(regions: int) -> None:
    full = calibrated(ADE20K, (256, 256))
    picture = painted(ADE20K, (256, 256), regions, seed=regions)
    exact, half = (
        render(LiveImage(CompiledGenerator(full, dtype, CPU)), picture) for dtype in (torch.float32, torch.bfloat16)
    )
    check_images(full, picture, exact, half)
    if regions == 28:  # the scene of the benchmark
        assert psnr(half, plain(full, picture)) >= HALF_DB
