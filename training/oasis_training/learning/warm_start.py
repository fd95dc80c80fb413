"""Begin with the weights of a published model, for the same classes or for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_encoder, open_generator, open_reader
from oasis_studio.synthesis.networks.architectures import AnyDiscriminator
from oasis_studio.synthesis.networks.discriminator import SegmentationDiscriminator
from oasis_training.learning.affinity import class_affinity
from oasis_training.learning.networks import Networks
from oasis_training.pairs.dataset import Pair

_READERS = ("mlp_shared.0.weight", "fc.weight", ".model0.0.weight")
"""Layers that read the label map: of SPADE's norms, of the stem, of a patch discriminator."""


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
    judge = open_discriminator(folder, card).to(networks.device) if card.discriminator is not None else None
    reader = judge if isinstance(judge, SegmentationDiscriminator) else None
    if card.reader is not None:
        reader = open_reader(folder, card).to(networks.device)
    matrix = class_affinity(card.palette, palette, reader, pairs)
    state = adapted_inputs(source.state_dict(), matrix, config.noise, config.inputs)
    networks.generator.load_state_dict(state)
    networks.average.network.load_state_dict(state)
    if judge is not None and _same_but_classes(judge.config, networks.discriminator.config):
        networks.discriminator.load_state_dict(_judging(judge, matrix, networks))
    if networks.encoder is not None and card.encoder is not None:
        encoder = open_encoder(folder, card)
        if encoder.config == networks.encoder.config:
            networks.encoder.load_state_dict(encoder.state_dict())
    return _described(matrix, card.palette, palette)


def _judging(judge: AnyDiscriminator, matrix: Tensor, networks: Networks) -> dict[str, Tensor]:
    """SegmentationDiscriminator weights for other classes: OASIS names them, SPADE reads them before the photo."""
    if isinstance(judge, SegmentationDiscriminator):
        return adapted_outputs(judge.state_dict(), matrix)
    return adapted_inputs(judge.state_dict(), matrix, 0, networks.generator.config.inputs + 3)


def adapted_inputs(state: dict[str, Tensor], matrix: Tensor, before: int, inputs: int) -> dict[str, Tensor]:
    """Weights for other classes: in layers that read the label map its columns are mixed by ``matrix`` (new, old).

    ``before`` channels come before the classes · ``inputs`` channels such a layer reads with the new ones.
    """
    new, old = matrix.shape
    adapted = {}
    for key, old_weight in state.items():
        weight = old_weight
        if key.endswith(_READERS) and weight.dim() == 4 and weight.shape[1] == inputs - new + old:
            columns = torch.einsum("no,koyx->knyx", matrix.to(weight), weight[:, before : before + old])
            weight = torch.cat([weight[:, :before], columns, weight[:, before + old :]], dim=1)
        adapted[key] = weight
    return adapted


def adapted_outputs(state: dict[str, Tensor], matrix: Tensor) -> dict[str, Tensor]:
    """SegmentationDiscriminator weights for other classes: logits after *fake* are mixed by ``matrix`` (new, old)."""
    adapted = dict(state)
    for key in ("layer_up_last.weight", "layer_up_last.bias"):
        fake, classes = state[key][:1], state[key][1:]
        adapted[key] = torch.cat([fake, torch.tensordot(matrix.to(classes), classes, dims=1)])
    return adapted


def _same_but_classes(ours: Any, theirs: Any) -> bool:
    """Equal configurations, but for the classes and the size that is shown first."""
    free = [name for name in ("classes", "inputs", "native_width", "native_height") if name in ours.to_json()]
    return replace(theirs, **{name: getattr(ours, name) for name in free}) == ours


def _described(matrix: Tensor, old: Palette, new: Palette) -> dict[str, dict[str, float]]:
    described = {}
    for entry in new.classes:
        if old.by_name(entry.name) is None:
            shares = {o.name: round(float(matrix[entry.id, o.id]), 3) for o in old.classes}
            described[entry.name] = {name: share for name, share in shares.items() if share >= 0.01}
    return described
