"""How many label errors the dataset doctor finds that were put into real data.

``python -m tests.benchmarks.doctor FOLDER [--model outdoor] [--pairs 120]``: in one region of every twenty, of those
that cover at least 2 % of their photo, the class is exchanged for another one that is in the same photo, or else any.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from oasis_training.datasets.doctor import class_table, diagnose
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.model import Dataset, SourcePair

from oasis_studio.core.library import default_library
from oasis_studio.core.palette import Palette
from oasis_studio.synthesis.reading import PhotoReader

_LEAST_SHARE = 0.02
_ONE_IN = 20


@dataclass(frozen=True)
class Labels:
    """A label map in memory."""

    ids: np.ndarray

    def read(self) -> np.ndarray:
        return self.ids


def spoiled(pairs: list[SourcePair], classes: int, table: np.ndarray) -> tuple[list[SourcePair], dict[str, np.ndarray]]:
    """The pairs with wrong regions in them, and by name where those are."""
    draws = np.random.default_rng(0)
    result, wrong = [], {}
    for pair in pairs:
        labels = table[pair.labels.read()]
        for label in np.unique(labels[labels < classes]).tolist():
            count, pieces, stats, _c = cv2.connectedComponentsWithStats(
                (labels == label).astype(np.uint8), connectivity=4
            )
            for number in range(1, count):
                if stats[number, cv2.CC_STAT_AREA] < _LEAST_SHARE * labels.size or draws.random() >= 1 / _ONE_IN:
                    continue
                others = [other for other in range(classes) if other != label]
                changed = labels.copy()
                changed[pieces == number] = draws.choice(others)
                if pair.name not in wrong:
                    wrong[pair.name] = pieces == number
                    pair = SourcePair(pair.name, pair.photo, Labels(changed))
        if pair.name not in wrong:
            pair = SourcePair(pair.name, pair.photo, Labels(labels))
        result.append(pair)
    return result, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="outdoor")
    parser.add_argument("--pairs", type=int, default=120)
    arguments = parser.parse_args()
    folder, card = default_library().find(arguments.model)
    data = open_dataset(str(arguments.folder))
    pairs = list(data.pairs)
    chosen = [pairs[index] for index in np.linspace(0, len(pairs) - 1, arguments.pairs).round().astype(int)]
    table, _unknown = class_table(data, card.palette)
    chosen, wrong = spoiled(chosen, len(card.palette), table)
    reader = PhotoReader.open(folder, card)
    found = diagnose(Dataset(data.format, (), chosen), reader, card.palette, card.id)
    _print(found.regions, found.photos, wrong, card.palette)


def _print(regions: list, photos: list, wrong: dict[str, np.ndarray], palette: Palette) -> None:
    def is_wrong(entry) -> bool:
        x, y = entry.region.point
        return entry.region.pair in wrong and bool(wrong[entry.region.pair][y, x])

    large = [entry for entry in regions if entry.region.share >= _LEAST_SHARE]
    print(f"{len(photos)} pairs, {len(large)} regions of at least {100 * _LEAST_SHARE:.0f} %, {len(wrong)} made wrong")
    for share in (0.05, 0.1, 0.2):
        first = large[: round(share * len(large))]
        caught = {entry.region.pair for entry in first if is_wrong(entry)}
        print(
            f"in the first {100 * share:.0f} % of the regions: {len(caught)} ({100 * len(caught) / len(wrong):.0f} %)"
        )
        names = {photo.name for photo in photos[: round(share * len(photos))]}
        print(f"in the first {100 * share:.0f} % of the photos: {len(names & wrong.keys())}")


if __name__ == "__main__":
    main()
