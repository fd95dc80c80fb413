"""Begin with the weights of a published model, for the same classes or for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from oasis_studio.core.card import ModelCard
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.checkpoint import open_discriminator, open_generator
from oasis_studio.synthesis.discriminator import Discriminator
from oasis_training.affinity import class_affinity
from oasis_training.dataset import Pair
from oasis_training.networks import Networks


def load_model(
    folder: Path, networks: Networks, palette: Palette, pairs: Sequence[Pair]
) -> dict[str, dict[str, float]]:
    """Copy the weights of the model in ``folder``, class by class of the same name.

    Returns what classes it does not know begin with: {new class: {old class: share}}. StudioError unless the networks
    have the model's sizes.
    """
    card = ModelCard.read(folder)
    source, config = open_generator(folder, card), networks.generator.config
    if card.architecture != networks.generator.architecture or not _same_but_classes(source.config, config):
        raise StudioError(
            _('The model "{name}" has other sizes than the recipe asks for.').format(name=card.name),
            _("Use the recipe it was trained with, or train from scratch."),
        )
    critic = open_discriminator(folder, card) if card.discriminator is not None else None
    reader = critic.to(networks.device) if isinstance(critic, Discriminator) else None
    matrix = class_affinity(card.palette, palette, reader, pairs)
    state = adapted_inputs(source.state_dict(), networks.generator.state_dict(), matrix)
    networks.generator.load_state_dict(state)
    networks.average.network.load_state_dict(state)
    if reader is not None and _same_but_classes(reader.config, networks.discriminator.config):
        networks.discriminator.load_state_dict(adapted_outputs(reader.state_dict(), matrix))
    return _described(matrix, card.palette, palette)


def adapted_inputs(state: dict[str, Tensor], wanted: dict[str, Tensor], matrix: Tensor) -> dict[str, Tensor]:
    """Generator weights for other classes: input columns of the label map are mixed by ``matrix`` (new, old).

    Only the layers that read the condition have other shapes; the class columns come last in them.
    """
    old = matrix.shape[1]
    adapted = {}
    for key, weight in state.items():
        reads_classes = key.endswith("mlp_shared.0.weight") or key == "fc.weight"
        if reads_classes and weight.dim() == 4 and weight.shape[1] == wanted[key].shape[1] - len(matrix) + old:
            kept, columns = weight[:, :-old], weight[:, -old:]
            weight = torch.cat([kept, torch.einsum("no,koyx->knyx", matrix.to(weight), columns)], dim=1)
        adapted[key] = weight
    return adapted


def adapted_outputs(state: dict[str, Tensor], matrix: Tensor) -> dict[str, Tensor]:
    """Discriminator weights for other classes: logits after *fake* are mixed by ``matrix`` (new, old)."""
    adapted = dict(state)
    for key in ("layer_up_last.weight", "layer_up_last.bias"):
        fake, classes = state[key][:1], state[key][1:]
        adapted[key] = torch.cat([fake, torch.tensordot(matrix.to(classes), classes, dims=1)])
    return adapted


def _same_but_classes(ours: Any, theirs: Any) -> bool:
    """Equal configurations, but for the classes and the size that is shown first."""
    free = [name for name in ("classes", "native_width", "native_height") if hasattr(ours, name)]
    return replace(theirs, **{name: getattr(ours, name) for name in free}) == ours


def _described(matrix: Tensor, old: Palette, new: Palette) -> dict[str, dict[str, float]]:
    described = {}
    for entry in new.classes:
        if old.by_name(entry.name) is None:
            shares = {o.name: round(float(matrix[entry.id, o.id]), 3) for o in old.classes}
            described[entry.name] = {name: share for name, share in shares.items() if share >= 0.01}
    return described
