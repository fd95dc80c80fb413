"""Side-by-side pairs as pix2pix has them: photo and label map are the halves of one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from oasis_studio.core.classes.nearest import packed
from oasis_studio.core.disk.listing import PassedOver, list_photos
from oasis_studio.core.files.pictures.photo import photo_size
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import HalfLabels, known_classes
from oasis_training.datasets.model import ClassList, Dataset, DatasetClass, SourcePair
from oasis_training.datasets.photos import HalfPhoto, Photo, half
from oasis_training.datasets.sniff import subfolders

Side = Literal["left", "right"]

_NARROWEST, _WIDEST = 1.6, 2.7
_LOOK_AT = 12
_CLEARLY_PLAINER = 1.0
"""Bits of entropy by which the colours of a label map stay behind those of its photo."""
_SMALLEST_SHARE = 0.001
_NEAR = 40
"""Colours closer than this in every channel are one colour, smeared by JPEG."""
_MOST_CLASSES = 64


class SideBySideReader:
    """The plainer half holds the labels; without a class list its main colours are the classes."""

    format = "side-by-side"
    takes_class_list = True

    def detect(self, folder: Path) -> float:
        places = (folder, *subfolders(folder))  # and no deeper: it may be any folder at all
        try:
            files = next((found for place in places if (found := list_photos(place, is_deep=False))), [])[:4]
            return 0.5 if files and all(_is_wide(path) for path in files) and _plain_side(files) else 0.0
        except StudioError:
            return 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        passed = PassedOver()
        files = list_photos(folder, passed=passed)
        if not files:
            raise StudioError(_("There are no photos in {folder}.").format(folder=folder))
        sample = files[:: max(1, len(files) // _LOOK_AT)]
        side = _plain_side(sample)
        if side is None:
            raise StudioError(
                _("Neither half of the pictures in {folder} looks like a label map.").format(folder=folder)
            )
        listed = given or find_class_list(folder)
        if listed is None or not any(entry.color for entry in listed.classes):
            listed = ClassList(_main_colors(sample, side))
        known = known_classes(listed)
        other: Side = "right" if side == "left" else "left"
        pairs = [
            SourcePair(
                path.relative_to(folder).with_suffix("").as_posix(),
                HalfPhoto(FileBlob(path), other),
                HalfLabels(FileBlob(path), side, known),
            )
            for path in files
        ]
        return Dataset(self.format, listed.classes, pairs, listed.unlabelled, passed=passed)


def _is_wide(path: Path) -> bool:
    height, width = photo_size(FileBlob(path).read(), path.name)
    return _NARROWEST * height <= width <= _WIDEST * height


def _plain_side(files: list[Path]) -> Side | None:
    """The half with clearly fewer colours; None where the pictures do not agree."""
    balance = []
    for path in files:
        try:
            image = Photo(FileBlob(path)).read()
        except StudioError:
            continue
        balance.append(_entropy(half(image, "left")) - _entropy(half(image, "right")))
    if not balance or abs(float(np.median(balance))) < _CLEARLY_PLAINER:
        return None
    return "right" if float(np.median(balance)) > 0 else "left"


def _entropy(image: np.ndarray) -> float:
    """Bits per pixel of the colours, at 4 bits a channel."""
    counts = np.bincount((image >> 4).astype(np.int64).reshape(-1, 3) @ np.array([256, 16, 1]))
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())


def _main_colors(files: list[Path], side: Side) -> tuple[DatasetClass, ...]:
    """The commonest colours that are not near a commoner one, as classes named after them."""
    counts: dict[int, int] = {}
    for path in files:
        try:
            image = half(Photo(FileBlob(path)).read(), side)
        except StudioError:
            continue
        values, numbers = np.unique(packed(image[_is_flat(image)]), return_counts=True)
        for value, number in zip(values.tolist(), numbers.tolist(), strict=True):
            counts[value] = counts.get(value, 0) + number
    total = sum(counts.values())
    chosen: list[tuple[int, int, int]] = []
    for value, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        color = value >> 16, value >> 8 & 255, value & 255
        if count < total * _SMALLEST_SHARE or len(chosen) == _MOST_CLASSES:
            break
        if all(max(abs(a - b) for a, b in zip(color, other, strict=True)) >= _NEAR for other in chosen):
            chosen.append(color)
    return tuple(DatasetClass(index, "#{:02x}{:02x}{:02x}".format(*c), c) for index, c in enumerate(chosen))


def _is_flat(image: np.ndarray) -> np.ndarray:
    """(H, W) bool: away from borders, where JPEG makes colours that nobody painted."""
    around = np.ones((5, 5), np.uint8)
    spread = cv2.dilate(image, around).astype(np.int16) - cv2.erode(image, around)
    return spread.max(axis=2) < _NEAR
