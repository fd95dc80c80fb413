"""A model so small that it renders in a moment, for places where no model ships with the program."""

from __future__ import annotations

from pathlib import Path

import torch

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import ModelCard
from oasis_studio.paths import resource
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.backbone_discriminator import BackboneDiscriminator, BackboneDiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms


def write_tiny_model(folder: Path, side: int = 256, reads: bool = False) -> None:
    """Random weights for the classes of the starter, large enough that the photo is not grey.

    It is trained at crops of ``side`` pixels at most. With ``reads``, a discriminator comes along.
    """
    palette = Palette.read(resource("classes", "outdoor8.json"))
    classes = len(palette)
    config = GeneratorConfig(
        classes=classes, noise=8, widths=(16, 16, 12, 8), hidden=8, native_width=side, native_height=side
    )
    torch.manual_seed(1)
    generator = Generator(config)
    with torch.no_grad():
        for weight in generator.parameters():
            weight.normal_(0, 0.1)
    settle_spectral_norms(generator)
    discriminator = BackboneDiscriminator(_small_critic(classes)) if reads else None
    folder.mkdir(parents=True)
    card = ModelCard(folder.name, f"Tiny {folder.name}", "oasis", {}, None, palette, (side, side), 8)
    write_model(folder, card, generator, discriminator)


def _small_critic(classes: int) -> BackboneDiscriminatorConfig:
    return BackboneDiscriminatorConfig(classes, neck=8, up=(8, 8, 6, 6), pixels=4, half=(6, 6), fine=4, full=6)


def write_tiny_coded_model(folder: Path) -> None:
    """The same with a style code instead of noise, and an encoder that reads it from photos."""
    palette = Palette.read(resource("classes", "outdoor8.json"))
    torch.manual_seed(1)
    generator = SpadeGenerator(SpadeConfig(len(palette), width=4, hidden=8, style=16))
    encoder = ImageEncoder(EncoderConfig(4, 16))
    with torch.no_grad():
        for network in (generator, encoder):
            for weight in network.parameters():
                weight.normal_(0, 0.1)
    settle_spectral_norms(generator)
    settle_spectral_norms(encoder)
    folder.mkdir(parents=True)
    card = ModelCard(folder.name, folder.name, "", {}, None, palette, (256, 256), 0)
    write_model(folder, card, generator, encoder=encoder)
