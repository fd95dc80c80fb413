"""The story of a run: phases of steps, with previews, saves and a published model on the way."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training import state
from oasis_training.events import Events
from oasis_training.learning import adaptive
from oasis_training.learning.guard import Guard
from oasis_training.learning.networks import build
from oasis_training.learning.objectives import objective_of
from oasis_training.learning.ranks import ALONE, Ranks
from oasis_training.learning.shared_norms import share_norms
from oasis_training.learning.warm_start import load_model
from oasis_training.pairs.feed import Feed
from oasis_training.recipe import Phase, Recipe
from oasis_training.run.clock import Clock
from oasis_training.run.control import Control
from oasis_training.run.freed_memory import release_freed_memory
from oasis_training.run.keeper import Keeper
from oasis_training.run.stepper import Stepper
from oasis_training.state import Progress

_REPORT_STEPS = 20
_EARLY = (16, 8, 4, 2)
"""Before the first preview, there are some after these fractions of the interval, unless that is too few images."""
_LEAST_EARLY = 24
_PAUSE_SECONDS = 0.1
_APPEARANCE_BATCHES = 160
"""From which a run learns how the regions of its photos look."""
_MOST_ROLLBACKS = 8


class Trainer:
    """Trains ``recipe`` on the pairs below ``data`` and keeps everything in ``folder``."""

    library: ModelLibrary | None = None
    """Where finished models are put; without one they stay in the run's folder."""

    def __init__(
        self,
        recipe: Recipe,
        palette: Palette,
        data: Path,
        folder: Path,
        device: torch.device,
        bf16: bool,
        ranks: Ranks = ALONE,
        events: Events | None = None,
    ) -> None:
        self.recipe = recipe
        self.palette = palette
        self.device = device
        self.ranks = ranks
        self.events = events or Events(folder)
        # Several processes would fill one file at once; each keeps its photos to itself.
        cache = folder / "photos" if ranks.size == 1 else None
        self.feed = Feed(recipe, data, len(palette), device, cache)
        torch.manual_seed(recipe.seed)
        self.draws = torch.Generator(device=device).manual_seed(recipe.seed)
        self.networks = build(recipe, len(palette), device, bf16)
        share_norms(self.networks.generator, ranks, device)
        objective = objective_of(recipe, self.networks, ranks)
        self.stepper = Stepper(self.networks, objective, recipe, self.draws, ranks, self.events)
        self.guard = Guard(device)
        self.keeper = Keeper(folder, recipe, palette, self.networks, self.feed, self.events, self.draws)
        self.progress = Progress()
        self._is_resumed = False

    def resume(self, keeps_precision: bool = True) -> None:
        """Go on exactly where the last state was saved.

        ``keeps_precision``: on the same kind of device in the precision it had there, whatever is faster today.
        """
        self.progress = self.keeper.load()
        if keeps_precision and self.progress.device == self.device.type:
            self.networks.bf16 = self.progress.bf16
        self._is_resumed = True

    def start_from(self, model: Path) -> None:
        """Begin with the weights of a published model instead of random ones."""
        new = load_model(model, self.networks, self.palette, self.feed.pairs)
        if new:
            self.events.write("initialised", classes=new)

    def run(self, control: Control) -> None:
        """Train until the recipe ends or a person ends it; then save, preview and publish."""
        self._announce()
        if self.ranks.is_first and not state.has_state(self.keeper.folder):
            self.keeper.save(self.progress)  # something to go back to
        while not self._is_over(control):
            self._run_phase(self.recipe.phases[self.progress.phase], control)
        if control.is_discarding:
            self.events.write("discarded", images=self.progress.images)
        elif self.ranks.is_first:
            self._finish()

    def _finish(self) -> None:
        if self._is_stale():
            self.events.write("stopped_early", images=self.progress.images, best_images=self.progress.best_images)
        is_saved = self.keeper.save(self.progress)
        last = self.recipe.phases[min(self.progress.phase, len(self.recipe.phases) - 1)]
        self.feed.photos(last)
        self.keeper.finish(last, self.progress, self.library, is_saved)

    def _announce(self) -> None:
        recipe, palette = self.recipe, self.palette
        self.events.write(
            "started", recipe=recipe.name, title=recipe.title, device=str(self.device), bf16=self.networks.bf16,
            workers=self.ranks.size, photos=len(self.feed.pairs), held_out=len(self.feed.held_out),
            classes=[c.name for c in palette.classes], images=self.progress.images,
            total_images=sum(phase.images for phase in recipe.phases), resumed=self._is_resumed,
        )  # fmt: skip

    def _is_over(self, control: Control) -> bool:
        """Nothing left to do, or nobody wants it any more."""
        return self.progress.phase >= len(self.recipe.phases) or control.is_stopping or self._is_stale()

    def _is_stale(self) -> bool:
        """The held-out metric has not become better for as long as the recipe waits."""
        return 0 < self.recipe.patience <= self.progress.stale

    def _run_phase(self, phase: Phase, control: Control) -> None:
        photos = self.feed.photos(phase)
        appearance = self.networks.appearance
        if appearance is not None and not appearance.is_known:
            appearance.learn(self.feed.batches(phase, _APPEARANCE_BATCHES))
        saved, clock = time.monotonic(), Clock()
        while self.progress.phase_images < phase.images:
            progress = self.progress
            control.poll()
            self._pause(phase, control, clock)
            if self._is_over(control):
                return
            self._adapt(phase)
            losses = self.stepper.step(photos, self._as_adapted(phase), progress)
            self.guard.watch(losses)
            progress.steps += 1
            progress.images += phase.batch
            progress.phase_images += phase.batch
            clock.count(phase.batch)
            is_due, is_early = self._is_preview_due(phase), self._is_early_preview_due(phase)
            wants_save = time.monotonic() - saved > self.recipe.save_minutes * 60
            looks = self.device.type == "cpu" or progress.steps % _REPORT_STEPS == 0 or wants_save or is_due or is_early
            looks = looks or progress.phase_images >= phase.images
            if self.ranks.told_by_first(looks) and self._has_diverged():
                self._roll_back()
                if self.recipe.phases[self.progress.phase] is not phase:
                    return
                continue
            if progress.steps % _REPORT_STEPS == 0 or progress.steps == 1:
                progress.seconds += clock.seconds
                self._report(phase, losses, clock.restart())
            if is_due or is_early:
                self._preview(phase, is_due)
                clock.restart()
            # After the preview: whoever goes on from here knows what it found, and one that was cut off comes again.
            if wants_save and self.ranks.is_first:
                self.keeper.save(self.progress)
                saved = time.monotonic()
        self.progress.phase += 1
        self.progress.phase_images = 0

    def _is_preview_due(self, phase: Phase) -> bool:
        """Has this step passed a multiple of the recipe's interval?"""
        images, every = self.progress.images, self.recipe.preview_every
        return images // every > (images - phase.batch) // every and phase.trains_generator

    def _is_early_preview_due(self, phase: Phase) -> bool:
        """Somebody who waits for the first one wants to see soon that it becomes something."""
        before, now, every = self.progress.images - phase.batch, self.progress.images, self.recipe.preview_every
        places = [every // part for part in _EARLY if every // part >= _LEAST_EARLY]
        return any(before < place <= now for place in places) and phase.trains_generator

    def _preview(self, phase: Phase, is_due: bool) -> None:
        """The first process looks; the others learn what it found."""
        if self.ranks.is_first:
            self.keeper.preview(phase, self.progress, is_due)
        self.progress = self.ranks.told_by_first(self.progress)

    def _as_adapted(self, phase: Phase) -> Phase:
        """The phase with the learning rates and the augmentation that hold now."""
        remaining = 1 - self.progress.phase_images / phase.images if phase.decay else 1.0
        factor = remaining * self.progress.rates
        augment = phase.augment if self.progress.augment is None else self.progress.augment
        return replace(
            phase, rate_generator=phase.rate_generator * factor,
            rate_discriminator=phase.rate_discriminator * factor, augment=augment,
        )  # fmt: skip

    def _adapt(self, phase: Phase) -> None:
        """From time to time: is the discriminator overfitting?"""
        images, every = self.progress.images, adaptive.EVERY
        is_due = images // every > (images - phase.batch) // every
        if not self.recipe.adapts_augmentation or not is_due or not images or not self.feed.held_out:
            return
        sign = adaptive.overfitting(self.networks, self.feed.photos(phase), self.feed.judges(phase))
        now = phase.augment if self.progress.augment is None else self.progress.augment
        self.progress.augment = adaptive.adapted(now, sign)
        self.events.write("adapted", images=images, overfitting=round(sign, 4), augment=self.progress.augment)

    def _has_diverged(self) -> bool:
        bad = torch.tensor(float(self.guard.is_bad()), device=self.device)
        return bool(self.ranks.add_up(bad) > 0)

    def _roll_back(self) -> None:
        """Back to the last good state, with half the learning rates."""
        images = self.progress.images
        self.progress = self.keeper.load()
        self.ranks.wait()  # the first one changes what the others are still reading
        self.progress.rates /= 2
        self.progress.rollbacks += 1
        if self.progress.rollbacks > _MOST_ROLLBACKS:
            raise StudioError(
                _("The training diverges again and again."),
                _("Use smaller learning rates, or look for damaged photos and labels."),
            )
        if self.ranks.is_first:
            state.write_progress(self.keeper.folder, self.progress)
        self.guard.reset()
        self.events.write(
            "rolled_back", images=images, to_images=self.progress.images, rates=self.progress.rates,
            reason=_("The losses or gradients were no numbers any more."),
        )  # fmt: skip

    def _pause(self, phase: Phase, control: Control, clock: Clock) -> None:
        """Wait while a person wants it; show them what they ask for."""
        if control.take_preview():
            self._preview(phase, is_due=False)
            clock.restart()
        if not control.is_paused or control.is_stopping:
            return
        if self.ranks.is_first:
            self.keeper.save(self.progress)
        self.events.write("paused", images=self.progress.images)
        release_freed_memory()
        while control.is_paused and not control.is_stopping:
            time.sleep(_PAUSE_SECONDS)
            control.poll()
            if control.take_preview():
                self._preview(phase, is_due=False)
        if not control.is_stopping:
            self.events.write("resumed", images=self.progress.images)
        clock.restart()

    def _report(self, phase: Phase, losses: dict[str, Tensor], rate: float) -> None:
        left = phase.images - self.progress.phase_images
        left += sum(later.images for later in self.recipe.phases[self.progress.phase + 1 :])
        self.events.write(
            "step", step=self.progress.steps, images=self.progress.images, phase=self.progress.phase, size=phase.size,
            images_per_second=round(rate, 2), seconds_left=round(left / max(rate, 1e-6)),
            augment=phase.augment if self.progress.augment is None else self.progress.augment,
            losses={name: round(float(value), 4) for name, value in losses.items()},
        )  # fmt: skip
