"""What is wrong with a data set, found in one pass over its pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oasis_studio.core.disk.listing import PassedOver
from oasis_studio.errors import StudioError
from oasis_training.datasets.duplicates import near_duplicates, perceptual_hash
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, Dataset, DatasetClass, LabelNotes, Missing, SourcePair


@dataclass(frozen=True)
class Mismatch:
    """A label map of another size than its photo, (height, width) each."""

    name: str
    photo: tuple[int, int]
    labels: tuple[int, int]


@dataclass
class Findings:
    """Everything that a check found. Pixels are counted in every label map that could be read."""

    format: str
    classes: tuple[DatasetClass, ...]
    has_class_list: bool
    notes: tuple[str, ...] = ()
    pairs: int = 0
    pixels: Counter[int] = field(default_factory=Counter)
    """Of every class id."""
    maps: Counter[int] = field(default_factory=Counter)
    """Label maps that a class or unknown id occurs in."""
    unlabelled_pixels: int = 0
    unknown: Counter[int] = field(default_factory=Counter)
    """Pixels of ids that are no class; :data:`UNKNOWN` stands for colours and segments that no list has."""
    missing: list[Missing] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """(name, what the matter is), once for every pair whose photo or label map cannot be read."""
    shapes: list[tuple[str, str]] = field(default_factory=list)
    """(name of the pair, shape and why it could not be drawn)."""
    passed: PassedOver = field(default_factory=PassedOver)
    """Files that were not looked at."""
    blank: list[str] = field(default_factory=list)
    """Pairs in which no pixel has a class."""
    duplicates: list[list[str]] = field(default_factory=list)
    smallest: int = 0
    """Shortest side of any photo, in pixels."""

    @property
    def empty_classes(self) -> list[DatasetClass]:
        """Classes without a single pixel."""
        return [entry for entry in self.classes if not self.pixels[entry.id]]

    @property
    def usable(self) -> int:
        """How many pairs converting writes, if nothing else is asked for."""
        return self.pairs - len({name for name, _why in self.unreadable} | {each.name for each in self.mismatches})

    @property
    def is_sound(self) -> bool:
        """Nothing would be left out of a training, and no pixel would lose its class."""
        return bool(self.pairs) and not (
            self.missing or self.mismatches or self.unreadable or self.unknown or self.blank or self.shapes
        )

    def to_json(self) -> dict[str, Any]:
        total = sum(self.pixels.values()) + sum(self.unknown.values()) + self.unlabelled_pixels
        return {
            "format": self.format,
            "is_sound": self.is_sound,
            "pairs": self.pairs,
            "usable": self.usable,
            "shortest_side": self.smallest,
            "has_class_list": self.has_class_list,
            "classes": [
                {
                    "id": entry.id,
                    "name": entry.name,
                    "color": "#{:02x}{:02x}{:02x}".format(*entry.color) if entry.color else None,
                    "pixels": self.pixels[entry.id],
                    "share": self.pixels[entry.id] / max(total, 1),
                    "pairs": self.maps[entry.id],
                }
                for entry in self.classes
            ],
            "unlabelled_pixels": self.unlabelled_pixels,
            "unlabelled_share": self.unlabelled_pixels / max(total, 1),
            "unknown_ids": [
                {"id": None if number == UNKNOWN else number, "pixels": pixels, "pairs": self.maps[number]}
                for number, pixels in self.unknown.most_common()
            ],
            "empty_classes": [entry.name for entry in self.empty_classes],
            "missing": [{"name": entry.name, "part": entry.part} for entry in self.missing],
            "size_mismatches": [
                {"name": entry.name, "photo": list(entry.photo), "labels": list(entry.labels)}
                for entry in self.mismatches
            ],
            "unreadable": [{"name": name, "message": message} for name, message in self.unreadable],
            "blank": self.blank,
            "shapes": [{"name": name, "message": message} for name, message in self.shapes],
            "near_duplicates": self.duplicates,
            "notes": list(self.notes),
            "passed_over": [
                {"name": path.as_posix(), "reason": reason.value}
                for path, reason in sorted(self.passed.reasons.items())
            ],
        }


def check(dataset: Dataset, advance: Callable[[], object] = lambda: None) -> Findings:
    """Look at every pair once; ``advance`` is called after each. A bad pair is noted and never ends the check."""
    found = Findings(dataset.format, dataset.classes, bool(dataset.classes), passed=dataset.passed)
    notes = LabelNotes()
    names: list[str] = []
    hashes: list[int] = []
    counts = np.zeros(65536, np.int64)
    for pair in dataset.pairs:
        found.pairs += 1
        code = _look_at(pair, dataset, found, counts, notes)
        if code is not None:
            names.append(pair.name)
            hashes.append(code)
        advance()
    found.missing = list(dataset.missing)
    found.notes = (*dataset.notes, *notes.sentences(), *dataset.passed.sentences())
    _sort_counts(dataset, found, counts)
    found.duplicates = [[names[index] for index in group] for group in near_duplicates(hashes)]
    return found


def found_classes(counts: np.ndarray, unlabelled: int | None) -> tuple[DatasetClass, ...]:
    """Classes for ids that no list explains, from the pixels (65536,) of each."""
    nothing = {NO_CLASS, UNKNOWN, unlabelled}
    return tuple(DatasetClass(i, f"class {i}") for i in np.flatnonzero(counts).tolist() if i not in nothing)


def _look_at(pair: SourcePair, dataset: Dataset, found: Findings, counts: np.ndarray, notes: LabelNotes) -> int | None:
    """Note what is wrong with a pair; returns its photo's hash if there is a photo."""
    image = labels = None
    failures: dict[str, None] = {}
    try:
        image = pair.photo.read()
        found.smallest = min(found.smallest or 2**31, *image.shape[:2])
    except StudioError as error:
        failures[error.message] = None
    try:
        labels = pair.labels.read(notes)
    except StudioError as error:
        failures[error.message] = None
    if failures:
        found.unreadable.append((pair.name, " ".join(failures)))
    found.shapes += [(pair.name, shape) for shape in notes.shapes]
    notes.shapes.clear()
    if labels is not None:
        here = np.bincount(labels.ravel(), minlength=65536)
        counts += here
        present = np.flatnonzero(here).tolist()
        found.maps.update(present)
        ids = {entry.id for entry in dataset.classes}
        nothing = {NO_CLASS, UNKNOWN, dataset.unlabelled}
        if not any(number in ids if ids else number not in nothing for number in present):
            found.blank.append(pair.name)
        if image is not None and image.shape[:2] != labels.shape:
            height, width = image.shape[:2]
            found.mismatches.append(Mismatch(pair.name, (height, width), (labels.shape[0], labels.shape[1])))
    return None if image is None else perceptual_hash(image)


def _sort_counts(dataset: Dataset, found: Findings, counts: np.ndarray) -> None:
    if not dataset.classes:
        found.classes = found_classes(counts, dataset.unlabelled)
    ids = {entry.id for entry in found.classes}
    for number in np.flatnonzero(counts).tolist():
        pixels = int(counts[number])
        if number in ids:
            found.pixels[number] = pixels
        elif number in (NO_CLASS, dataset.unlabelled):
            found.unlabelled_pixels += pixels
        else:
            found.unknown[number] = pixels
