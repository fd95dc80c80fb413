"""Fits a reader to labelled photos: a decoder on the frozen backbone, resumable, minutes on a processor."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from oasis_studio.core.classes.palette import Palette
from oasis_studio.synthesis.networks.segmenter import Segmenter, SegmenterConfig
from oasis_studio.synthesis.rendering.device import has_fast_bf16
from oasis_training import state
from oasis_training.events import Events
from oasis_training.learning.augment import colour
from oasis_training.pairs.dataset import UNLABELLED, Batch, Pair, PhotoSet
from oasis_training.reading.recipe import ReaderRecipe

_REPORT_STEPS = 20
_SAVE_SECONDS = 60
_WARM_UP_STEPS = 60
_STATISTICS_BATCHES = 12


class ReaderFitting:
    """Trains ``network`` on ``pairs`` whose ids are classes of ``palette``; the state is kept in ``folder``."""

    def __init__(
        self,
        recipe: ReaderRecipe,
        palette: Palette,
        pairs: list[Pair],
        folder: Path,
        device: torch.device,
        begin_with: Segmenter | None = None,
    ) -> None:
        """``begin_with`` is a reader of the same classes whose weights the fitting goes on from.

        StudioError if no pair can be used.
        """
        self.recipe, self.folder, self.device = recipe, folder, device
        whole = math.ceil(recipe.size / recipe.zoom[0])
        short = max(recipe.short, recipe.size)
        self.photos = PhotoSet(pairs, min(whole, short), len(palette), device, short=short)
        torch.manual_seed(recipe.seed)
        self.draws = torch.Generator(device=device).manual_seed(recipe.seed)
        tunes = recipe.rate_backbone > 0
        self.network = Segmenter(SegmenterConfig(len(palette), recipe.width, tunes_backbone=tunes)).to(device)
        if begin_with is not None and begin_with.config == self.network.config:
            self.network.load_state_dict(begin_with.state_dict())
        else:
            self.network.begin_with_backbone()
        self._rates = [recipe.rate, recipe.rate_backbone][: 1 + tunes]
        encoder = [*self.network.encoder.parameters()] if self.network.encoder is not None else []
        inside = {id(parameter) for parameter in encoder}
        decoder = [parameter for parameter in self.network.parameters() if id(parameter) not in inside]
        groups = [{"params": decoder}, {"params": encoder}][: 1 + tunes]
        self.adam = torch.optim.AdamW(groups, weight_decay=recipe.decay)
        self.progress = state.Progress()
        self.weights = class_weights(self.photos, len(palette)).clamp(max=recipe.class_weight_clip)
        self._size = self.photos.size

    def resume(self) -> None:
        """Go on exactly where the last state was saved."""
        self.progress = state.load(self.folder, {"reader": self.network}, {"adam": self.adam}, self.draws)

    def run(self, is_stopping: Callable[[], bool], events: Events | None = None) -> Segmenter:
        """Train until the recipe ends or ``is_stopping`` says so; returns the reader in evaluation mode.

        With ``events`` progress is reported there and the state is saved once a minute.
        """
        recipe, progress = self.recipe, self.progress
        saved = reported = time.monotonic()
        while progress.images < recipe.images and not is_stopping():
            loss = self.step()
            now = time.monotonic()
            if events is None:
                continue
            if progress.steps % _REPORT_STEPS == 0:
                progress.seconds += now - reported
                self._report(events, float(loss), _REPORT_STEPS * recipe.batch / max(now - reported, 1e-9))
                reported = now
            if now - saved > _SAVE_SECONDS:
                self.save(events)
                saved = time.monotonic()
        if events is not None:
            self.save(events)
        self._settle()
        return self.network.eval()

    def step(self) -> Tensor:
        """One step on one batch; returns its loss."""
        recipe, progress = self.recipe, self.progress
        share = rate_at(progress.steps, recipe.images // recipe.batch)
        for group, rate in zip(self.adam.param_groups, self._rates, strict=True):
            group["lr"] = rate * share
        batch = zoomed(self.photos.draw(recipe.batch, self.draws), recipe, self.draws)
        image = colour(batch.image, recipe.colour, self.draws)
        target = torch.where(batch.valid, batch.labels, UNLABELLED)
        self.network.train()
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=has_fast_bf16(self.device)):
            logits = self.network(image)
        loss = F.cross_entropy(
            logits.float(), target, self.weights, ignore_index=UNLABELLED, label_smoothing=recipe.smoothing
        )
        if not target.eq(UNLABELLED).all():  # a mean over nothing is no number
            self.adam.zero_grad(set_to_none=True)
            loss.backward()
            self.adam.step()
        progress.steps += 1
        progress.images += recipe.batch
        return loss.detach()

    @torch.no_grad()
    def _settle(self) -> None:
        """Measure the statistics of the norms anew: those of a short training still remember its beginning."""
        norms = [module for module in self.network.modules() if isinstance(module, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the mean over all batches that follow
        self.network.train()
        draws = torch.Generator(device=self.device).manual_seed(self.recipe.seed)
        for _batch in range(_STATISTICS_BATCHES):
            self.network(zoomed(self.photos.draw(self.recipe.batch, draws), self.recipe, draws).image)
        for norm in norms:
            norm.momentum = 0.1

    def save(self, events: Events) -> None:
        """Write the state; StudioError if the disk refuses."""
        state.save(self.folder, self.progress, {"reader": self.network}, {"adam": self.adam}, self.draws)
        events.write("saved", images=self.progress.images, steps=self.progress.steps)

    def _report(self, events: Events, loss: float, rate: float) -> None:
        left = self.recipe.images - self.progress.images
        events.write(
            "step", step=self.progress.steps, images=self.progress.images, images_per_second=round(rate, 2),
            seconds_left=round(left / max(rate, 1e-6)), losses={"reader": round(loss, 4)},
        )  # fmt: skip


def zoomed(batch: Batch, recipe: ReaderRecipe, draws: torch.Generator) -> Batch:
    """A random square of every picture in ``batch``, scaled to ``size`` by a factor within the recipe's ``zoom``."""
    whole, size = batch.image.shape[-1], recipe.size
    low, high = (math.log(factor) for factor in recipe.zoom)
    drawn = torch.rand(3, generator=draws, device=draws.device).tolist()
    side = min(whole, max(1, round(size / math.exp(low + (high - low) * drawn[0]))))
    top, left = (int(share * (whole - side + 1)) for share in drawn[1:])
    window = (..., slice(top, top + side), slice(left, left + side))
    image = F.interpolate(batch.image[window], size=(size, size), mode="bilinear", antialias=True)
    row = torch.arange(size, device=image.device) * side // size
    labels = batch.labels[window][:, row][:, :, row]
    return Batch(image, labels, batch.valid[window][:, row][:, :, row])


def class_weights(photos: PhotoSet, classes: int) -> Tensor:
    """(classes,): one over the root of a class's share of the pixels, so that rare ones count without dominating.

    Their mean over the pixels is 1; an absent class has 0.
    """
    pixels = torch.zeros(classes, dtype=torch.float64, device=photos.labels.device)
    for labels, valid, weight in zip(photos.labels, photos.valid, photos.weight, strict=True):
        pixels += torch.bincount(labels[valid].long(), minlength=classes) * weight
    share = pixels / pixels.sum().clamp(min=1)
    weights = torch.where(share > 0, share.clamp(min=1e-4) ** -0.5, 0.0)
    return (weights / (weights * share).sum().clamp(min=1e-9)).float()


def rate_at(step: int, steps: int) -> float:
    """Share of the highest learning rate at ``step`` of ``steps``: up in 60 of them, then half a cosine down."""
    warm_up = min(_WARM_UP_STEPS, max(1, steps // 10))
    rising = min(1.0, (step + 1) / warm_up)
    return rising * 0.5 * (1 + math.cos(math.pi * min(1.0, step / max(1, steps))))
