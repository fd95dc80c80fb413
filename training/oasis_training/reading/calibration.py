"""The critic of a model, measured on held-out photos.

What it says of real photos goes into the model's card: quantiles for the heat map, and how well it reads photos.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.calibration import Calibration
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.work.request import Quality, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_studio.synthesis.photos.critic import LabelledImage, calibrated
from oasis_studio.synthesis.photos.reading import PhotoReader, check_critic
from oasis_studio.synthesis.rendering.opening import OpenModel, folded
from oasis_studio.synthesis.rendering.renderer import never, plain_image, to_bytes
from oasis_training.pairs.dataset import Pair, fill_unlabelled, find_pairs, split
from oasis_training.pairs.labelled_photos import read_labelled
from oasis_training.reading.measured import reading_figures
from oasis_training.recipe import Source

_MOST_PHOTOS = 64
_MOST_RENDERS = 24
_FEWEST_PAIRS = 4
HELD_OUT = 10
"""As in recipes: one photo in so many."""


def measure_critic(
    card: ModelCard, reader: PhotoReader, generator: SynthesisNetwork[Any], pairs: list[Pair]
) -> tuple[Calibration, dict[str, Any]]:
    """The calibration, and the figures of reading for the card; ``generator`` with its spectral norms folded.

    ``pairs`` were not trained on. StudioError if none of them can be used.
    """
    side, classes = min(card.native_size), len(card.palette)
    chosen = [
        pairs[index] for index in np.linspace(0, len(pairs) - 1, min(len(pairs), _MOST_PHOTOS)).round().astype(int)
    ]
    photos = list(read_labelled(chosen, side, classes))
    if not photos:
        raise StudioError(_("No held-out photo with labels can be used to measure the critic."))
    found = calibrated(reader, photos, render_labelled(card, generator, photos[:_MOST_RENDERS], reader.device), side)
    reader.sides = found.sides
    return found, reading_figures(
        reader, photos if len(chosen) == len(pairs) else read_labelled(pairs, side, classes), card.palette
    )


def measure_published(folder: Path, pairs: list[Pair]) -> None:
    """Put the critic's figures into the card of the model in ``folder``, if it has a critic and there are enough pairs.

    A model that cannot be opened any more keeps the card it has.
    """
    if len(pairs) < _FEWEST_PAIRS:
        return
    try:
        card = ModelCard.read(folder)
        if card.capabilities.has_critic:
            _measured(folder, card, pairs)
    except StudioError:
        return


def calibrate(folder: Path, card: ModelCard, data: Path, held_out: int = HELD_OUT) -> ModelCard:
    """Measure the model in ``folder`` on the photos of ``data`` (images/, labels/) and write its card anew.

    Of them the share that a training leaves out; all, if ``held_out`` is 1.
    """
    check_critic(card)
    data = data.resolve()
    pairs = find_pairs(data.parent, (Source(data.name),))
    if held_out > 1:
        pairs = split(pairs, held_out)[1] or pairs
    return _measured(folder, card, pairs)


def _measured(folder: Path, card: ModelCard, pairs: list[Pair]) -> ModelCard:
    device = torch.device("cpu")
    generator = folded(open_generator(folder, card))
    found, figures = measure_critic(card, PhotoReader.open_critic(folder, card, device), generator, pairs)
    card = replace(card, critic=found, metrics=card.metrics | figures)
    card.write(folder)
    return card


def render_labelled(
    card: ModelCard, generator: SynthesisNetwork[Any], photos: list[LabelledImage], device: torch.device
) -> Iterator[LabelledImage]:
    """The model's own pictures of the photos' label maps."""
    model = OpenModel((Path(), 0, 0), card, {torch.float32: generator})
    for seed, (_image, labels) in enumerate(photos):
        painted, _valid = fill_unlabelled(labels, len(card.palette))
        regions = np.zeros(painted.shape, np.uint16)
        request = SynthesisRequest(
            seed, card.id, painted, regions, noise_vector(seed, card.noise_size)[None], Quality.FINAL
        )
        image = to_bytes(plain_image(model, request, torch.float32, device, never))
        yield np.asarray(cv2.resize(image, (painted.shape[1], painted.shape[0]))), labels
