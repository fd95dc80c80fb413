"""A model's critic: its discriminator, measured against real photos, judges photos pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, combinations

import numpy as np

from oasis_studio.core.models.calibration import Calibration, Traits, quantiles
from oasis_studio.core.models.reading import Reading
from oasis_studio.core.models.surprise import FAKE, measure, realism, surprise
from oasis_studio.core.work.jobs import Critique
from oasis_studio.synthesis.photos.reading import PhotoReader

LabelledImage = tuple[np.ndarray, np.ndarray]
"""(H, W, 3) uint8 RGB and (H, W) uint8 class ids, 255 where nobody said."""

_PIXELS = 4_000
"""Measured in every photo: neighbours tell the same."""
_FRACTIONS = (3 / 8, 1 / 2, 3 / 4, 1)
"""Of the native short side: where a discriminator reads best depends on the sizes it was trained at."""
_SEED = 7


class Critic:
    """Judges with ``reader``; ``calibration`` is that of the same model's card, None if nobody measured it."""

    def __init__(self, reader: PhotoReader, calibration: Calibration | None) -> None:
        self._reader = reader
        self._calibration = calibration

    def judge(self, image_HW3: np.ndarray, labels_HW: np.ndarray) -> Critique:
        """How real the photo is, as a picture of that label map, and as what it reads."""
        reading = self._reader.read(image_HW3)
        read, sure = reading.named()
        amount = surprise(measure(image_HW3, labels_HW, reading), labels_HW, self._calibration)
        photos = self._calibration.photos if self._calibration else ()
        return Critique(realism(amount, photos), amount, read, sure, bool(photos))


def calibrated(
    reader: PhotoReader, photos: Sequence[LabelledImage], renders: Iterable[LabelledImage], native_side: int
) -> Calibration:
    """Measure the critic on real photos that it was not trained on, and on the model's own ``renders`` (or none).

    Both have about ``native_side`` pixels on their short side. At least one photo must have labelled pixels.
    """
    sides = best_sides(reader, photos, native_side)
    samples = [_sample(reader, image, labels, sides) for image, labels in photos]
    bare = Calibration.of_traits(sides, samples, reader.network.config.classes)
    own = [_sample(reader, image, labels, sides) for image, labels in renders]
    if own:
        ranks = np.concatenate([bare.percentiles(FAKE, traits[FAKE]) for traits, _labels in own])
        # The mean rank among photos is the area under the curve that tells the two apart; 0.5 is chance.
        bare = replace(bare, trust=round(max(0.0, 2 * float(ranks.mean()) - 1), 3))
    return replace(bare, photos=_surprises(samples, bare), renders=_surprises(own, bare))


def best_sides(reader: PhotoReader, photos: Sequence[LabelledImage], native_side: int) -> tuple[int, ...]:
    """The one or two short sides at which the classes of the photos are read best (by mean IoU)."""
    grid = reader.network.config.grid
    choices = sorted({max(grid, round(native_side * fraction)) for fraction in _FRACTIONS})
    candidates = [*combinations(choices, 1), *combinations(choices, 2)]
    counts = {sides: np.zeros((reader.network.config.classes,) * 2, np.int64) for sides in candidates}
    for image, labels in photos:
        readings = {side: reader.read(image, (side,)) for side in choices}
        for sides in candidates:
            named, _sure = _averaged([readings[side] for side in sides]).named()
            counts[sides] += confusion(labels, named, len(counts[sides]))
    return max(candidates, key=lambda sides: mean_iou(counts[sides]))


def confusion(labels_HW: np.ndarray, read_HW: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes) pixels: row the true class, column what was read; unlabelled pixels do not count."""
    valid = labels_HW < classes
    pairs = labels_HW[valid].astype(np.int64) * classes + read_HW[valid]
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def mean_iou(confusion_CC: np.ndarray) -> float:
    """Over the classes that occur; 0 where none does."""
    found = class_iou(confusion_CC)
    return float(np.nanmean(found)) if np.isfinite(found).any() else 0.0


def class_iou(confusion_CC: np.ndarray) -> np.ndarray:
    """(classes,) intersection over union; NaN for a class that has no true pixel."""
    hit = np.diag(confusion_CC).astype(np.float64)
    true = confusion_CC.sum(axis=1)
    union = true + confusion_CC.sum(axis=0) - hit
    return np.where(true > 0, hit / np.maximum(union, 1), np.nan)


def _averaged(readings: list[Reading]) -> Reading:
    """As if they had been read together; the differing sizes meet in that of the photo."""
    if len(readings) == 1:
        return readings[0]
    width, height = readings[0].width, readings[0].height
    planes = [reading.resized(height, width) for reading in readings]
    return Reading(np.mean(planes, axis=0), width, height)


def _sample(
    reader: PhotoReader, image_HW3: np.ndarray, labels_HW: np.ndarray, sides: tuple[int, ...]
) -> tuple[Traits, np.ndarray]:
    """Traits and classes of some labelled pixels, (n,) each, always the same ones."""
    traits = measure(image_HW3, labels_HW, reader.read(image_HW3, sides))
    places = np.flatnonzero(labels_HW < reader.network.config.classes)
    if places.size > _PIXELS:
        places = np.random.default_rng(_SEED).choice(places, _PIXELS, replace=False)
    return {name: values.ravel()[places] for name, values in traits.items()}, labels_HW.ravel()[places]


def _surprises(samples: list[tuple[Traits, np.ndarray]], calibration: Calibration) -> tuple[float, ...]:
    amounts = [surprise(traits, labels, calibration) for traits, labels in samples]
    return quantiles(np.fromiter(chain.from_iterable(amounts), np.float32))
