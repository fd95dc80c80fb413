"""LabelMe: a JSON file beside every photo, with named shapes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oasis_studio.core.disk.listing import PassedOver, list_files, list_photos
from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import EncodedBlob, FileBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.model import (
    NO_CLASS,
    Blob,
    ClassList,
    Dataset,
    DatasetClass,
    Missing,
    SourcePair,
    broken_pair,
)
from oasis_training.datasets.photo_index import AmbiguousPhoto, PhotoIndex
from oasis_training.datasets.photos import Photo
from oasis_training.datasets.readers.labelme_shapes import area_of, kind_of, label_of
from oasis_training.datasets.shapes import DrawnLabels, Shape, stated_size
from oasis_training.datasets.sniff import mentions, some
from oasis_training.datasets.values import entries

_NOT_CLASSES = {"__ignore__", "_background_"}


class LabelMeReader:
    """Classes are the names of the shapes; a list in the folder gives them an order. Later shapes cover earlier."""

    format = "labelme"
    takes_class_list = True

    def detect(self, folder: Path) -> float:
        files = some(folder, "*.json") + some(folder, "*/*.json")
        return 0.9 if any(mentions(path, '"shapes"', '"imagePath"') for path in files) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        passed = PassedOver()
        photos = PhotoIndex(list_photos(folder, passed=passed), folder)
        found = [
            _Annotation.read(path, folder, photos) for path in list_files(folder) if path.suffix.lower() == ".json"
        ]
        annotations = [each for each in found if each is not None]
        ids, classes = _classes(given or find_class_list(folder) or ClassList(()), annotations)
        pairs = [pair for each in annotations if (pair := each.pair(ids)) is not None]
        missing = [Missing(each.name, "photo") for each in annotations if each.problem is None and each.photo is None]
        used = {each.file for each in annotations}
        alone = [path for path in photos if path not in used]
        missing += [Missing(path.relative_to(folder).with_suffix("").as_posix(), "labels") for path in alone]
        if not pairs:
            raise StudioError(_("No LabelMe file in {folder} has its photo.").format(folder=folder))
        return Dataset(self.format, classes, pairs, None, missing, passed=passed)


@dataclass(frozen=True)
class _Annotation:
    """One JSON file. ``photo`` is None if it is nowhere; ``problem`` says why the file cannot be used, if it cannot."""

    name: str
    shapes: list[Any]
    height: Any = None
    width: Any = None
    photo: Blob | None = None
    problem: str | None = None

    @property
    def file(self) -> Path | None:
        """The file of the photo, if it is one."""
        return self.photo.path if isinstance(self.photo, FileBlob) else None

    @classmethod
    def read(cls, path: Path, folder: Path, photos: PhotoIndex) -> _Annotation | None:
        """None for a JSON file that is no annotation."""
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            data = read_json(path)
        except StudioError as error:
            return cls(name, [], problem=error.message)
        if not isinstance(data, dict) or not isinstance(data.get("shapes"), list):
            return None
        try:
            photo = _photo(path, data, photos)
        except AmbiguousPhoto as error:
            return cls(name, data["shapes"], problem=error.message)
        return cls(name, data["shapes"], data.get("imageHeight"), data.get("imageWidth"), photo)

    def pair(self, ids: dict[str, int]) -> SourcePair | None:
        """The pair, or what stands for one that cannot be used; None if there is no photo."""
        if self.problem is not None:
            return broken_pair(self.name, self.problem)
        if self.photo is None:
            return None
        shapes = [
            Shape(ids.get(label_of(shape), NO_CLASS), f"{kind_of(shape)} “{label_of(shape)}”", area_of(shape))
            for shape in self.shapes
        ]
        labels = DrawnLabels(shapes, stated_size(self.height, self.width, self.photo))
        return SourcePair(self.name, Photo(self.photo), labels)


def _photo(path: Path, data: dict[str, Any], photos: PhotoIndex) -> Blob | None:
    """The file of the photo, or what the annotation holds of it."""
    inside = data.get("imageData")
    embedded = EncodedBlob(path.stem + ".png", inside) if isinstance(inside, str) and inside else None
    written = data.get("imagePath")
    try:
        found = photos.beside(path, written if isinstance(written, str) else "")
    except AmbiguousPhoto:
        if embedded is None:
            raise
        return embedded
    return embedded if found is None else FileBlob(found)


def _classes(listed: ClassList, annotations: list[_Annotation]) -> tuple[dict[str, int], tuple[DatasetClass, ...]]:
    """The id of every name of a shape, and the classes: those of the list first."""
    ids = {entry.name: entry.id for entry in listed.classes}
    names = {label_of(shape) for each in annotations for shape in entries(each.shapes)} - _NOT_CLASSES - {""}
    for name in sorted(names):
        ids.setdefault(name, max(ids.values(), default=-1) + 1)
    colors = {entry.name: entry.color for entry in listed.classes}
    return ids, tuple(DatasetClass(number, name, colors.get(name)) for name, number in ids.items())
