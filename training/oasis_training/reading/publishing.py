"""A published model gets a reader: fitted to the pairs it was trained on, in its own classes, within minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import ModelCard, ReaderCard
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.models.checkpoint import add_reader, open_reader
from oasis_studio.synthesis.networks.segmenter import Segmenter
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_training.learning.affinity import matched_by_name
from oasis_training.pairs.dataset import Pair
from oasis_training.pairs.labelled_photos import read_labelled
from oasis_training.reading.fitting import ReaderFitting
from oasis_training.reading.measured import reading_figures
from oasis_training.reading.recipe import ReaderRecipe

LEAST_SECONDS, MOST_SECONDS = 20.0, 300.0
_SHARE_OF_TRAINING = 0.2
_IMAGES = 4_800
_ROUNDS = 60
"""How often a fitting sees every photo at the most: a handful of photos has no more to teach."""
_SMALLEST_SIDE, _LARGEST_SIDE = 64, 256
_CROP = 11 / 16
_RATE = 4e-3
"""Higher than in a recipe, since there are few steps."""
_READ_AT = (7 / 8, 9 / 8)
"""Of the photos' short side: the sizes at which the reader reads."""
_FEWEST_JUDGED = 4


@dataclass(frozen=True)
class Teaching:
    """What a reader is fitted to: ``pairs``, and ``held_out`` ones it is measured on.

    ``base`` is the folder of the model that the run began with, if there was one · the run saw ``images`` pictures in
    ``trained_seconds``.
    """

    pairs: list[Pair]
    held_out: list[Pair]
    base: Path | None
    images: int
    trained_seconds: float

    @property
    def seconds(self) -> float:
        """How long the fitting may take: a fifth of the training, between 20 seconds and 5 minutes."""
        return min(max(self.trained_seconds * _SHARE_OF_TRAINING, LEAST_SECONDS), MOST_SECONDS)


def add_fitted_reader(
    folder: Path, teaching: Teaching, device: torch.device, is_stopping: Callable[[], bool] = lambda: False
) -> None:
    """Fit a reader and store it beside the model in ``folder``.

    It begins with the base model's reader. Where that one reads the held-out photos no worse, it is kept as it is. A
    model that cannot be opened, or whose photos cannot be read, stays without a reader.
    """
    try:
        card = ModelCard.read(folder)
        before = base_reader(teaching.base, card.palette)
        recipe = fitting_recipe(card, teaching)
        fitting = ReaderFitting(recipe, card.palette, teaching.pairs, folder, device, before)
        end = time.monotonic() + teaching.seconds
        fitting.run(lambda: is_stopping() or time.monotonic() >= end)
        network, figures = _better(before, fitting, teaching, card)
        facts = card.data | {"photos": len(fitting.photos), "images_seen": fitting.progress.images}
        facts.pop("hours", None)
        add_reader(folder, card, network, ReaderCard({}, recipe.sides, facts, figures))
    except StudioError:
        return


def base_reader(base: Path | None, palette: Palette) -> Segmenter | None:
    """The reader of the model in ``base`` for the classes of ``palette``; None if there is none that can be opened.

    Classes that it does not know begin with the mean of those it knows.
    """
    if base is None:
        return None
    try:
        card = ModelCard.read(base)
        reader = open_reader(base, card)
    except StudioError:
        return None
    matrix = matched_by_name(card.palette, palette)
    matrix[matrix.sum(dim=1) == 0] = 1 / len(card.palette)
    adapted = Segmenter(replace(reader.config, classes=len(palette)))
    state = reader.state_dict()
    for key in ("last.2.weight", "last.2.bias"):
        state[key] = torch.tensordot(matrix, state[key], dims=1)
    adapted.load_state_dict(state)
    return adapted


def fitting_recipe(card: ModelCard, teaching: Teaching) -> ReaderRecipe:
    """Photos of about the model's own size; as many crops as the training saw, unless these are more than it takes."""
    short = min(_LARGEST_SIDE, max(_SMALLEST_SIDE, min(card.native_size)))
    return ReaderRecipe(
        card.id, card.palette.name, (), images=min(_IMAGES, _ROUNDS * len(teaching.pairs), teaching.images),
        rate=_RATE, short=short, size=round(short * _CROP), sides=tuple(round(short * factor) for factor in _READ_AT),
    )  # fmt: skip


def _better(
    before: Segmenter | None, fitting: ReaderFitting, teaching: Teaching, card: ModelCard
) -> tuple[Segmenter, dict[str, Any]]:
    """The fitted reader or the one before, whichever reads the held-out photos better, and its figures."""
    recipe, judged = fitting.recipe, teaching.held_out
    if len(judged) < _FEWEST_JUDGED:
        return fitting.network, {}

    def figures(network: Segmenter) -> dict[str, Any]:
        photos = read_labelled(judged, recipe.short, len(card.palette))
        return reading_figures(PhotoReader(network, recipe.sides, fitting.device), photos, card.palette)

    found = figures(fitting.network)
    if before is not None and (known := figures(before))["reading_mean_iou"] >= found["reading_mean_iou"]:
        return before, known
    return fitting.network, found
