"""What a model's critic says of real photos: the measure for what it says of others. Stored in the model card."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

LEVELS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0)
"""Of all quantiles; denser at the ends, where surprise begins."""
_FEWEST_PIXELS = 500
"""A class with fewer measured pixels is judged as all classes together."""
_DIGITS = 4
_MOST_SIDES = 4
_LARGEST_SIDE = 1024

Quantiles = tuple[float, ...]
Traits = Mapping[str, np.ndarray]
"""Arrays of one shape, by the name of what is measured."""


@dataclass(frozen=True)
class Calibration:
    """``sides`` short sides at which the discriminator reads photos best · ``traits`` for each thing measured the
    quantiles (at LEVELS) of every class, an empty row for a class that was hardly seen, and at last of all pixels ·
    ``photos`` and ``renders`` quantiles of the surprise of pixels of real photos, and of the model's own (or empty) ·
    ``count`` photos measured · ``trust`` 0..1: how much the probability of *fake* is worth, measured by how well it
    tells the model's own pictures from photos.
    """

    sides: tuple[int, ...]
    traits: Mapping[str, tuple[Quantiles, ...]]
    photos: Quantiles
    renders: Quantiles
    count: int
    trust: float = 0.0

    def percentiles(self, name: str, values: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """Share 0..1 of the real pixels, of the same class if ``labels`` are given, that have less of the trait."""
        rows = self.traits[name]
        result = np.interp(values, rows[-1], LEVELS).astype(np.float32)
        if labels is None:
            return result
        for label, row in enumerate(rows[:-1]):
            is_here = labels == label
            if row and is_here.any():
                result[is_here] = np.interp(values[is_here], row, LEVELS)
        return result

    def to_json(self) -> dict[str, Any]:
        return {
            "sides": list(self.sides),
            "count": self.count,
            "trust": self.trust,
            "traits": {name: [list(row) for row in rows] for name, rows in self.traits.items()},
            "photos": list(self.photos),
            "renders": list(self.renders),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        """ValueError unless it is what :meth:`to_json` writes."""
        try:
            traits = {str(name): tuple(_row(row) for row in rows) for name, rows in data["traits"].items()}
            photos, renders = _row(data["photos"]), _row(data["renders"])
            found = cls(tuple(data["sides"]), traits, photos, renders, int(data["count"]), float(data["trust"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("a calibration lacks a field") from error
        if not all(rows and rows[-1] for rows in traits.values()) or not found.photos or not 0 <= found.trust <= 1:
            raise ValueError("a calibration without quantiles")
        sides = found.sides
        if not 1 <= len(sides) <= _MOST_SIDES or not all(type(s) is int and 1 <= s <= _LARGEST_SIDE for s in sides):
            raise ValueError("a calibration at no such size")
        return found

    @classmethod
    def of_traits(
        cls, sides: tuple[int, ...], samples: Iterable[tuple[Traits, np.ndarray]], classes: int
    ) -> Calibration:
        """From pixels of real photos, one entry a photo: traits and classes, (n,) each. Surprise is yet unknown."""
        kept = list(samples)
        labels = np.concatenate([of_photo for _traits, of_photo in kept])
        rows: dict[str, tuple[Quantiles, ...]] = {}
        for name in kept[0][0]:
            values = np.concatenate([traits[name] for traits, _labels in kept])
            own = [values[labels == label] for label in range(classes)]
            rows[name] = (*(quantiles(each) if each.size >= _FEWEST_PIXELS else () for each in own), quantiles(values))
        return cls(sides, rows, (), (), len(kept))


def quantiles(values: np.ndarray) -> Quantiles:
    """At LEVELS; () of nothing."""
    if not values.size:
        return ()
    return tuple(round(float(value), _DIGITS) for value in np.quantile(values, LEVELS))


def _row(values: Any) -> Quantiles:
    row = tuple(float(value) for value in values)
    if row and (len(row) != len(LEVELS) or not all(map(math.isfinite, row)) or list(row) != sorted(row)):
        raise ValueError("quantiles are rising numbers, one for each level")
    return row
