"""A world of three textures, photos of it, and a model whose discriminator has learned to read them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.calibration import Calibration
from oasis_studio.core.models.card import ModelCard
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms

CLASSES = 3
SIDE = 64
GENERATOR = GeneratorConfig(
    classes=CLASSES, noise=6, widths=(12, 12, 10, 8), hidden=8, native_width=SIDE, native_height=SIDE
)
PALETTE = Palette(
    "textures",
    (
        SemanticClass(0, "air", (90, 140, 230)),
        SemanticClass(1, "moss", (60, 130, 50)),
        SemanticClass(2, "wood", (150, 120, 90)),
    ),
)
_COLORS = np.array([(90, 140, 230), (60, 130, 50), (150, 120, 90)], np.float32)


def photo(seed: int, height: int = SIDE, width: int = SIDE) -> tuple[np.ndarray, np.ndarray]:
    """Smooth blue, mottled green and striped brown in wavy bands: (H, W, 3) uint8 and (H, W) uint8."""
    draws = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    wave = y / height + 0.12 * np.sin(x / width * draws.uniform(4, 9) + draws.uniform(0, 6))
    labels = np.digitize(wave, np.sort(draws.uniform(0.2, 0.8, 2))).astype(np.uint8)
    light = draws.uniform(0.8, 1.2)
    textures = np.stack(
        [
            20 * y / height + draws.normal(0, 1.5, (height, width)),
            draws.normal(0, 16, (height, width)),
            22 * np.sin((x + y) * 1.1) + draws.normal(0, 5, (height, width)),
        ]
    )
    texture = np.take_along_axis(textures, labels[None].astype(np.intp), 0)[0]
    return (_COLORS[labels] * light + texture[..., None]).clip(0, 255).astype(np.uint8), labels


def photos(count: int, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    return [photo(seed + index) for index in range(count)]


@cache
def _taught() -> dict[str, torch.Tensor]:
    """Weights after a short course: read the photos, call grey noise fake."""
    torch.manual_seed(0)
    network = empty_discriminator().train()
    optimiser = torch.optim.Adam(network.parameters(), lr=4e-3)
    made = photos(24, seed=1000)
    images = torch.from_numpy(np.stack([image for image, _labels in made])).permute(0, 3, 1, 2).float() / 127.5 - 1
    labels = torch.from_numpy(np.stack([labels for _image, labels in made]).astype(np.int64))
    for step in range(70):
        chosen = torch.arange(step % 4, 24, 4)
        target, seen = labels[chosen].clone() + 1, images[chosen].clone()
        seen[:, :, :, :16] = torch.randn_like(seen[:, :, :, :16]) * 0.3
        target[:, :, :16] = 0
        loss = torch.nn.functional.cross_entropy(network(seen), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def empty_discriminator() -> Discriminator:
    return Discriminator(DiscriminatorConfig(CLASSES, down=(12, 16, 16), up=(16, 16, 12)))


def discriminator() -> Discriminator:
    """One that can read."""
    network = empty_discriminator()
    network.load_state_dict(_taught())
    return network


def generator() -> Generator:
    """Random weights, large enough that regions have colours and the noise changes them."""
    torch.manual_seed(3)
    network = Generator(GENERATOR)
    with torch.no_grad():
        for weight in network.parameters():
            weight.normal_(0, 0.15)
    settle_spectral_norms(network)
    return network.eval()


def write_critic_model(folder: Path, calibration: Calibration | None = None) -> ModelCard:
    """The model of this world, in a folder of a library."""
    folder.mkdir(parents=True, exist_ok=True)
    card = ModelCard(folder.name, "Textures", "oasis", {}, None, PALETTE, (SIDE, SIDE), 1)
    return write_model(folder, replace(card, critic=calibration), generator(), discriminator())
