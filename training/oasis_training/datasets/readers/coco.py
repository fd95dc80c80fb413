"""COCO's JSON files: panoptic segments, and instances as polygons or run lengths."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.core.classes.nearest import packed
from oasis_studio.core.disk.endings import LABEL_FORMATS
from oasis_studio.core.disk.listing import PassedOver, list_photos
from oasis_studio.core.files.pictures.picture import open_picture
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
from oasis_training.datasets.readers.coco_file import Categories, CocoFile, shapes_of
from oasis_training.datasets.shapes import DrawnLabels, stated_size
from oasis_training.datasets.sniff import mentions, some
from oasis_training.datasets.values import entries, key, whole


class CocoPanopticReader:
    """``panoptic_*.json`` with its folder of segment pictures, and the photos anywhere below."""

    format = "coco-panoptic"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.97 if _panoptic_files(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        files = _panoptic_files(folder)
        found = _Found(folder, files, self.format, tuple(_segment_folder(path) for path in files))
        for name, file in found.files():
            for index, entry in enumerate(file.annotations):
                try:
                    found.add(_panoptic_pair(name, file, entry, found))
                except StudioError as error:
                    found.add(broken_pair(f"{name}/{index}", error.message))
        return found.dataset()


def _panoptic_pair(prefix: str, file: CocoFile, entry: dict[str, Any], found: _Found) -> SourcePair | Missing:
    written = str(entry.get("file_name", ""))
    image = file.images.get(key(entry.get("image_id")))
    name = f"{prefix}/{Path(written).stem}"
    if image is None:
        raise StudioError(_("its image {image} is not listed").format(image=key(entry.get("image_id"))))
    photo = found.photos.named(file.path, str(image.get("file_name", "")))
    picture = _segment_folder(file.path) / Path(written).name
    if photo is None or not picture.is_file():
        return Missing(name, "photo" if photo is None else "labels")
    segments = {
        whole(part["id"]): found.categories.id_of(file, part.get("category_id"))
        for part in entries(entry.get("segments_info"))
        if isinstance(part, dict) and "id" in part
    }
    return SourcePair(name, Photo(FileBlob(photo)), SegmentLabels(FileBlob(picture), segments))


@dataclass(frozen=True)
class SegmentLabels:
    """A picture whose colours number segments (R + 256 G + 65536 B, 0 for none), and the class of each."""

    blob: Blob
    segments: dict[int, int]

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        picture = open_picture(self.blob.read(), self.blob.name, LABEL_FORMATS)
        numbers = packed(picture.upright(picture.converted("RGB"))[..., ::-1])
        known, place = np.unique(numbers, return_inverse=True)
        ids = [self.segments.get(int(number), UNKNOWN) if number else NO_CLASS for number in known]
        return np.array(ids, np.uint16)[place].reshape(numbers.shape)


class CocoInstancesReader:
    """``instances_*.json`` or any file of its form; large instances lie under small ones, crowds under all."""

    format = "coco-instances"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.85 if _instance_files(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """Where nothing was annotated is no class: the format has no background."""
        found = _Found(folder, _instance_files(folder), self.format)
        for name, file in found.files():
            of_image, strays = file.by_image(), file.strays()
            if strays:
                found.add(broken_pair(name, strays))
            for number, image in file.images.items():
                found.add(_instance_pair(name, file, number, image, of_image.get(number, []), found))
        return found.dataset()


def _instance_pair(
    prefix: str, file: CocoFile, number: str, image: dict[str, Any], instances: list[dict[str, Any]], found: _Found
) -> SourcePair | Missing:
    written = str(image.get("file_name") or "")
    name = f"{prefix}/{_pair_name(written) or number}"
    try:
        photo = found.photos.named(file.path, written)
    except AmbiguousPhoto as error:
        return broken_pair(name, error.message)
    if photo is None or not instances:
        return Missing(name, "photo" if photo is None else "labels")
    blob = FileBlob(photo)
    size = stated_size(image.get("height"), image.get("width"), blob)
    return SourcePair(name, Photo(blob), DrawnLabels(shapes_of(instances, file, found.categories), size))


class _Found:
    """What the files of a data set hold, gathered one after the other; a file that cannot be read is a broken pair."""

    def __init__(self, folder: Path, files: list[Path], name: str, no_photos: tuple[Path, ...] = ()) -> None:
        self._folder, self._name = folder, name
        self._passed = PassedOver()
        photos = list_photos(folder, passed=self._passed)
        self.photos = PhotoIndex(
            [path for path in photos if not any(path.is_relative_to(place) for place in no_photos)], folder
        )
        self.categories = Categories()
        self._pairs: list[SourcePair] = []
        self._missing: list[Missing] = []
        self._failures: list[StudioError] = []
        self._files: list[tuple[str, CocoFile]] = []
        for prefix, path in _prefixes(folder, files):
            try:
                file = CocoFile.read(path)
            except StudioError as error:
                self._failures.append(error)
                self._pairs.append(broken_pair(path.relative_to(folder).as_posix(), error.message))
                continue
            self.categories.adopt(file)
            self._files.append((prefix, file))
            self._pairs += [broken_pair(prefix, problem) for problem in file.problems]

    def files(self) -> list[tuple[str, CocoFile]]:
        """(prefix of the names of its pairs, file)."""
        return self._files

    def add(self, entry: SourcePair | Missing) -> None:
        if isinstance(entry, Missing):
            self._missing.append(entry)
        else:
            self._pairs.append(entry)

    def dataset(self) -> Dataset:
        """StudioError if there is no pair at all, not even a broken one besides the files that cannot be read."""
        if len(self._pairs) == len(self._failures):
            if self._failures:
                raise self._failures[0]
            raise StudioError(
                _("{folder} looks like {format}, but none of its annotations has a photo.").format(
                    folder=self._folder, format=self._name
                ),
                _("Unpack the photos into the same folder as the annotations."),
            )
        classes: tuple[DatasetClass, ...] = self.categories.classes
        return Dataset(self._name, classes, self._pairs, None, self._missing, passed=self._passed)


def _prefixes(folder: Path, files: list[Path]) -> list[tuple[str, Path]]:
    """What the names of pairs begin with: the file's name, or where files of one name lie in several folders, those."""
    counts = Counter(path.stem for path in files)
    found = []
    for path in files:
        place = path.parent.relative_to(folder).as_posix()
        alone = sum(other.parent == path.parent for other in files) == 1
        prefix = path.stem if counts[path.stem] == 1 else place if alone and place != "." else f"{place}/{path.stem}"
        found.append((prefix, path))
    return found


def _pair_name(written: str) -> str:
    """The path that a file names, without ending and without what leads out of the folder or names a drive."""
    path = Path(written.replace("\\", "/"))
    path = path.with_suffix("") if path.name else path
    return "/".join(part for part in path.parts if part not in ("..", "/") and not part.endswith(":"))


def _json_files(folder: Path) -> list[Path]:
    return sorted(some(folder, "*.json", 50) + some(folder, "*/*.json", 50))


def _panoptic_files(folder: Path) -> list[Path]:
    return [
        path
        for path in _json_files(folder)
        if _segment_folder(path).is_dir() and ("panoptic" in path.name.lower() or mentions(path, '"segments_info"'))
    ]


def _segment_folder(path: Path) -> Path:
    return path.with_suffix("")


def _instance_files(folder: Path) -> list[Path]:
    panoptic = set(_panoptic_files(folder))
    return [
        path
        for path in _json_files(folder)
        if path not in panoptic and (path.name.startswith("instances") or _is_instances(path))
    ]


def _is_instances(path: Path) -> bool:
    return mentions(path, '"segmentation"', '"category_id"') and not mentions(path, '"segments_info"')
