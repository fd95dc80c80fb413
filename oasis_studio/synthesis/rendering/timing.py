"""Comparing ways to render: interleaved rounds, so that what else runs on the machine strikes all of them alike."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

WARM_UPS = 2


def nothing() -> None:
    """No preparation."""


@dataclass
class Variant:
    """``run`` → image (H, W, 3) in [−1, 1]; ``prepare`` comes before every run and is not measured.

    ``truth`` is the image to compare with; without one, the image of the first variant.
    """

    name: str
    run: Callable[[], np.ndarray]
    prepare: Callable[[], object] = nothing
    truth: np.ndarray | None = None
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    image: np.ndarray | None = None

    def measure(self, counts: bool) -> None:
        """One run."""
        self.prepare()
        wall, cpu = time.perf_counter(), time.process_time()
        image = self.run()
        if counts:
            self.cpu.append(time.process_time() - cpu)
            self.wall.append(time.perf_counter() - wall)
        self.image = np.array(image, np.float32)


@dataclass(frozen=True)
class Row:
    """Ratios say how many times faster than the first variant; medians, the fastest wall time beside."""

    case: str
    variant: str
    ratio_cpu: float
    ratio_wall: float
    wall_ms: float
    wall_min_ms: float
    cpu_ms: float
    max_error: float
    mean_error: float
    psnr: float | None


def compare(case: str, variants: list[Variant], rounds: int) -> list[Row]:
    """Run all variants in turn, ``rounds`` times after two that do not count; a row each, the first is the measure."""
    for index in range(WARM_UPS + rounds):
        for variant in variants:
            variant.measure(index >= WARM_UPS)
    first = variants[0]
    cpu, wall = statistics.median(first.cpu), statistics.median(first.wall)
    return [_row(case, variant, first.image, cpu, wall) for variant in variants]


def _row(case: str, variant: Variant, plain: np.ndarray | None, cpu: float, wall: float) -> Row:
    truth = variant.truth if variant.truth is not None else plain
    assert truth is not None and variant.image is not None  # every variant ran
    error = np.abs(variant.image - truth)
    square = float(np.mean(error.astype(np.float64) ** 2))
    own_cpu, own_wall = statistics.median(variant.cpu), statistics.median(variant.wall)
    return Row(
        case,
        variant.name,
        # A clock that ticks coarsely may see no time at all in a short run.
        round(cpu / max(own_cpu, 1e-4), 2),
        round(wall / max(own_wall, 1e-4), 2),
        round(1000 * own_wall, 1),
        round(1000 * min(variant.wall), 1),
        round(1000 * own_cpu, 1),
        float(error.max()),
        float(error.mean()),
        round(10 * math.log10(4 / square), 1) if square else None,
    )
