"""Networks and scenes for the rendering benchmark: random weights, calibrated so that features stay in range."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.networks.generator import ADE20K, CITYSCAPES, Generator, GeneratorConfig
from oasis_studio.synthesis.networks.network import AnyNetwork, NetworkConfig
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms

STARTER = GeneratorConfig(
    classes=8,
    noise=32,
    widths=(256, 256, 256, 128, 64, 32),
    hidden=64,
    shares_hidden=True,
    modulation_kernel=1,
    grain=True,
)
SPADE_ADE20K = SpadeConfig(classes=151)
NETWORKS: dict[str, tuple[NetworkConfig, tuple[int, int]]] = {
    "ade20k": (ADE20K, (256, 256)),
    "cityscapes": (CITYSCAPES, (256, 512)),
    "spade": (SPADE_ADE20K, (256, 256)),
    "starter": (STARTER, (256, 256)),
}
"""Configurations and sizes (height, width)."""
_CLASSES = 14
_LOUDNESS = 0.6
MODULATION = 0.35
"""γ and β then spread by a quarter of the features they go with, as in the starter, which is trained."""


def network(config: NetworkConfig) -> AnyNetwork:
    """Of the configuration's kind."""
    if isinstance(config, SpadeConfig):
        return SpadeGenerator(config)
    assert isinstance(config, GeneratorConfig)
    return Generator(config)


def calibrated(config: NetworkConfig, size: tuple[int, int], modulation: float = MODULATION) -> AnyNetwork:
    """Random weights; batch statistics are those of one scene, the last layer makes an image of medium contrast.

    ``modulation`` is the size of γ and β: with 1, that of He's rule, labels decide the details more than the place.
    """
    torch.manual_seed(0)
    generator = network(config)
    with torch.no_grad():
        for name, tensor in generator.state_dict().items():
            if name.endswith(("weight", "weight_orig")):
                quiet = modulation if ".mlp_gamma." in name or ".mlp_beta." in name else 1.0
                tensor.normal_(std=quiet * (2 / tensor[0].numel()) ** 0.5)
            elif name.endswith("bias"):
                tensor.normal_(std=0.05)
        settle_spectral_norms(generator, 3)
        for module in generator.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 1.0
        *_features, image = generator.train().stages(as_condition(_varied(config, size), generator))
        loudness = torch.atanh(image.clamp(-0.999, 0.999)).std()
        image_conv = generator.get_submodule("conv_img")
        assert isinstance(image_conv, nn.Conv2d)
        image_conv.weight.mul_(_LOUDNESS / loudness)
    return generator.eval()


def _varied(config: NetworkConfig, size: tuple[int, int]) -> Scene:
    """A picture whose cells differ in noise too: statistics of one vector alone would not hold for another."""
    cells = painted(config, size, 40, 7)
    regions = (np.arange(size[0])[:, None] // 32 * 64 + np.arange(size[1])[None] // 32).astype(np.uint16)
    noise = np.random.default_rng(7).standard_normal((int(regions.max()) + 1, config.noise))
    return Scene(cells.labels_HW, regions, noise.astype(np.float32))


def painted(config: NetworkConfig, size: tuple[int, int], regions: int, seed: int) -> Scene:
    """A picture of ``regions`` cells with wavy borders; one noise vector for all, as the original renders."""
    rng = np.random.default_rng(seed)
    height, width = size
    y, x = (axis.astype(np.float32) for axis in np.mgrid[:height, :width])
    y, x = y + 6 * np.sin(x / 17), x + 6 * np.sin(y / 23)
    centres = rng.random((regions, 2)) * size
    distance = (y[..., None] - centres[:, 0]) ** 2 + (x[..., None] - centres[:, 1]) ** 2
    labels = rng.integers(0, min(_CLASSES, config.classes), regions).astype(np.uint8)[distance.argmin(axis=2)]
    torch.manual_seed(seed)
    return Scene(labels, np.zeros(size, np.uint16), torch.randn(1, config.noise).numpy())


def dabbed(scene: Scene, share: float, centre: tuple[float, float]) -> Scene:
    """A round dab over ``share`` of the picture, of a class that was not there."""
    height, width = scene.size
    row, column = int(centre[0] * height), int(centre[1] * width)
    y, x = np.mgrid[:height, :width]
    labels = scene.labels_HW.copy()
    inside = (y - row) ** 2 + (x - column) ** 2 <= share * height * width / np.pi
    labels[inside] = (int(labels[row, column]) + 3) % 8
    return Scene(labels, scene.regions_HW, scene.noise_RZ)


def as_condition(scene: Scene, generator: AnyNetwork) -> torch.Tensor:
    """The network's plain input, (1, inputs, H, W)."""
    labels, regions = (torch.from_numpy(ids.astype(np.int64))[None] for ids in (scene.labels_HW, scene.regions_HW))
    return generator.condition(labels, regions, torch.from_numpy(scene.noise_RZ)[None])
