"""Photos and label maps that belong together by their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from oasis_studio.core.disk.listing import PassedOver, Reason
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.model import LabelSource, Missing, SourcePair
from oasis_training.datasets.photos import Photo

_ENDINGS = re.compile(
    r"(?:_gtfine|_gtcoarse)?[_\-.](?:labelids|labeltrainids|label|labels|mask|masks|seg|segmentation|gt|annotation|"
    r"color|l|p|leftimg8bit|image|img|photo|rgb)$"
)


def match(
    photos: Iterable[Path],
    photo_root: Path,
    labels: Iterable[Path],
    label_root: Path,
    passed: PassedOver | None = None,
) -> tuple[list[tuple[str, Path, Path]], list[Missing]]:
    """((name, photo, label map) sorted by name, what has no partner).

    Files match by their path below the roots without ending; those left over, by that without a suffix such as
    ``_labelIds`` or ``_L``, and in whatever case. Where two differ only in their ending, the first by name is taken
    and the other noted in ``passed``.
    """
    photo_of, label_of = _by_path(photos, photo_root, passed), _by_path(labels, label_root, passed)
    found = [(name, photo_of.pop(name), label_of.pop(name)) for name in sorted(photo_of.keys() & label_of.keys())]
    short = {_short(name): name for name in sorted(label_of, reverse=True)}
    for name in sorted(photo_of):
        partner = short.get(_short(name)) or short.get(name.casefold())
        if partner in label_of:
            found.append((name, photo_of.pop(name), label_of.pop(partner)))
    missing = [Missing(name, "labels") for name in photo_of] + [Missing(name, "photo") for name in label_of]
    return sorted(found), sorted(missing, key=lambda entry: entry.name)


def file_pairs(
    matched: Iterable[tuple[str, Path, Path]], labels: Callable[[FileBlob], LabelSource], prefix: str = ""
) -> list[SourcePair]:
    """Pairs of whole files."""
    return [SourcePair(prefix + name, Photo(FileBlob(photo)), labels(FileBlob(path))) for name, photo, path in matched]


def _by_path(files: Iterable[Path], root: Path, passed: PassedOver | None) -> dict[str, Path]:
    """The files by their path without ending, accents and syllables composed: systems write them in two ways."""
    found: dict[str, Path] = {}
    for path in sorted(files):
        name = unicodedata.normalize("NFC", path.relative_to(root).with_suffix("").as_posix())
        if found.setdefault(name, path) != path and passed is not None:
            passed.note(path, Reason.TWIN)
    return found


def _short(name: str) -> str:
    return _ENDINGS.sub("", name.casefold())
