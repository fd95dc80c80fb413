"""What stays of a run: its state, its pictures, the model as it is now and the best one so far."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import PREVIEW_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.run_folder import BEST_FOLDER, MODEL_FOLDER
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_training import state
from oasis_training.events import Events
from oasis_training.learning.networks import Networks
from oasis_training.pairs.dataset import Pair
from oasis_training.pairs.feed import STATISTICS_BATCH, Feed
from oasis_training.pairs.preview import choose_pairs, write_sheet
from oasis_training.reading.calibration import measure_published
from oasis_training.reading.publishing import Teaching, add_fitted_reader
from oasis_training.recipe import Phase, Recipe
from oasis_training.run import held_out
from oasis_training.run.publish import Publisher, install

_PREVIEW_BATCHES = 8
_CROPS = 4
"""Of every photo, at the most, for the statistics of the published model."""
_IMAGES_PER_PHOTO = 50
_FEWEST_JUDGED = 8
_PARTS = 4
"""Of the end of a run: statistics, figures, the critic's calibration and the reader."""


class Keeper:
    """Keeps what a run in ``folder`` makes; ``draws`` is the generator of its random numbers."""

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        palette: Palette,
        networks: Networks,
        feed: Feed,
        events: Events,
        draws: torch.Generator,
    ) -> None:
        self.folder = folder
        self._recipe = recipe
        self._palette = palette
        self._networks = networks
        self._feed = feed
        self._events = events
        self._draws = draws
        self._publisher = Publisher(folder, recipe, palette, Path(recipe.base).name or None)

    def save(self, progress: state.Progress) -> bool:
        """Write the state; what the disk refuses is told, and the state before stays. Returns whether it is there."""
        networks = self._networks
        progress.averages = networks.average.updates
        progress.device, progress.bf16 = networks.device.type, networks.bf16
        try:
            state.save(self.folder, progress, networks.modules(), networks.optimisers(), self._draws)
        except StudioError as error:
            self._events.write("not_saved", images=progress.images, message=error.message, hint=error.hint)
            return False
        self._events.write("saved", images=progress.images, steps=progress.steps)
        return True

    def load(self) -> state.Progress:
        """The networks become those of the saved state."""
        progress = state.load(self.folder, self._networks.modules(), self._networks.optimisers(), self._draws)
        self._networks.average.updates = progress.averages
        return progress

    def preview(self, phase: Phase, progress: state.Progress, is_due: bool = True) -> None:
        """Picture, model and metric of the average as it is now; the model is there before its event is.

        ``is_due``: it comes when the recipe says, so that its metric counts for an early end.
        """
        try:
            with self._undisturbed():
                self._show(phase, progress, is_due)
        except OSError as error:
            message = _("The preview could not be written: {error}.").format(error=error)
            self._events.write("not_saved", images=progress.images, message=message, hint="")

    def _undisturbed(self) -> AbstractContextManager[None]:
        """Looking at a run draws none of its random numbers, so that it goes on as if nobody had looked."""
        device = self._networks.device
        return torch.random.fork_rng([device] if device.type == "cuda" else [])

    def _show(self, phase: Phase, progress: state.Progress, is_due: bool) -> None:
        settled = self._settled(phase, _PREVIEW_BATCHES)
        path = self._sheet(progress, settled, phase)
        value = held_out.distance(settled, *self._judged_by(phase))
        self._write_model(settled, progress, {} if value is None else {"kernel_distance": value}, path)
        self._events.write(
            "preview", images=progress.images, file=str(path.relative_to(self.folder).as_posix()), model=MODEL_FOLDER
        )
        progress.stale += is_due and not self._compare(value, progress)

    def finish(self, phase: Phase, progress: state.Progress, library: ModelLibrary | None, is_saved: bool) -> None:
        """The last model with all its figures; the better of it and the best so far goes into ``library``."""
        self._tell(progress, 1)
        settled = self._settled(phase, self._statistics_batches(phase))
        self._tell(progress, 2)
        metrics = self._figures(settled, progress, phase)
        self._write_model(settled, progress, metrics, self._sheet(progress, settled, phase))
        self._compare(held_out.distance(settled, *self._judged_by(phase)), progress, metrics)
        if is_saved:
            state.write_progress(self.folder, progress)  # what is best is on the disk; the state has to know
        if self._feed.problems:
            self._events.write("left_out", **self._feed.problems.to_json())
        which, images = MODEL_FOLDER, progress.images
        if progress.best is not None and (self.folder / BEST_FOLDER).is_dir():
            which, images = BEST_FOLDER, progress.best_images
            if images != progress.images:
                self._add_figures(self.folder / BEST_FOLDER, progress, phase)
        folder = self.folder / which
        self._tell(progress, 3)
        measure_published(folder, self._judges(progress))
        self._tell(progress, 4)
        base = Path(self._recipe.base) if self._recipe.base else None
        teaching = Teaching(self._feed.pairs, self._judges(progress), base, progress.images, progress.seconds)
        add_fitted_reader(folder, teaching, self._networks.device)
        model_id = install(self.folder, folder, library) if library else None
        self._events.write(
            "published", folder=str(folder), model=model_id, images=images, which=which, kernel_distance=progress.best
        )

    def _tell(self, progress: state.Progress, part: int) -> None:
        self._events.write("publishing", images=progress.images, part=part, parts=_PARTS)

    def _statistics_batches(self, phase: Phase) -> int:
        """As many as the recipe wants, but a few photos do not tell more the oftener they are looked at."""
        few = -(-_CROPS * len(self._feed.photos(phase)) // STATISTICS_BATCH)
        return min(self._recipe.statistics_batches, max(few, _PREVIEW_BATCHES))

    def _judges(self, progress: state.Progress) -> list[Pair]:
        """Held-out pairs for the card's figures: a short run is not followed by a long examination."""
        most = max(_FEWEST_JUDGED, progress.images // _IMAGES_PER_PHOTO)
        return choose_pairs(self._feed.held_out, min(most, held_out.MOST))

    def _figures(self, network: SynthesisNetwork[Any], progress: state.Progress, phase: Phase) -> dict[str, Any]:
        _pairs, size, device = self._judged_by(phase)
        return held_out.figures(network, self._judges(progress), size, device)

    def _settled(self, phase: Phase, batches: int) -> SynthesisNetwork[Any]:
        networks = self._networks
        conditions = self._feed.conditions(phase, batches, networks.generator)
        return networks.average.settled(networks.generator, conditions)

    def _judged_by(self, phase: Phase) -> tuple[list[Pair], int, torch.device]:
        """Whole scenes, as a person sees them: small crops of large photos are told apart by their borders alone."""
        config = self._networks.generator.config
        side = phase.size
        if phase.scale and not config.capabilities.style_size:  # a style code is for one size only
            side = phase.scale // config.grid * config.grid
        return self._feed.held_out, side, self._networks.device

    def _sheet(self, progress: state.Progress, settled: SynthesisNetwork[Any], phase: Phase) -> Path:
        path = self.folder / "previews" / f"{progress.images:08d}.png"
        _pairs, size, device = self._judged_by(phase)
        write_sheet(path, settled, self._feed.shown(), self._palette, size, device)
        return path

    def _write_model(
        self, settled: SynthesisNetwork[Any], progress: state.Progress, metrics: dict, sheet: Path
    ) -> None:
        folder = self._publisher.write(MODEL_FOLDER, settled, self._networks, progress, metrics)
        shutil.copyfile(sheet, folder / PREVIEW_FILE)

    def _compare(self, value: float | None, progress: state.Progress, metrics: dict | None = None) -> bool:
        """Keep the model as it is now if it is the best so far; returns whether it is.

        Of a few held-out photos the distance says little: then every model counts as better than those before it.
        """
        if value is None:
            return True
        is_best = progress.best is None or value < progress.best
        is_best = is_best or len(self._feed.held_out) < held_out.FEWEST_TO_CHOOSE
        if is_best:
            progress.best, progress.best_images, progress.stale = value, progress.images, 0
            self._publisher.copy(MODEL_FOLDER, BEST_FOLDER)
        self._events.write(
            "metric", images=progress.images, best=is_best, **(metrics or {}) | {"kernel_distance": value}
        )
        return is_best

    def _add_figures(self, folder: Path, progress: state.Progress, phase: Phase) -> None:
        """Measure the best model as a finished one; one that cannot be opened any more keeps the figures it has."""
        try:
            card = ModelCard.read(folder)
            network = open_generator(folder, card).to(self._networks.device)
        except StudioError:
            return
        replace(card, metrics=self._figures(network, progress, phase)).write(folder)
