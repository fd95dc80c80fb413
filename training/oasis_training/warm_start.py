"""Begin with the weights of a published model."""

from __future__ import annotations

from pathlib import Path

from oasis_studio.core.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.checkpoint import open_discriminator, open_generator
from oasis_training.step import Networks


def load_model(folder: Path, networks: Networks) -> None:
    """Copy the weights of the model in ``folder``; StudioError unless the networks are of the same shapes."""
    card = ModelCard.read(folder)
    source = open_generator(folder, card)
    if source.config != networks.generator.config:
        raise StudioError(
            _('The model "{name}" has other sizes than the recipe asks for.').format(name=card.name),
            _("Use the recipe it was trained with, or train from scratch."),
        )
    networks.generator.load_state_dict(source.state_dict())
    networks.average.network.load_state_dict(source.state_dict())
    if card.discriminator is not None:
        critic = open_discriminator(folder, card)
        if critic.config == networks.discriminator.config:
            networks.discriminator.load_state_dict(critic.state_dict())
