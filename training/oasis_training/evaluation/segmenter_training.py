"""Training an evaluation segmenter: real photos only, resumable, minutes on a processor."""

from __future__ import annotations

import math
import time
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.palette import Palette
from oasis_studio.synthesis.device import has_fast_bf16
from oasis_training import state
from oasis_training.augment import colour
from oasis_training.dataset import UNLABELLED, Batch, PhotoSet, find_pairs, read_held_out, split
from oasis_training.evaluation.alignment import Agreement, agreement
from oasis_training.evaluation.frozen import (
    FrozenSegmenter,
    SegmenterCard,
    level_means,
    open_segmenter,
    write_segmenter,
)
from oasis_training.evaluation.segmenter import Segmenter, SegmenterConfig
from oasis_training.evaluation.segmenter_recipe import SegmenterRecipe
from oasis_training.events import Events, StopFlag

_REPORT_STEPS = 20
_SAVE_SECONDS = 60
_WARM_UP = 0.08
_STATISTICS_PHOTOS = 512


class SegmenterTraining:
    """Trains on the pairs below ``data``, keeps its state in ``folder``, where in the end the segmenter is too."""

    def __init__(self, recipe: SegmenterRecipe, palette: Palette, data: Path, folder: Path, device: torch.device):
        self.recipe, self.palette, self.folder, self.device = recipe, palette, folder, device
        pairs, held_out = split(find_pairs(data, recipe.sources), recipe.held_out)
        self.held_out, self.problems = read_held_out(held_out, len(palette))
        self.photos = PhotoSet(pairs, round(recipe.size * recipe.widest), len(palette), device, margin=1.0)
        self.problems.update(self.photos.problems)
        torch.manual_seed(recipe.seed)
        self.draws = torch.Generator(device=device).manual_seed(recipe.seed)
        network = Segmenter(SegmenterConfig(len(palette))).to(device)
        self.network: Segmenter = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.adam = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
        self.progress = state.Progress()
        self.events = Events(folder)
        self.weights = class_weights(self.photos, len(palette))

    def resume(self) -> None:
        """Go on exactly where the last state was saved."""
        self.progress = state.load(self.folder, {"segmenter": self.network}, {"adam": self.adam}, self.draws)

    def run(self, stop: StopFlag) -> None:
        """Train until the recipe or the budget ends; then save, measure on held-out photos and write the segmenter."""
        recipe, progress = self.recipe, self.progress
        self.events.write(
            "started", recipe=recipe.name, device=str(self.device), photos=len(self.photos),
            held_out=len(self.held_out), images=progress.images,
        )  # fmt: skip
        saved = reported = time.monotonic()
        while progress.images < recipe.images and not stop:
            loss = self._step()
            now = time.monotonic()
            if progress.steps % _REPORT_STEPS == 0:
                progress.seconds += now - reported
                rate = _REPORT_STEPS * recipe.batch / max(now - reported, 1e-9)
                self._report(float(loss), rate)
                reported = now
            if now - saved > _SAVE_SECONDS:
                self._save()
                saved = time.monotonic()
        self._save()
        self._finish()

    def _step(self) -> Tensor:
        recipe, progress = self.recipe, self.progress
        for group in self.adam.param_groups:
            group["lr"] = recipe.rate * rate_at(progress.images / recipe.images)
        batch = zoomed(self.photos.draw(recipe.batch, self.draws), recipe.size, self.draws)
        image = colour(batch.image, recipe.colour, self.draws).contiguous(memory_format=torch.channels_last)
        target = torch.where(batch.valid, batch.labels, UNLABELLED)
        self.network.train()
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=has_fast_bf16(self.device)):
            logits = self.network(image)
        loss = F.cross_entropy(logits.float(), target, self.weights, ignore_index=UNLABELLED)
        if not target.eq(UNLABELLED).all():  # a mean over nothing is no number
            self.adam.zero_grad(set_to_none=True)
            loss.backward()
            self.adam.step()
        progress.steps += 1
        progress.images += recipe.batch
        return loss.detach()

    def _report(self, loss: float, rate: float) -> None:
        left = self.recipe.images - self.progress.images
        self.events.write(
            "step", step=self.progress.steps, images=self.progress.images, images_per_second=round(rate, 2),
            seconds_left=round(left / max(rate, 1e-6)), losses={"segmenter": round(loss, 4)},
        )  # fmt: skip

    def _save(self) -> None:
        state.save(self.folder, self.progress, {"segmenter": self.network}, {"adam": self.adam}, self.draws)
        self.events.write("saved", images=self.progress.images, steps=self.progress.steps)

    def _finish(self) -> None:
        recipe, target = self.recipe, self.folder
        self.network.eval()
        self._scale_features()
        data = {
            "sources": list(recipe.credits),
            "terms": recipe.terms,
            "photos": len(self.photos),
            "images_seen": self.progress.images,
            "minutes": round(self.progress.seconds / 60, 1),
            "seed": recipe.seed,
        }
        card = SegmenterCard(self.palette, self.network.config, recipe.size, data)
        write_segmenter(target, self.network, card)
        found = self._held_out(open_segmenter(target, self.device))
        write_segmenter(
            target, self.network, SegmenterCard(self.palette, self.network.config, recipe.size, data, found)
        )
        self.events.write("metric", images=self.progress.images, **found)
        if self.problems:
            self.events.write("left_out", **self.problems.to_json())
        self.events.write("published", folder=str(target), images=self.progress.images)

    @torch.no_grad()
    def _scale_features(self) -> None:
        """Mean and deviation of every feature over photos that were trained on."""
        draws = torch.Generator(device=self.device).manual_seed(0)
        rows = []
        for _batch in range(max(1, min(_STATISTICS_PHOTOS, 4 * len(self.photos)) // 16)):
            image = zoomed(self.photos.draw(16, draws), self.recipe.size, draws).image
            rows.append(level_means(self.network, image))
        found = torch.cat(rows)
        self.network.mean.copy_(found.mean(dim=0))
        self.network.deviation.copy_(found.std(dim=0).clamp(min=1e-3))

    def _held_out(self, segmenter: FrozenSegmenter) -> dict[str, object]:
        """Agreement with the label maps of held-out photos, in all and of every source."""
        if not self.held_out:
            return {}
        photos = PhotoSet(self.held_out, self.recipe.size, len(self.palette), self.device, margin=1.0)
        batch = photos.centre(torch.arange(len(photos), device=self.device))
        read = segmenter.classes(batch.image)
        sources = [pair.name.rpartition("/")[0] for pair in photos.pairs]
        result: dict[str, object] = {}
        for source in ("all", *sorted(set(sources))):
            rows = torch.tensor([source in ("all", name) for name in sources])
            found = agreement(read[rows], batch.labels.cpu()[rows], batch.valid.cpu()[rows], len(self.palette))
            result[source] = _figures(found, int(rows.sum()))
        return result


def _figures(found: Agreement, photos: int) -> dict[str, object]:
    return {
        "photos": photos,
        "pixel_accuracy": round(found.accuracy, 4),
        "mean_iou": round(found.mean_iou, 4),
        "iou": [None if math.isnan(value) else round(value, 4) for value in found.iou],
    }


def zoomed(batch: Batch, size: int, draws: torch.Generator) -> Batch:
    """A random square of every picture in ``batch``, at least ``size`` wide, scaled to ``size``."""
    whole = batch.image.shape[-1]

    def integer(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (1,), generator=draws, device=draws.device))

    side = integer(min(size, whole), whole)
    top, left = integer(0, whole - side), integer(0, whole - side)
    window = (..., slice(top, top + side), slice(left, left + side))
    image = F.interpolate(batch.image[window], size=(size, size), mode="bilinear", antialias=True)
    row = torch.arange(size, device=image.device) * side // size
    labels = batch.labels[window][:, row][:, :, row]
    return Batch(image, labels, batch.valid[window][:, row][:, :, row])


def class_weights(photos: PhotoSet, classes: int) -> Tensor:
    """(classes,): one over the root of a class's share of the pixels, so that rare ones count without dominating."""
    pixels = torch.zeros(classes, dtype=torch.float64, device=photos.labels.device)
    for labels, valid, weight in zip(photos.labels, photos.valid, photos.weight, strict=True):
        pixels += torch.bincount(labels[valid].long(), minlength=classes) * weight
    share = pixels / pixels.sum().clamp(min=1)
    weights = torch.where(share > 0, share.clamp(min=1e-4) ** -0.5, 0.0)
    return (weights / (weights * share).sum().clamp(min=1e-9)).float()


def rate_at(done: float) -> float:
    """Share of the highest learning rate after the share ``done`` of the training: up, then half a cosine down."""
    if done < _WARM_UP:
        return 0.1 + 0.9 * done / _WARM_UP
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (done - _WARM_UP) / (1 - _WARM_UP))))
