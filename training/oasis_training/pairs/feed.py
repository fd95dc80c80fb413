"""What a run reads: its pairs, those it is judged by, and label maps for statistics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_training.pairs.dataset import Batch, Pair, PhotoSet, find_pairs, read_held_out, split
from oasis_training.pairs.draws import draw_noise
from oasis_training.recipe import Phase, Recipe

STATISTICS_BATCH = 16


class Feed:
    """The pairs below ``data`` that ``recipe`` names; ``problems`` gathers what could not be used."""

    def __init__(
        self, recipe: Recipe, data: Path, classes: int, device: torch.device, cache: Path | None = None
    ) -> None:
        """Large sets of photos are kept in the folder ``cache``."""
        self._recipe = recipe
        self._classes = classes
        self._device = device
        self._cache = cache
        self._judges: PhotoSet | None = None
        self.pairs, held_out = split(find_pairs(data, recipe.sources), recipe.held_out)
        self.held_out, self.problems = read_held_out(held_out, classes)
        self._photos: PhotoSet | None = None

    def photos(self, phase: Phase) -> PhotoSet:
        """The photos to train on at the sizes of ``phase``; read once as long as the sizes stay."""
        photos = self._photos
        if photos is None or (photos.size, photos.short) != (phase.size, phase.short_side):
            self._photos = None  # free the old arrays before the new ones are made
            short = phase.short_side
            photos = PhotoSet(self.pairs, phase.size, self._classes, self._device, short=short, cache=self._cache)
            self.problems.update(photos.problems)
            if not photos.weight.sum() > 0:
                raise StudioError(_("Every pair that can be trained on has the weight 0, so none would be drawn."))
            self._photos = photos
        return photos

    def shown(self) -> list[Pair]:
        """Pairs for pictures of the progress: held out ones, or if there are none, those trained on."""
        return self.held_out or (self._photos.pairs if self._photos else self.pairs)

    def judges(self, phase: Phase) -> PhotoSet:
        """The held-out photos at the sizes of ``phase``."""
        judges = self._judges
        if judges is None or (judges.size, judges.short) != (phase.size, phase.short_side):
            judges = PhotoSet(self.held_out, phase.size, self._classes, self._device, short=phase.short_side)
            self._judges = judges
        return judges

    def batches(self, phase: Phase, count: int) -> Iterator[Batch]:
        """``count`` batches of :data:`STATISTICS_BATCH` photos; the same whenever they are asked for."""
        photos = self.photos(phase)
        draws = torch.Generator(device=self._device).manual_seed(self._recipe.seed)
        for _index in range(count):
            yield photos.draw(STATISTICS_BATCH, draws)

    def conditions(
        self, phase: Phase, count: int, network: SynthesisNetwork[Any]
    ) -> Iterator[tuple[Tensor, Tensor | None]]:
        """``count`` batches of what the generator reads, with style codes; the same whenever they are asked for."""
        photos, config, recipe = self.photos(phase), network.config, self._recipe
        draws = torch.Generator(device=self._device).manual_seed(recipe.seed)
        style = config.capabilities.style_size
        for _index in range(count):
            labels = photos.draw(STATISTICS_BATCH, draws).labels
            noise = draw_noise(STATISTICS_BATCH, config.classes, config.noise, recipe.region_noise, draws)
            code = torch.randn((STATISTICS_BATCH, style), generator=draws, device=draws.device)
            if not recipe.uses_noise:
                noise, code = torch.zeros_like(noise), torch.zeros_like(code)
            yield network.condition(labels, labels, noise), code if style else None
