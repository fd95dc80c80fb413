"""The networks of a run, their average and their optimisers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.architectures import ARCHITECTURES, AnyDiscriminator
from oasis_studio.synthesis.networks.convolution import has_slow_weight_gradients
from oasis_studio.synthesis.networks.generator import OASIS, initialise
from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_studio.synthesis.networks.spade_generator import SPADE
from oasis_training.learning.appearance import NUMBERS, Appearance
from oasis_training.learning.average import Average
from oasis_training.recipe import Recipe


@dataclass
class Networks:
    """What is being trained, on ``device``; ``bf16`` = convolutions under autocast.

    ``encoder`` is SPADE's, where its generator takes a style code · ``appearance`` knows how regions of photos look,
    where the recipe asks for it · ``batch`` images of a step, on all processes.
    """

    generator: SynthesisNetwork[Any]
    discriminator: AnyDiscriminator
    encoder: ImageEncoder | None
    appearance: Appearance | None
    average: Average
    optimiser_generator: torch.optim.Adam
    optimiser_discriminator: torch.optim.Adam
    device: torch.device
    bf16: bool
    batch: int = 1

    def autocast(self) -> AbstractContextManager[object]:
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16)

    @property
    def style(self) -> int:
        """Numbers of the style code, 0 without one."""
        return self.generator.config.capabilities.style_size

    def generator_parameters(self) -> list[nn.Parameter]:
        """What the generator's step changes: the encoder, too."""
        return _parameters(self.generator, self.encoder)

    def modules(self) -> dict[str, nn.Module]:
        """By the names they have in a saved state."""
        found: dict[str, nn.Module] = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "average": self.average.network,
        }
        others = {"encoder": self.encoder, "appearance": self.appearance}
        return found | {name: network for name, network in others.items() if network is not None}

    def optimisers(self) -> dict[str, torch.optim.Optimizer]:
        """By the names they have in a saved state."""
        return {"adam_generator": self.optimiser_generator, "adam_discriminator": self.optimiser_discriminator}

    def set_rates(self, generator: float, discriminator: float) -> None:
        """Learning rates of the next step."""
        for group in self.optimiser_generator.param_groups:
            group["lr"] = generator
        for group in self.optimiser_discriminator.param_groups:
            group["lr"] = discriminator


def build(recipe: Recipe, classes: int, device: torch.device, bf16: bool) -> Networks:
    """Networks with the recipe's first weights; the random numbers are those of ``torch``'s own generator."""
    if recipe.architecture not in ARCHITECTURES:
        raise StudioError(
            _('There is no architecture "{name}".').format(name=recipe.architecture),
            _("Choose one of: {names}.").format(names=", ".join(ARCHITECTURES)),
        )
    architecture = ARCHITECTURES[recipe.architecture]
    size = {"native_width": recipe.native_size, "native_height": recipe.native_size}
    config = architecture.read_config({"classes": classes, **size, **_generator(recipe)})
    if recipe.architecture == SPADE and config.capabilities.style_size:
        _check_sizes(recipe)
    inputs = {"classes": classes} if recipe.architecture == OASIS else {"inputs": config.inputs}
    judge = architecture.read_discriminator_config(inputs | recipe.discriminator)
    generator = _placed(architecture.build(config), recipe, device)
    generator.uses_windows = True
    discriminator = _placed(architecture.build_discriminator(judge), recipe, device)
    if device.type == "cpu" and has_slow_weight_gradients():
        discriminator.to(memory_format=torch.contiguous_format)
    encoder = None
    if config.capabilities.style_size:
        read = EncoderConfig.from_json({"style": config.capabilities.style_size, **recipe.encoder})
        encoder = _placed(ImageEncoder(read), recipe, device)
    appearance = None
    if recipe.appearance > 0:
        if recipe.architecture != OASIS or config.noise < NUMBERS or not recipe.uses_noise:
            raise StudioError(
                _("Only OASIS with {count} noise channels or more can be trained with an appearance term.").format(
                    count=NUMBERS
                )
            )
        appearance = Appearance(classes).to(device)
    if not recipe.uses_noise:
        _silence(generator)
    betas = (0.0, recipe.beta_2)
    return Networks(
        generator,
        discriminator,
        encoder,
        appearance,
        Average(generator, recipe.average_half_life),
        torch.optim.Adam(_parameters(generator, encoder), betas=betas, foreach=True),
        torch.optim.Adam(discriminator.parameters(), betas=betas, foreach=True),
        device,
        bf16,
    )


def _placed(network: Any, recipe: Recipe, device: torch.device) -> Any:
    initialise(network, recipe.initial_gain)
    return network.to(device).to(memory_format=torch.channels_last)


def _parameters(*networks: nn.Module | None) -> list[nn.Parameter]:
    return [parameter for network in networks if network is not None for parameter in network.parameters()]


def _generator(recipe: Recipe) -> dict[str, Any]:
    """Without noise, SPADE is the network whose stem reads the label map: no code, no encoder, one photo of a map."""
    deterministic = {"style": 0} if recipe.architecture == SPADE and not recipe.uses_noise else {}
    return recipe.generator | deterministic


def _check_sizes(recipe: Recipe) -> None:
    """A style code makes features of the native size; they are stretched for others, which is no way to train."""
    if any(phase.size != recipe.native_size for phase in recipe.phases):
        raise StudioError(
            _("A SPADE network with a style code is trained at its native size, {size}.").format(
                size=recipe.native_size
            )
        )


@torch.no_grad()
def _silence(generator: SynthesisNetwork[Any]) -> None:
    """Make the network deaf to noise: what it is never trained on must not change its photos either."""
    noise = generator.config.noise
    for name, module in generator.named_modules():
        if noise and isinstance(module, nn.Conv2d) and (name == "fc" or name.endswith("mlp_shared.0")):
            module.weight[:, :noise] = 0
