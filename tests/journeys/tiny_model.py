"""A model so small that it renders in a moment, for places where no model ships with the program."""

from __future__ import annotations

from pathlib import Path

import torch

from oasis_studio.core.card import ModelCard
from oasis_studio.core.palette import Palette
from oasis_studio.paths import resource
from oasis_studio.synthesis.checkpoint import write_model
from oasis_studio.synthesis.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.spectral import settle_spectral_norms


def write_tiny_model(folder: Path) -> None:
    """Random weights for the classes of the starter, large enough that the photo is not grey."""
    palette = Palette.read(resource("classes", "outdoor8.json"))
    config = GeneratorConfig(classes=len(palette), noise=8, widths=(16, 16, 12, 8), hidden=8)
    torch.manual_seed(1)
    generator = Generator(config)
    with torch.no_grad():
        for weight in generator.parameters():
            weight.normal_(0, 0.1)
    settle_spectral_norms(generator)
    folder.mkdir(parents=True)
    write_model(folder, ModelCard(folder.name, "Tiny", "oasis", {}, None, palette, (64, 64), 8), generator)
