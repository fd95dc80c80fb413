"""Where a ruler has its lines and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

_SMALLEST_GAP = 5.0
"""Widget pixels between two lines."""


@dataclass(frozen=True)
class Axis:
    """Where document pixels lie along a ruler: ``scale`` widget pixels each, from ``origin`` on.

    ``scale`` is negative where the picture stands on its head.
    """

    origin: float
    scale: float

    def at(self, value: float) -> float:
        """The widget pixel of a document coordinate."""
        return self.origin + self.scale * value

    def value(self, at: float) -> float:
        """The document coordinate of a widget pixel."""
        return (at - self.origin) / self.scale


@dataclass(frozen=True)
class Tick:
    """A line at ``value`` document pixels. ``rank`` 0 has a number, 1 is half way between two of those, 2 the rest."""

    value: int
    rank: int


def ticks(axis: Axis, length: float, room: float) -> list[Tick]:
    """The lines along ``length`` widget pixels, at whole document pixels; ``room`` or more from number to number.

    Numbers go in steps of 1, 2 or 5 times a power of ten. The first and the last one lie beyond the ruler: a text may
    reach into it.
    """
    scale = abs(axis.scale)
    step = next(size for size in _sizes() if size * scale >= room)
    fine = next(size for size in _sizes() if size == step or (step % size == 0 and size * scale >= _SMALLEST_GAP))
    low, high = sorted((axis.value(0), axis.value(length)))
    first, last = math.floor(low / step) * step, math.ceil(high / step) * step
    return [Tick(value, _rank(value, step)) for value in range(first, last + 1, fine)]


def _rank(value: int, step: int) -> int:
    if value % step == 0:
        return 0
    return 1 if 2 * value % step == 0 else 2


def _sizes() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, 100 …"""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)
