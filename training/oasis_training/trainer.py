"""The story of a run: phases of steps, with previews, saves and a published model on the way."""

from __future__ import annotations

import time
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.core.library import ModelLibrary
from oasis_studio.core.palette import Palette
from oasis_training.clock import Clock
from oasis_training.control import Control
from oasis_training.events import Events
from oasis_training.feed import Feed
from oasis_training.keeper import Keeper
from oasis_training.networks import build, set_rates
from oasis_training.recipe import Phase, Recipe
from oasis_training.state import Progress
from oasis_training.step import train_step
from oasis_training.warm_start import load_model

_REPORT_STEPS = 20
_PAUSE_SECONDS = 0.1


class Trainer:
    """Trains ``recipe`` on the pairs below ``data`` and keeps everything in ``folder``."""

    library: ModelLibrary | None = None
    """Where finished models are put; without one they stay in the run's folder."""

    def __init__(self, recipe: Recipe, palette: Palette, data: Path, folder: Path, device: torch.device, bf16: bool):
        self.recipe = recipe
        self.palette = palette
        self.device = device
        self.feed = Feed(recipe, data, len(palette), device)
        self.events = Events(folder)
        torch.manual_seed(recipe.seed)
        self.draws = torch.Generator(device=device).manual_seed(recipe.seed)
        self.networks = build(recipe, len(palette), device, bf16)
        self.keeper = Keeper(folder, recipe, palette, self.networks, self.feed, self.events, self.draws)
        self.progress = Progress()
        self._is_resumed = False

    def resume(self) -> None:
        """Go on exactly where the last state was saved."""
        self.progress = self.keeper.load()
        self._is_resumed = True

    def start_from(self, model: Path) -> None:
        """Begin with the weights of a published model instead of random ones."""
        new = load_model(model, self.networks, self.palette, self.feed.pairs)
        if new:
            self.events.write("initialised", classes=new)

    def run(self, control: Control) -> None:
        """Train until the recipe ends or a person ends it; then save, preview and publish."""
        self._announce()
        while not self._is_over(control):
            self._run_phase(self.recipe.phases[self.progress.phase], control)
        if control.is_discarding:
            self.events.write("discarded", images=self.progress.images)
            return
        if self._is_stale():
            self.events.write("stopped_early", images=self.progress.images, best_images=self.progress.best_images)
        self.keeper.save(self.progress)
        last = self.recipe.phases[min(self.progress.phase, len(self.recipe.phases) - 1)]
        self.feed.photos(last)
        self.keeper.finish(last, self.progress, self.library)

    def _announce(self) -> None:
        recipe, palette = self.recipe, self.palette
        self.events.write(
            "started", recipe=recipe.name, title=recipe.title, device=str(self.device), bf16=self.networks.bf16,
            photos=len(self.feed.pairs), held_out=len(self.feed.held_out), classes=[c.name for c in palette.classes],
            images=self.progress.images, total_images=sum(phase.images for phase in recipe.phases),
            resumed=self._is_resumed,
        )  # fmt: skip

    def _is_over(self, control: Control) -> bool:
        """Nothing left to do, or nobody wants it any more."""
        return self.progress.phase >= len(self.recipe.phases) or control.is_stopping or self._is_stale()

    def _is_stale(self) -> bool:
        """The held-out metric has not become better for as long as the recipe waits."""
        return 0 < self.recipe.patience <= self.progress.stale

    def _run_phase(self, phase: Phase, control: Control) -> None:
        progress = self.progress
        photos = self.feed.photos(phase)
        saved = time.monotonic()
        clock = Clock()
        every = self.recipe.preview_every
        next_preview = progress.images - progress.images % every + every
        while progress.phase_images < phase.images:
            control.poll()
            self._pause(phase, control, clock)
            if self._is_over(control):
                return
            remaining = 1 - progress.phase_images / phase.images if phase.decay else 1.0
            set_rates(self.networks, phase.rate_generator * remaining, phase.rate_discriminator * remaining)
            losses = train_step(self.networks, photos.draw(phase.batch, self.draws), self.recipe, phase, self.draws)
            progress.steps += 1
            progress.images += phase.batch
            progress.phase_images += phase.batch
            clock.count(phase.batch)
            if progress.steps % _REPORT_STEPS == 0:
                progress.seconds += clock.seconds
                self._report(phase, losses, clock.restart())
            if time.monotonic() - saved > self.recipe.save_minutes * 60:
                self.keeper.save(progress)
                saved = time.monotonic()
            if progress.images >= next_preview and not phase.discriminator_only:
                next_preview += every
                self.keeper.preview(phase, progress)
                clock.restart()
        progress.phase += 1
        progress.phase_images = 0

    def _pause(self, phase: Phase, control: Control, clock: Clock) -> None:
        """Wait while a person wants it; show them what they ask for."""
        if control.take_preview():
            self.keeper.preview(phase, self.progress, is_due=False)
            clock.restart()
        if not control.is_paused or control.is_stopping:
            return
        self.keeper.save(self.progress)
        self.events.write("paused", images=self.progress.images)
        while control.is_paused and not control.is_stopping:
            time.sleep(_PAUSE_SECONDS)
            control.poll()
            if control.take_preview():
                self.keeper.preview(phase, self.progress, is_due=False)
        if not control.is_stopping:
            self.events.write("resumed", images=self.progress.images)
        clock.restart()

    def _report(self, phase: Phase, losses: dict[str, Tensor], rate: float) -> None:
        left = phase.images - self.progress.phase_images
        left += sum(later.images for later in self.recipe.phases[self.progress.phase + 1 :])
        self.events.write(
            "step", step=self.progress.steps, images=self.progress.images, phase=self.progress.phase, size=phase.size,
            images_per_second=round(rate, 2), seconds_left=round(left / max(rate, 1e-6)),
            losses={name: round(float(value), 4) for name, value in losses.items()},
        )  # fmt: skip
