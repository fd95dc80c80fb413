"""The story of a run: phases of steps, with previews, saves and a published model on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from oasis_studio.core.card import ModelCard
from oasis_studio.core.library import ModelLibrary
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.generator import Generator, GeneratorConfig, initialise
from oasis_studio.synthesis.tensors import condition
from oasis_training import state
from oasis_training.average import Average
from oasis_training.dataset import Pair, PhotoSet, find_pairs, read_held_out, split
from oasis_training.draws import draw_noise
from oasis_training.events import Events, StopFlag
from oasis_training.preview import write_sheet
from oasis_training.publish import install, publish
from oasis_training.recipe import Phase, Recipe
from oasis_training.step import Networks, train_step
from oasis_training.warm_start import load_model

_REPORT_STEPS = 20


class Clock:
    """Counts images per second between two looks."""

    def __init__(self) -> None:
        self._start, self._images = time.monotonic(), 0

    def count(self, images: int) -> None:
        self._images += images

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def restart(self) -> float:
        """Images per second since the last restart."""
        rate = self._images / max(self.seconds, 1e-9)
        self._start, self._images = time.monotonic(), 0
        return rate


class Trainer:
    """Trains ``recipe`` on the pairs below ``data`` and keeps everything in ``folder``."""

    library: ModelLibrary | None = None
    """Where finished models are put; without one they stay in the run's folder."""

    def __init__(self, recipe: Recipe, palette: Palette, data: Path, folder: Path, device: torch.device, bf16: bool):
        self.recipe = recipe
        self.palette = palette
        self.folder = folder
        self.device = device
        pairs = find_pairs(data, recipe.sources)
        self.pairs, held_out = split(pairs, recipe.held_out)
        self.held_out, self.problems = read_held_out(held_out, len(palette))
        self.events = Events(folder)
        torch.manual_seed(recipe.seed)
        self.draws = torch.Generator(device=device).manual_seed(recipe.seed)
        self.networks = _networks(recipe, len(palette), device, bf16)
        self.progress = state.Progress()
        self.photos: PhotoSet | None = None

    def resume(self) -> None:
        """Go on exactly where the last state was saved."""
        self.progress = state.load(self.folder, self._modules(), self._optimisers(), self.draws)
        self.networks.average.updates = self.progress.averages

    def start_from(self, model: Path) -> None:
        """Begin with the weights of a published model instead of random ones."""
        load_model(model, self.networks)

    def run(self, stop: StopFlag) -> None:
        """Train until the recipe or the budget ends; then save, preview and publish."""
        recipe = self.recipe
        self.events.write(
            "started", recipe=recipe.name, device=str(self.device), bf16=self.networks.bf16,
            photos=len(self.pairs), held_out=len(self.held_out), images=self.progress.images,
        )  # fmt: skip
        while self.progress.phase < len(recipe.phases) and not stop:
            self._run_phase(recipe.phases[self.progress.phase], stop)
        self.save()
        self._finish()

    def save(self) -> None:
        self.progress.averages = self.networks.average.updates
        state.save(self.folder, self.progress, self._modules(), self._optimisers(), self.draws)
        self.events.write("saved", images=self.progress.images, steps=self.progress.steps)

    def _run_phase(self, phase: Phase, stop: StopFlag) -> None:
        progress, networks = self.progress, self.networks
        photos = self._photos(phase.size)
        saved = time.monotonic()
        clock = Clock()
        next_preview = progress.images - progress.images % self.recipe.preview_every + self.recipe.preview_every
        while progress.phase_images < phase.images and not stop:
            remaining = 1 - progress.phase_images / phase.images if phase.decay else 1.0
            _set_rate(networks.optimiser_generator, phase.rate_generator * remaining)
            _set_rate(networks.optimiser_discriminator, phase.rate_discriminator * remaining)
            batch = photos.draw(phase.batch, self.draws)
            losses = train_step(networks, batch, self.recipe, phase, self.draws)
            progress.steps += 1
            progress.images += phase.batch
            progress.phase_images += phase.batch
            clock.count(phase.batch)
            if progress.steps % _REPORT_STEPS == 0:
                progress.seconds += clock.seconds
                self._report(phase, losses, clock.restart())
            if time.monotonic() - saved > self.recipe.save_minutes * 60:
                self.save()
                saved = time.monotonic()
            if progress.images >= next_preview and not phase.discriminator_only:
                next_preview += self.recipe.preview_every
                self._preview(phase.size)
                clock.restart()
        if progress.phase_images >= phase.images:
            progress.phase += 1
            progress.phase_images = 0

    def _report(self, phase: Phase, losses: dict[str, Tensor], rate: float) -> None:
        left = phase.images - self.progress.phase_images
        left += sum(later.images for later in self.recipe.phases[self.progress.phase + 1 :])
        self.events.write(
            "step", step=self.progress.steps, images=self.progress.images, phase=self.progress.phase, size=phase.size,
            images_per_second=round(rate, 2), seconds_left=round(left / max(rate, 1e-6)),
            losses={name: round(float(value), 4) for name, value in losses.items()},
        )  # fmt: skip

    def _preview(self, size: int) -> None:
        self.networks.average.settle(self._conditions(self._photos(size), 8))
        path = self.folder / "previews" / f"{self.progress.images:08d}.png"
        write_sheet(path, self.networks.average.network, self._shown(), self.palette, size, self.device)
        self.events.write("preview", images=self.progress.images, file=str(path.relative_to(self.folder)))

    def _finish(self) -> None:
        last = self.recipe.phases[min(self.progress.phase, len(self.recipe.phases) - 1)]
        self.networks.average.settle(self._conditions(self._photos(last.size), self.recipe.statistics_batches))
        path = publish(
            self.folder,
            self.networks,
            self.recipe,
            self.palette,
            self.progress,
            self.held_out,
            self._shown(),
            last.size,
        )
        self.events.write("metric", images=self.progress.images, **ModelCard.read(path).metrics)
        if self.problems:
            self.events.write("left_out", **self.problems.to_json())
        model_id = install(self.folder, self.library) if self.library else None
        self.events.write("published", folder=str(path), model=model_id, images=self.progress.images)

    def _conditions(self, photos: PhotoSet, count: int) -> Iterator[Tensor]:
        config = self.networks.generator.config
        draws = torch.Generator(device=self.device).manual_seed(self.recipe.seed)
        for _index in range(count):
            labels = photos.draw(16, draws).labels
            noise = draw_noise(16, config.classes, config.noise, self.recipe.region_noise, draws)
            yield condition(labels, labels, noise, config.classes)

    def _photos(self, size: int) -> PhotoSet:
        if self.photos is None or self.photos.size != size:
            self.photos = None  # free the old arrays before the new ones are made
            self.photos = PhotoSet(self.pairs, size, len(self.palette), self.device)
            self.problems.update(self.photos.problems)
            if not self.photos.weight.sum() > 0:
                raise StudioError(_("Every pair that can be trained on has the weight 0, so none would be drawn."))
        return self.photos

    def _shown(self) -> list[Pair]:
        """Pairs for pictures of the progress: held out ones, or if there are none, those trained on."""
        return self.held_out or (self.photos.pairs if self.photos else self.pairs)

    def _modules(self) -> dict[str, torch.nn.Module]:
        n = self.networks
        return {"generator": n.generator, "discriminator": n.discriminator, "average": n.average.network}

    def _optimisers(self) -> dict[str, torch.optim.Optimizer]:
        n = self.networks
        return {"adam_generator": n.optimiser_generator, "adam_discriminator": n.optimiser_discriminator}


def _networks(recipe: Recipe, classes: int, device: torch.device, bf16: bool) -> Networks:
    size = {"native_width": recipe.native_size, "native_height": recipe.native_size}
    generator = Generator(GeneratorConfig.from_json({"classes": classes, **size, **recipe.generator})).to(device)
    discriminator = Discriminator(DiscriminatorConfig.from_json({"classes": classes, **recipe.discriminator})).to(
        device
    )
    for network in (generator, discriminator):
        initialise(network, recipe.initial_gain)
    generator.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stub lacks it
    discriminator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    betas = (0.0, recipe.beta_2)
    return Networks(
        generator,
        discriminator,
        Average(generator, recipe.average_half_life),
        torch.optim.Adam(generator.parameters(), betas=betas, foreach=True),
        torch.optim.Adam(discriminator.parameters(), betas=betas, foreach=True),
        device,
        bf16,
    )


def _set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
