"""What a run reads: its pairs, those it is judged by, and label maps for statistics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.generator import GeneratorConfig
from oasis_studio.synthesis.tensors import condition
from oasis_training.dataset import Pair, PhotoSet, find_pairs, read_held_out, split
from oasis_training.draws import draw_noise
from oasis_training.recipe import Phase, Recipe

_STATISTICS_BATCH = 16


class Feed:
    """The pairs below ``data`` that ``recipe`` names; ``problems`` gathers what could not be used."""

    def __init__(self, recipe: Recipe, data: Path, classes: int, device: torch.device) -> None:
        self._recipe = recipe
        self._classes = classes
        self._device = device
        self.pairs, held_out = split(find_pairs(data, recipe.sources), recipe.held_out)
        self.held_out, self.problems = read_held_out(held_out, classes)
        self._photos: PhotoSet | None = None

    def photos(self, phase: Phase) -> PhotoSet:
        """The photos to train on at the sizes of ``phase``; read once as long as the sizes stay."""
        photos = self._photos
        if photos is None or (photos.size, photos.short) != (phase.size, phase.short_side):
            self._photos = None  # free the old arrays before the new ones are made
            photos = PhotoSet(self.pairs, phase.size, self._classes, self._device, short=phase.short_side)
            self.problems.update(photos.problems)
            if not photos.weight.sum() > 0:
                raise StudioError(_("Every pair that can be trained on has the weight 0, so none would be drawn."))
            self._photos = photos
        return photos

    def shown(self) -> list[Pair]:
        """Pairs for pictures of the progress: held out ones, or if there are none, those trained on."""
        return self.held_out or (self._photos.pairs if self._photos else self.pairs)

    def conditions(self, phase: Phase, count: int, config: GeneratorConfig) -> Iterator[Tensor]:
        """``count`` batches of what the generator reads; the same ones whenever they are asked for."""
        photos = self.photos(phase)
        draws = torch.Generator(device=self._device).manual_seed(self._recipe.seed)
        for _index in range(count):
            labels = photos.draw(_STATISTICS_BATCH, draws).labels
            noise = draw_noise(_STATISTICS_BATCH, config.classes, config.noise, self._recipe.region_noise, draws)
            yield condition(labels, labels, noise, config.classes)
