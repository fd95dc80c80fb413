"""Photos and label maps that belong together by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.model import LabelSource, Missing, SourcePair
from oasis_training.datasets.photos import Photo

_ENDINGS = re.compile(
    r"(?:_gtfine|_gtcoarse)?[_\-.](?:labelids|labeltrainids|label|labels|mask|masks|seg|segmentation|gt|annotation|"
    r"color|l|p|leftimg8bit|image|img|photo|rgb)$"
)


def match(
    photos: Iterable[Path], photo_root: Path, labels: Iterable[Path], label_root: Path
) -> tuple[list[tuple[str, Path, Path]], list[Missing]]:
    """((name, photo, label map) sorted by name, what has no partner).

    Files match by their path below the roots without ending; those left over, by that without a suffix such as
    ``_labelIds`` or ``_L``. Where two photos differ only in their ending, the first by name is taken.
    """
    photo_of, label_of = _by_path(photos, photo_root), _by_path(labels, label_root)
    found = [(name, photo_of.pop(name), label_of.pop(name)) for name in sorted(photo_of.keys() & label_of.keys())]
    short = {_ENDINGS.sub("", name.lower()): name for name in sorted(label_of, reverse=True)}
    for name in sorted(photo_of):
        partner = short.get(_ENDINGS.sub("", name.lower())) or short.get(name.lower())
        if partner in label_of:
            found.append((name, photo_of.pop(name), label_of.pop(partner)))
    missing = [Missing(name, "labels") for name in photo_of] + [Missing(name, "photo") for name in label_of]
    return sorted(found), sorted(missing, key=lambda entry: entry.name)


def file_pairs(
    matched: Iterable[tuple[str, Path, Path]], labels: Callable[[FileBlob], LabelSource], prefix: str = ""
) -> list[SourcePair]:
    """Pairs of whole files."""
    return [SourcePair(prefix + name, Photo(FileBlob(photo)), labels(FileBlob(path))) for name, photo, path in matched]


def _by_path(files: Iterable[Path], root: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(files):
        found.setdefault(path.relative_to(root).with_suffix("").as_posix(), path)
    return found
