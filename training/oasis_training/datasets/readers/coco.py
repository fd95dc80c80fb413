"""COCO's JSON files: panoptic segments, and instances as polygons or run lengths."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import FileBlob
from oasis_training.datasets.class_lists import parse_color
from oasis_training.datasets.label_images import FORMATS, pack
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, Blob, ClassList, Dataset, DatasetClass, Missing, SourcePair
from oasis_training.datasets.photos import Photo, PhotoIndex, open_image
from oasis_training.datasets.shapes import Draw, DrawnLabels, coco_runs, polygons
from oasis_training.datasets.sniff import mentions, some


class CocoPanopticReader:
    """``panoptic_*.json`` with its folder of segment pictures, and the photos anywhere below."""

    format = "coco-panoptic"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.97 if _panoptic_files(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        files = _panoptic_files(folder)
        maps = {path: _segment_folder(path) for path in files}
        photos = PhotoIndex(folder, tuple(maps.values()))
        classes: dict[int, DatasetClass] = {}
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in files:
            with _damage(path):
                data = _load(path)
                classes |= _categories(data)
                names = {image["id"]: str(image["file_name"]) for image in data["images"]}
                for entry in data["annotations"]:
                    name = f"{path.stem}/{Path(str(entry['file_name'])).stem}"
                    photo = photos.find(names[entry["image_id"]])
                    picture = maps[path] / Path(str(entry["file_name"])).name
                    if photo is None or not picture.is_file():
                        missing.append(Missing(name, "photo" if photo is None else "labels"))
                        continue
                    segments = {int(part["id"]): int(part["category_id"]) for part in entry["segments_info"]}
                    pairs.append(SourcePair(name, Photo(FileBlob(photo)), SegmentLabels(FileBlob(picture), segments)))
        return _dataset(self.format, folder, classes, pairs, missing)


@dataclass(frozen=True)
class SegmentLabels:
    """A picture whose colours number segments (R + 256 G + 65536 B, 0 for none), and the class of each."""

    blob: Blob
    segments: dict[int, int]

    def read(self) -> np.ndarray:
        image = np.asarray(open_image(self.blob.read(), self.blob.name, FORMATS).convert("RGB"))
        numbers = pack(image[..., ::-1])
        known, place = np.unique(numbers, return_inverse=True)
        ids = [self.segments.get(int(number), UNKNOWN) if number else NO_CLASS for number in known]
        ids = [class_id if 0 <= class_id <= NO_CLASS else UNKNOWN for class_id in ids]
        return np.array(ids, np.uint16)[place].reshape(numbers.shape)


class CocoInstancesReader:
    """``instances_*.json`` or any file of its form; large instances lie under small ones, crowds under all."""

    format = "coco-instances"
    takes_class_list = False

    def detect(self, folder: Path) -> float:
        return 0.85 if _instance_files(folder) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """Where nothing was annotated is no class: the format has no background."""
        photos = PhotoIndex(folder)
        classes: dict[int, DatasetClass] = {}
        pairs: list[SourcePair] = []
        missing: list[Missing] = []
        for path in _instance_files(folder):
            with _damage(path):
                data = _load(path)
                classes |= _categories(data)
                of_image: dict[Any, list[dict[str, Any]]] = defaultdict(list)
                for entry in data["annotations"]:
                    of_image[entry["image_id"]].append(entry)
                for image in data["images"]:
                    name = f"{path.stem}/{Path(str(image['file_name'])).stem}"
                    photo, instances = photos.find(str(image["file_name"])), of_image.get(image["id"])
                    if photo is None or not instances:
                        missing.append(Missing(name, "photo" if photo is None else "labels"))
                        continue
                    size = int(image["height"]), int(image["width"])
                    labels = DrawnLabels(_shapes(instances), _constant(size))
                    pairs.append(SourcePair(name, Photo(FileBlob(photo)), labels))
        return _dataset(self.format, folder, classes, pairs, missing)


def _shapes(instances: list[dict[str, Any]]) -> list[tuple[int, Draw]]:
    ordered = sorted(instances, key=lambda entry: (not entry.get("iscrowd"), -float(entry.get("area", 0))))
    shapes = []
    for entry in ordered:
        outline = entry.get("segmentation")
        if outline:
            draw = coco_runs(outline) if isinstance(outline, dict) else polygons(outline)
            shapes.append((int(entry["category_id"]), draw))
    return shapes


class _constant:  # noqa: N801 - reads as a function; a lambda in the loop would keep the last size only
    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size

    def __call__(self) -> tuple[int, int]:
        return self._size


class _damage:  # noqa: N801 - reads as a statement
    """Turns whatever a malformed annotation file causes into one sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError | TypeError | ValueError | AttributeError):
            raise StudioError(
                _("{path} is not in COCO's format: {error}.").format(path=self._path, error=repr(error))
            ) from error


def _load(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudioError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error


def _categories(data: dict[str, Any]) -> dict[int, DatasetClass]:
    found = {
        int(entry["id"]): DatasetClass(int(entry["id"]), str(entry["name"]), parse_color(entry.get("color")))
        for entry in data["categories"]
    }
    if not all(0 <= number < UNKNOWN for number in found):
        raise ValueError(_("a category's id is negative or above 65533"))
    return found


def _json_files(folder: Path) -> list[Path]:
    return sorted(some(folder, "*.json", 50) + some(folder, "annotations/*.json", 50))


def _panoptic_files(folder: Path) -> list[Path]:
    return [
        path
        for path in _json_files(folder)
        if _segment_folder(path).is_dir() and ("panoptic" in path.name.lower() or mentions(path, '"segments_info"'))
    ]


def _segment_folder(path: Path) -> Path:
    return path.with_suffix("")


def _instance_files(folder: Path) -> list[Path]:
    return [
        path
        for path in _json_files(folder)
        if path not in _panoptic_files(folder) and (path.name.startswith("instances") or _is_instances(path))
    ]


def _is_instances(path: Path) -> bool:
    return mentions(path, '"segmentation"', '"category_id"') and not mentions(path, '"segments_info"')


def _dataset(
    name: str, folder: Path, classes: dict[int, DatasetClass], pairs: list[SourcePair], missing: list[Missing]
) -> Dataset:
    if not pairs:
        raise StudioError(
            _("{folder} looks like {format}, but none of its annotations has a photo.").format(
                folder=folder, format=name
            ),
            _("Unpack the photos into the same folder as the annotations."),
        )
    ordered = tuple(classes[number] for number in sorted(classes))
    return Dataset(name, ordered, pairs, None, missing)
