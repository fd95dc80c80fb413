"""Stanford Background: label maps as text, one number a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, Blob, ClassList, Dataset, DatasetClass, Missing, SourcePair
from oasis_training.datasets.photos import Photo, PhotoIndex
from oasis_training.datasets.sniff import some

NAMES = ("sky", "tree", "road", "grass", "water", "building", "mountain", "foreground object")
_ENDING = ".regions.txt"


class StanfordBackgroundReader:
    """``images/*.jpg`` and ``labels/*.regions.txt``; negative numbers are unlabelled."""

    format = "stanford-background"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.97 if some(folder, f"labels/*{_ENDING}", 1) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        photos = PhotoIndex(folder / "images")
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in sorted((folder / "labels").glob(f"*{_ENDING}")):
            name = path.name.removesuffix(_ENDING)
            photo = photos.stem(name)
            if photo is None:
                missing.append(Missing(name, "photo"))
            else:
                pairs.append(SourcePair(name, Photo(FileBlob(photo)), TextLabels(FileBlob(path))))
        labelled = {pair.name for pair in pairs}
        missing += [Missing(path.stem, "labels") for path in photos if path.stem not in labelled]
        if not pairs:
            raise StudioError(_("No label map in {folder} has its photo.").format(folder=folder))
        classes = tuple(DatasetClass(index, name) for index, name in enumerate(NAMES))
        return Dataset(self.format, classes, pairs, None, missing)


@dataclass(frozen=True)
class TextLabels:
    """Lines of numbers; negative ones have no class."""

    blob: Blob

    def read(self) -> np.ndarray:
        try:
            rows = [line.split() for line in self.blob.read().decode("ascii").splitlines() if line.strip()]
            numbers = np.array(rows, np.int64)
        except (ValueError, UnicodeDecodeError, OverflowError) as error:
            raise StudioError(_("{name} is no text of numbers in equal lines.").format(name=self.blob.name)) from error
        if numbers.ndim != 2:
            raise StudioError(_("{name} is no text of numbers in equal lines.").format(name=self.blob.name))
        labels = np.where(numbers < 0, NO_CLASS, numbers)
        return np.where(numbers > NO_CLASS, UNKNOWN, labels).astype(np.uint16)
