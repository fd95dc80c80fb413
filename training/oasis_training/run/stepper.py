"""Takes steps, and where the memory does not suffice for one, takes it in smaller parts."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from oasis_training.events import Events
from oasis_training.learning.networks import Networks
from oasis_training.learning.objective import Objective
from oasis_training.learning.ranks import Ranks
from oasis_training.learning.step import train_step
from oasis_training.pairs.dataset import PhotoSet
from oasis_training.recipe import Phase, Recipe
from oasis_training.state import Progress

_MEMORY_WORDS = ("out of memory", "not enough memory", "can't allocate memory", "bad_alloc")


@dataclass(frozen=True)
class Stepper:
    """Everything a step needs but the photos and the phase."""

    networks: Networks
    objective: Objective
    recipe: Recipe
    draws: torch.Generator
    ranks: Ranks
    events: Events

    def step(self, photos: PhotoSet, phase: Phase, progress: Progress) -> dict[str, Tensor]:
        """One step with the rates and augmentation of ``phase``; ``progress.parts`` may grow."""
        self.networks.set_rates(phase.rate_generator, phase.rate_discriminator)
        if not self.ranks.is_first:  # grain must differ between processes, and be the same again after a resume
            torch.manual_seed(hash((self.recipe.seed, progress.steps, self.ranks.rank)) % 2**32)
        drawn = self.draws.get_state()
        rows = self.ranks.rows(phase.batch)
        while True:
            try:
                batch = photos.draw(phase.batch, self.draws, rows)
                return train_step(
                    self.networks, self.objective, batch, self.recipe, phase, self.draws, self.ranks, progress.parts
                )
            except RuntimeError as error:
                images = len(range(phase.batch)[rows])
                if self.ranks.size > 1 or not _is_shortage(error) or progress.parts >= images:
                    raise
            self._make_room()
            progress.parts *= 2
            self.draws.set_state(drawn)  # the same step again
            self.events.write("batch_halved", images=progress.images, batch=-(-images // progress.parts))

    def _make_room(self) -> None:
        self.networks.optimiser_generator.zero_grad(set_to_none=True)
        self.networks.optimiser_discriminator.zero_grad(set_to_none=True)
        if self.networks.device.type == "cuda":
            torch.cuda.empty_cache()


def _is_shortage(error: RuntimeError) -> bool:
    return isinstance(error, torch.cuda.OutOfMemoryError) or any(word in str(error).lower() for word in _MEMORY_WORDS)
