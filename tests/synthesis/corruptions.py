"""Patches of photos made wrong on purpose, and how well scores tell them from untouched ones."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

Labelled = tuple[np.ndarray, np.ndarray]
_TRIES = 300
_PURE = 0.9
"""Share of a patch that is of one class (for a pasted one) or labelled at all."""


def patches(
    photos: list[Labelled], draws: np.random.Generator, classes: int
) -> Iterator[tuple[int, str, tuple, np.ndarray]]:
    """Of every photo: its number, the kind of damage, the place, and the damaged photo."""
    for number, (image, labels) in enumerate(photos):
        side = min(labels.shape) // 4
        place = _place(labels, side, draws, classes)
        if place is None:
            continue
        yield number, "blur", place, _with(image, place, cv2.GaussianBlur(image, (0, 0), 4)[place])
        noisy = image[place] + draws.normal(0, 30, image[place].shape)
        yield number, "noise", place, _with(image, place, noisy.clip(0, 255))
        other = _other_class(photos, _main_class(labels[place], classes), side, draws, classes)
        if other is not None:
            yield number, "wrong class", place, _with(image, place, other)


def area_under_curve(wrong: list[float], right: list[float]) -> float:
    """How often a wrong patch scores higher than a right one, over all pairs; 0.5 is chance."""
    higher = np.greater.outer(wrong, right).mean() + np.equal.outer(wrong, right).mean() / 2
    return float(higher)


def _place(labels: np.ndarray, side: int, draws: np.random.Generator, classes: int) -> tuple | None:
    height, width = labels.shape
    for _try in range(_TRIES):
        top, left = int(draws.integers(0, height - side + 1)), int(draws.integers(0, width - side + 1))
        place = np.s_[top : top + side, left : left + side]
        if (labels[place] < classes).mean() > _PURE:
            return place
    return None


def _other_class(
    photos: list[Labelled], main: int, side: int, draws: np.random.Generator, classes: int
) -> np.ndarray | None:
    """A patch of another photo that shows one class, not ``main``."""
    for _try in range(_TRIES):
        image, labels = photos[int(draws.integers(len(photos)))]
        place = _place(labels, side, draws, classes) if min(labels.shape) >= side else None
        if place is not None:
            label = _main_class(labels[place], classes)
            if label != main and (labels[place] == label).mean() > _PURE:
                return image[place]
    return None


def _main_class(labels: np.ndarray, classes: int) -> int:
    return int(np.bincount(labels.ravel(), minlength=256)[:classes].argmax())


def _with(image: np.ndarray, place: tuple, patch: np.ndarray) -> np.ndarray:
    changed = image.copy()
    changed[place] = patch
    return changed
