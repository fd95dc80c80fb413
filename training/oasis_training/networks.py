"""The networks of a run, their average and their optimisers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
from torch import nn

from oasis_studio.synthesis.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.generator import Generator, GeneratorConfig, initialise
from oasis_training.average import Average
from oasis_training.recipe import Recipe


@dataclass
class Networks:
    """What is being trained, on ``device``; ``bf16`` = convolutions under autocast."""

    generator: Generator
    discriminator: Discriminator
    average: Average
    optimiser_generator: torch.optim.Adam
    optimiser_discriminator: torch.optim.Adam
    device: torch.device
    bf16: bool

    def autocast(self) -> AbstractContextManager[object]:
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16)

    def modules(self) -> dict[str, nn.Module]:
        """By the names they have in a saved state."""
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "average": self.average.network,
        }

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        """By the names they have in a saved state."""
        return {"adam_generator": self.optimiser_generator, "adam_discriminator": self.optimiser_discriminator}


def build(recipe: Recipe, classes: int, device: torch.device, bf16: bool) -> Networks:
    """Networks with the recipe's first weights; the random numbers are those of ``torch``'s own generator."""
    size = {"native_width": recipe.native_size, "native_height": recipe.native_size}
    generator = Generator(GeneratorConfig.from_json({"classes": classes, **size, **recipe.generator})).to(device)
    discriminator = Discriminator(DiscriminatorConfig.from_json({"classes": classes, **recipe.discriminator})).to(
        device
    )
    for network in (generator, discriminator):
        initialise(network, recipe.initial_gain)
    generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stub lacks it
    discriminator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    betas = (0.0, recipe.beta_2)
    return Networks(
        generator,
        discriminator,
        Average(generator, recipe.average_half_life),
        torch.optim.Adam(generator.parameters(), betas=betas, foreach=True),
        torch.optim.Adam(discriminator.parameters(), betas=betas, foreach=True),
        device,
        bf16,
    )


def set_rates(networks: Networks, generator: float, discriminator: float) -> None:
    """Learning rates of the next step."""
    for optimiser, rate in (
        (networks.optimiser_generator, generator),
        (networks.optimiser_discriminator, discriminator),
    ):
        for group in optimiser.param_groups:
            group["lr"] = rate
