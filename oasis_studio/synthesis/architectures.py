"""The architectures by the name a model card gives them: the one place that knows which there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oasis_studio.core.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.generator import OASIS, Generator, GeneratorConfig
from oasis_studio.synthesis.network import NetworkConfig, SynthesisNetwork
from oasis_studio.synthesis.patch_discriminator import PatchConfig, PatchDiscriminator
from oasis_studio.synthesis.spade_generator import SPADE, SpadeConfig, SpadeGenerator

AnyDiscriminator = Discriminator | PatchDiscriminator


@dataclass(frozen=True)
class Architecture:
    """From the configurations in a card to networks without weights."""

    read_config: Callable[[dict[str, Any]], NetworkConfig]
    build: Callable[[Any], SynthesisNetwork[Any]]
    read_discriminator_config: Callable[[dict[str, Any]], DiscriminatorConfig | PatchConfig]
    build_discriminator: Callable[[Any], AnyDiscriminator]


ARCHITECTURES = {
    OASIS: Architecture(GeneratorConfig.from_json, Generator, DiscriminatorConfig.from_json, Discriminator),
    SPADE: Architecture(SpadeConfig.from_json, SpadeGenerator, PatchConfig.from_json, PatchDiscriminator),
}


def architecture_of(card: ModelCard) -> Architecture:
    """The architecture that the card names; StudioError if this program has none of that name."""
    if card.architecture not in ARCHITECTURES:
        raise StudioError(
            _('The model "{name}" is a {architecture}, which this version of OASIS Studio cannot run.').format(
                name=card.name, architecture=card.architecture
            )
        )
    return ARCHITECTURES[card.architecture]
