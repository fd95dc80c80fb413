"""How many label errors the dataset doctor finds that were put into real data.

``python -m tests.benchmarks.doctor FOLDER [--model outdoor] [--pairs 120]``: in one region of every twenty, of those
that cover at least 2 % of their photo, the class is exchanged for any other.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.model import Dataset, SourcePair
from oasis_training.doctor.doctor import SuspectPhoto, SuspectRegion, class_table, diagnose
from oasis_training.doctor.suspicion import LabelledRegion

from oasis_studio.core.models.library import default_library
from oasis_studio.synthesis.photos.reading import PhotoReader

_LEAST_SHARE = 0.02
_ONE_IN = 20


@dataclass(frozen=True)
class Labels:
    """A label map in memory."""

    ids: np.ndarray

    def read(self) -> np.ndarray:
        return self.ids


def spoiled(pairs: list[SourcePair], classes: int, table: np.ndarray) -> tuple[list[SourcePair], dict[str, np.ndarray]]:
    """The pairs, some with a wrong region, and by their names where that is; at most one in a photo."""
    draws = np.random.default_rng(0)
    result, wrong = [], {}
    for pair in pairs:
        labels = table[pair.labels.read()]
        chosen = [region for region in large_regions(labels, classes) if draws.random() < 1 / _ONE_IN]
        if chosen:
            region = wrong[pair.name] = chosen[0]
            others = [other for other in range(classes) if other != labels[region][0]]
            labels = np.where(region, draws.choice(others), labels).astype(np.uint8)
        result.append(SourcePair(pair.name, pair.photo, Labels(labels)))
    return result, wrong


def large_regions(labels: np.ndarray, classes: int) -> Iterator[np.ndarray]:
    """(H, W) bool of every connected piece of a class that is large enough."""
    for label in np.unique(labels[labels < classes]).tolist():
        count, pieces = cv2.connectedComponents((labels == label).astype(np.uint8), connectivity=4)
        for number in range(1, count):
            region = pieces == number
            if region.mean() >= _LEAST_SHARE:
                yield region


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
    _print(found.regions, found.photos, wrong)


def _print(regions: list[SuspectRegion], photos: list[SuspectPhoto], wrong: dict[str, np.ndarray]) -> None:
    def is_wrong(region: LabelledRegion) -> bool:
        x, y = region.point
        return region.pair in wrong and bool(wrong[region.pair][y, x])

    large = [entry.region for entry in regions if entry.region.share >= _LEAST_SHARE]
    print(f"{len(photos)} pairs, {len(large)} regions of at least {100 * _LEAST_SHARE:.0f} %, {len(wrong)} made wrong")
    for share in (0.05, 0.1, 0.2):
        caught = {region.pair for region in large[: round(share * len(large))] if is_wrong(region)}
        names = {photo.name for photo in photos[: round(share * len(photos))]} & wrong.keys()
        found = f"{len(caught)} ({100 * len(caught) / len(wrong):.0f} %)"
        print(f"the first {100 * share:.0f} %: {found} of the wrong regions; of photos with one: {len(names)}")


if __name__ == "__main__":
    main()
