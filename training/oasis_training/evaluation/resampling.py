"""How sure a number is: 95 % intervals from random halves of the scenes.

A bootstrap with replacement holds the same picture twice, which every distance between sets takes for likeness. Halves
drawn without replacement do not; the deviation of a statistic over them is that of the statistic of the whole set
(delete-d jackknife with d = n / 2: Shao, Wu, Annals of Statistics 1989).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

RESAMPLES = 100
_WIDTH = 1.96
_LEAST = 8
"""Fewer scenes have no halves worth the name."""


@dataclass(frozen=True)
class Estimate:
    """A number of all scenes and its 95 % interval; NaN where there is none."""

    value: float
    low: float = math.nan
    high: float = math.nan

    def to_json(self) -> dict[str, Any]:
        return {"value": _finite(self.value), "low": _finite(self.low), "high": _finite(self.high)}


def estimate(statistic: Callable[[Tensor], float], count: int, resamples: int = RESAMPLES) -> Estimate:
    """``statistic`` takes the indices of scenes, ascending, out of ``count``."""
    value = statistic(torch.arange(count))
    if count < _LEAST:
        return Estimate(value)
    draws = torch.Generator().manual_seed(count)
    found = [
        statistic(torch.randperm(count, generator=draws)[: count // 2].sort().values) for _round in range(resamples)
    ]
    known = torch.tensor([number for number in found if not math.isnan(number)], dtype=torch.float64)
    if len(known) < 2 or math.isnan(value):
        return Estimate(value)
    reach = _WIDTH * float(known.std(correction=0))
    return Estimate(value, value - reach, value + reach)


def crossed(distance: Callable[[Tensor, Tensor], float]) -> Callable[[Tensor], float]:
    """The statistic of a distance between the photos of one half of the scenes and the pictures of the other.

    Both ways round; so no picture is compared with the photo of its own label map, and photos against photos can be
    measured in just the same way.
    """

    def statistic(rows: Tensor) -> float:
        even, odd = rows[::2], rows[1::2]
        return (distance(even, odd) + distance(odd, even)) / 2

    return statistic


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
