"""What models are judged on: label maps with their photos that no training used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.pairs.dataset import Pair, PhotoSet, find_pairs, split
from oasis_training.pairs.problems import Problems
from oasis_training.recipe import Source

LEAST = 8
"""Scenes that a judgement needs."""


@dataclass(frozen=True, eq=False)
class Scenes:
    """``photos`` (N, 3, S, S) in [−1, 1], ``labels`` (N, S, S) int64 and ``valid``, all on the CPU.

    ``trained`` (M, 3, S, S): photos that a training on this data may have seen, to look for copies of them.
    """

    palette: Palette
    names: tuple[str, ...]
    photos: Tensor
    labels: Tensor
    valid: Tensor
    trained: Tensor
    problems: Problems

    @property
    def size(self) -> int:
        return self.photos.shape[-1]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Choice:
    """Which scenes: ``held_out`` as in the recipe (1 = all of the data, none was trained on) · at most ``limit``."""

    sources: tuple[Source, ...]
    held_out: int = 10
    limit: int = 300


def read_scenes(data: Path, choice: Choice, palette: Palette, size: int) -> Scenes:
    """Centre squares of the held-out pairs at ``size`` pixels; StudioError if there are too few."""
    pairs = find_pairs(data, choice.sources)
    trained, held_out = ([], pairs) if choice.held_out == 1 else split(pairs, choice.held_out)
    if len(held_out) < LEAST:
        raise StudioError(
            _("Only {count} of the {all} pairs in {folder} are held out from training; judging needs {least}.").format(
                count=len(held_out), all=len(pairs), folder=data, least=LEAST
            ),
            _("With --all every pair counts, for data that no model in question was trained on."),
        )
    chosen = PhotoSet(spread(held_out, choice.limit), size, len(palette), torch.device("cpu"), margin=1.0)
    if len(chosen) < LEAST:
        raise StudioError(
            _("Only {count} pairs in {folder} can be read; judging needs {least}.").format(
                count=len(chosen), folder=data, least=LEAST
            ),
            "\n".join([*chosen.problems.left_out.values()][:3]),
        )
    batch = chosen.centre(torch.arange(len(chosen)))
    seen = torch.empty(0, 3, size, size)
    if trained:
        others = PhotoSet(spread(trained, 4 * choice.limit), size, len(palette), torch.device("cpu"), margin=1.0)
        seen = others.centre(torch.arange(len(others))).image
    names = tuple(pair.name for pair in chosen.pairs)
    return Scenes(palette, names, batch.image, batch.labels, batch.valid, seen, chosen.problems)


def spread(pairs: list[Pair], count: int) -> list[Pair]:
    """At most ``count`` pairs, evenly out of the order of their names, sources in turn with their neighbours."""
    if len(pairs) <= count:
        return pairs
    picked = np.linspace(0, len(pairs) - 1, count).round().astype(int)
    return [pairs[index] for index in picked]
