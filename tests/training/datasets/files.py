"""Small photos and label maps on disk, for every layout that is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from oasis_training.datasets.model import NO_CLASS, Dataset, SourcePair
from PIL import Image

HEIGHT, WIDTH = 24, 32


def photo(path: Path, seed: int = 0, size: tuple[int, int] = (HEIGHT, WIDTH)) -> np.ndarray:
    """A photo of coloured patches (H, W, 3); another seed shows something clearly different."""
    draws = np.random.default_rng(seed)
    coarse = Image.fromarray(draws.integers(0, 256, (5, 6, 3), np.uint8))
    picture = coarse.resize((size[1], size[0]), Image.Resampling.BICUBIC)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=95)
    return np.asarray(picture)


def halves(top: int, bottom: int, dtype: type = np.uint8) -> np.ndarray:
    """(H, W): one id above another, half of the rows each."""
    labels = np.full((HEIGHT, WIDTH), top, dtype)
    labels[HEIGHT // 2 :] = bottom
    return labels


def grey(path: Path, labels: np.ndarray) -> None:
    """A label map whose pixels are ids: 8 or 16 bits, as the array is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(labels).save(path)


def colored(path: Path, labels: np.ndarray, colors: dict[int, tuple[int, int, int]]) -> None:
    """A label map in colours."""
    image = np.zeros((*labels.shape, 3), np.uint8)
    for number, color in colors.items():
        image[labels == number] = color
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


def by_name(dataset: Dataset) -> dict[str, SourcePair]:
    pairs = {pair.name: pair for pair in dataset.pairs}
    for pair in pairs.values():
        assert pair.photo.read().shape[2] == 3
    return pairs


def top_and_bottom(pair: SourcePair) -> tuple[int, int]:
    """The ids of a map made by :func:`halves`, which must be one each."""
    labels = pair.labels.read()
    assert labels.dtype in (np.uint8, np.uint16)
    assert labels.shape == pair.photo.read().shape[:2]
    above, below = np.unique(labels[: len(labels) // 2]), np.unique(labels[len(labels) // 2 :])
    assert len(above) == len(below) == 1
    return int(above[0]), int(below[0])


def names(dataset: Dataset) -> dict[int, str]:
    return {entry.id: entry.name for entry in dataset.classes}


__all__ = ["HEIGHT", "NO_CLASS", "WIDTH", "by_name", "colored", "grey", "halves", "names", "photo", "top_and_bottom"]
