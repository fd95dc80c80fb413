"""Stanford Background: label maps as text, one number a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oasis_studio.core.disk.listing import PassedOver, list_files, list_photos
from oasis_studio.core.disk.whole_files import decode_text
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.model import (
    NO_CLASS,
    UNKNOWN,
    Blob,
    ClassList,
    Dataset,
    DatasetClass,
    LabelNotes,
    Missing,
    SourcePair,
    broken_pair,
)
from oasis_training.datasets.photo_index import AmbiguousPhoto, PhotoIndex
from oasis_training.datasets.photos import Photo
from oasis_training.datasets.sniff import child, some

NAMES = ("sky", "tree", "road", "grass", "water", "building", "mountain", "foreground object")
_ENDING = ".regions.txt"


class StanfordBackgroundReader:
    """``images/*.jpg`` and ``labels/*.regions.txt``; negative numbers are unlabelled."""

    format = "stanford-background"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.97 if some(folder, f"labels/*{_ENDING}", 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        passed = PassedOver()
        images, maps = child(folder, "images"), child(folder, "labels")
        photos = PhotoIndex(list_photos(images, passed=passed), images)
        used: set[Path] = set()
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in list_files(maps, passed=passed):
            if not path.name.endswith(_ENDING):
                continue
            name = path.relative_to(maps).as_posix().removesuffix(_ENDING)
            try:
                photo = photos.named(images / "any", f"{name}.jpg")
            except AmbiguousPhoto as error:
                pairs.append(broken_pair(name, error.message))
                continue
            if photo is None:
                missing.append(Missing(name, "photo"))
            else:
                used.add(photo)
                pairs.append(SourcePair(name, Photo(FileBlob(photo)), TextLabels(FileBlob(path))))
        missing += [Missing(path.stem, "labels") for path in photos if path not in used]
        if not used:
            raise StudioError(_("No label map in {folder} has its photo.").format(folder=folder))
        classes = tuple(DatasetClass(index, name) for index, name in enumerate(NAMES))
        return Dataset(self.format, classes, pairs, None, missing, passed=passed)


@dataclass(frozen=True)
class TextLabels:
    """Lines of numbers; negative ones have no class."""

    blob: Blob

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        text = decode_text(self.blob.read(), self.blob.name)
        try:
            numbers = np.array([line.split() for line in text.splitlines() if line.strip()], np.int64)
        except (ValueError, OverflowError) as error:
            raise StudioError(_("{name} is no text of numbers in equal lines.").format(name=self.blob.name)) from error
        if numbers.ndim != 2:
            raise StudioError(_("{name} is no text of numbers in equal lines.").format(name=self.blob.name))
        labels = np.where(numbers < 0, NO_CLASS, numbers)
        return np.where(numbers > NO_CLASS, UNKNOWN, labels).astype(np.uint16)
