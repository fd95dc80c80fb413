"""What a recipe would cost on this machine: a few steps of every kind, and the memory they take."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import torch

from oasis_studio.core.classes.palette import Palette
from oasis_training.learning.networks import Networks, build
from oasis_training.learning.objective import Objective
from oasis_training.learning.objectives import objective_of
from oasis_training.learning.step import train_step
from oasis_training.pairs.dataset import PhotoSet, find_pairs
from oasis_training.recipe import Phase, Recipe

STEPS = 10
_WARM_UP = 2
_PAIRS = 32
_RATES = ("images_per_second", "images_per_cpu_second")
"""Of the clock, and of the work of all threads."""


def measure(recipe: Recipe, palette: Palette, data: Path, device: torch.device, bf16: bool) -> dict[str, Any]:
    """The values of the event ``measured``; a few pairs are read, nothing is written."""
    pairs = find_pairs(data, recipe.sources)
    networks = build(recipe, len(palette), device, bf16)
    objective = objective_of(recipe, networks)
    rates: dict[tuple[int, int, bool, bool], tuple[float, float]] = {}
    phases = []
    for phase in recipe.phases:
        kind = (phase.size, phase.batch, phase.discriminator_only, phase.trains_generator)
        if kind not in rates:
            photos = PhotoSet(pairs[:_PAIRS], phase.size, len(palette), device, short=phase.short_side)
            rates[kind] = _rates(networks, objective, photos, recipe, phase)
        phases.append(
            {"size": phase.size, "batch": phase.batch, "images": phase.images}
            | dict(zip(_RATES, (round(rate, 2) for rate in rates[kind]), strict=True))
        )
    seconds = sum(phase["images"] / max(phase["images_per_second"], 0.01) for phase in phases)
    return {
        "device": str(device),
        "bf16": bf16,
        "pairs": len(pairs),
        "phases": phases,
        **{name: phases[-1][name] for name in _RATES},
        "seconds": round(seconds),
        "memory_mb": peak_memory(device) // 2**20,
    }


def _rates(
    networks: Networks, objective: Objective, photos: PhotoSet, recipe: Recipe, phase: Phase
) -> tuple[float, float]:
    """Images a second, by :data:`_RATES`."""
    networks.set_rates(phase.rate_generator, phase.rate_discriminator)
    draws = torch.Generator(device=networks.device).manual_seed(recipe.seed)
    start = (0.0, 0.0)
    for step in range(_WARM_UP + STEPS):
        if step == _WARM_UP:
            _wait(networks.device)
            start = time.perf_counter(), time.process_time()
        train_step(networks, objective, photos.draw(phase.batch, draws), recipe, phase, draws)
    _wait(networks.device)
    images = STEPS * phase.batch
    return images / (time.perf_counter() - start[0]), images / max(time.process_time() - start[1], 1e-3)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def peak_memory(device: torch.device) -> int:
    """Most bytes this process has held so far: on the graphics card where it trains there, else in all."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if sys.platform == "win32":
        return _peak_on_windows()
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _peak_on_windows() -> int:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("size", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            ("peak", ctypes.c_size_t),
            *((f"other_{index}", ctypes.c_size_t) for index in range(7)),
        )

    counters = Counters(size=ctypes.sizeof(Counters))
    windows: Any = ctypes
    process = windows.windll.kernel32.GetCurrentProcess()
    windows.windll.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.size)
    return counters.peak
