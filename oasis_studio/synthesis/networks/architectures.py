"""The architectures by the name a model card gives them: the one place that knows which there are.

In ``app`` and ``ui`` nobody asks for an architecture, only for what a model can do
(:mod:`oasis_studio.core.models.capabilities`). SPADE, the second architecture, needed these parts there, and none of
them names SPADE:

``app/photo/requests``, ``second_photo`` the style code of the whole image, and regions where outlines are an input
``app/regions/style_edits``              what can have a style of its own, and the sentence why the rest cannot
``app/photo/critic``, ``training/labelling``  a discriminator that names classes, or the reason why nothing is judged
``app/training/plan``                    how large the generator to begin with is
``ui/actions/abilities``                 commands that a model cannot serve, and where outlines come from, said once
``ui/menus/critic``                      an encoder gives the style of a photo at once; other models look for it
``ui/docks/whole_style``                 in the panel: the sentence, or photo and swatches for a style code
``ui/docks/regions``, ``region_items``, ``region_row``   its place, and rows whose dice is dim
``ui/menus/region``, ``swatch_menu``     the same reasons in the menus
``ui/dialogs/import_model``              the encoder's file beside the discriminator's
``ui/dialogs/model_details``             what a model can do, in words
``ui/window/main_window``                puts these together
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.backbone_discriminator import BackboneDiscriminator, BackboneDiscriminatorConfig
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig, SegmentationDiscriminator
from oasis_studio.synthesis.networks.generator import OASIS, Generator, GeneratorConfig
from oasis_studio.synthesis.networks.network import NetworkConfig, SynthesisNetwork
from oasis_studio.synthesis.networks.patch_discriminator import PatchConfig, PatchDiscriminator
from oasis_studio.synthesis.networks.spade_generator import SPADE, SpadeConfig, SpadeGenerator

AnyDiscriminator = SegmentationDiscriminator | PatchDiscriminator
AnyDiscriminatorConfig = DiscriminatorConfig | BackboneDiscriminatorConfig | PatchConfig


@dataclass(frozen=True)
class Architecture:
    """From the configurations in a card to networks without weights."""

    read_config: Callable[[dict[str, Any]], NetworkConfig]
    build: Callable[[Any], SynthesisNetwork[Any]]
    read_discriminator_config: Callable[[dict[str, Any]], AnyDiscriminatorConfig]
    build_discriminator: Callable[[Any], AnyDiscriminator]


def _read_oasis_discriminator(data: dict[str, Any]) -> DiscriminatorConfig | BackboneDiscriminatorConfig:
    """With an encoder of its own, or with a frozen backbone if the configuration names one."""
    return (BackboneDiscriminatorConfig if "backbone" in data else DiscriminatorConfig).from_json(data)


def _build_oasis_discriminator(
    config: DiscriminatorConfig | BackboneDiscriminatorConfig,
) -> SegmentationDiscriminator:
    if isinstance(config, BackboneDiscriminatorConfig):
        return BackboneDiscriminator(config)
    return Discriminator(config)


ARCHITECTURES = {
    OASIS: Architecture(GeneratorConfig.from_json, Generator, _read_oasis_discriminator, _build_oasis_discriminator),
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
