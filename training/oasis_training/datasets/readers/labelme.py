"""LabelMe: a JSON file beside every photo, with named polygons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import EncodedBlob, FileBlob
from oasis_training.datasets.class_lists import find_class_list
from oasis_training.datasets.label_images import FORMATS
from oasis_training.datasets.model import NO_CLASS, Blob, ClassList, Dataset, DatasetClass, Missing, SourcePair
from oasis_training.datasets.photos import Photo, PhotoIndex, open_image, picture_size
from oasis_training.datasets.shapes import Draw, DrawnLabels, box, ellipse, polygons, stamp
from oasis_training.datasets.sniff import mentions, some

_NOT_CLASSES = {"__ignore__", "_background_"}


class LabelMeReader:
    """Classes are the names of the shapes; a list in the folder gives them an order. Later shapes cover earlier."""

    format = "labelme"
    takes_class_list = True

    def detect(self, folder: Path) -> float:
        files = some(folder, "*.json") + some(folder, "*/*.json")
        return 0.9 if any(mentions(path, '"shapes"', '"imagePath"') for path in files) else 0.0

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        photos = PhotoIndex(folder)
        documents: list[tuple[str, Path, dict[str, Any]]] = []
        missing: list[Missing] = []
        broken: list[tuple[str, Path]] = []
        for path in sorted(folder.rglob("*.json")):
            name = path.relative_to(folder).with_suffix("").as_posix()
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                broken.append((name, path))
                continue
            if isinstance(data, dict) and isinstance(data.get("shapes"), list) and "imagePath" in data:
                documents.append((name, path, data))
        listed = given or find_class_list(folder) or ClassList(())
        ids = {entry.name: entry.id for entry in listed.classes}
        names = sorted({_label(shape) for _name, _path, data in documents for shape in data["shapes"]} - _NOT_CLASSES)
        for name in names:
            ids.setdefault(name, max(ids.values(), default=-1) + 1)
        pairs = [SourcePair(name, Photo(FileBlob(path)), Unreadable(path)) for name, path in broken]
        for name, path, data in documents:
            photo = _photo(path, data, photos)
            if photo is None:
                missing.append(Missing(name, "photo"))
            else:
                labels = LabelMeLabels(path, data, ids, photo)
                pairs.append(SourcePair(name, Photo(photo), labels))
        used = {path for path in (_find(path, data, photos) for _name, path, data in documents) if path}
        missing += [
            Missing(p.relative_to(folder).with_suffix("").as_posix(), "labels") for p in photos if p not in used
        ]
        if not pairs:
            raise StudioError(_("No LabelMe file in {folder} has its photo.").format(folder=folder))
        colors = {entry.name: entry.color for entry in listed.classes}
        classes = tuple(DatasetClass(number, name, colors.get(name)) for name, number in ids.items())
        return Dataset(self.format, classes, pairs, None, missing)


class Unreadable:
    """The labels of a file that is no JSON."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> np.ndarray:
        raise StudioError(_("{path} is damaged and cannot be read.").format(path=self._path))


class LabelMeLabels:
    """The shapes of one file, drawn."""

    def __init__(self, path: Path, data: dict[str, Any], ids: dict[str, int], photo: Blob) -> None:
        self._path, self._ids, self._photo = path, ids, photo
        self._shapes = data["shapes"]
        self._size = data.get("imageHeight"), data.get("imageWidth")

    def read(self) -> np.ndarray:
        try:
            shapes = [
                (self._ids.get(_label(shape), NO_CLASS), draw) for shape in self._shapes if (draw := _draw(shape))
            ]
            return DrawnLabels(shapes, self._height_width).read()
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise StudioError(
                _("{path} has a shape that cannot be drawn: {error}.").format(path=self._path, error=error)
            ) from error

    def _height_width(self) -> tuple[int, int]:
        height, width = self._size
        return (int(height), int(width)) if height and width else picture_size(self._photo)


def _draw(shape: dict[str, Any]) -> Draw | None:
    """The area of a shape; points and lines have none."""
    points = [(float(x), float(y)) for x, y in shape["points"]]
    match shape.get("shape_type") or "polygon":
        case "polygon":
            return polygons([[value for point in points for value in point]])
        case "rectangle":
            xs, ys = [x for x, _y in points], [y for _x, y in points]
            return box(min(xs), min(ys), max(xs), max(ys))
        case "circle":
            (x, y), (edge_x, edge_y) = points
            radius = float(np.hypot(edge_x - x, edge_y - y))
            return ellipse(x, y, radius, radius)
        case "mask":
            return _mask(shape, points)
    return None


def _mask(shape: dict[str, Any], points: list[tuple[float, float]]) -> Draw:
    picture = open_image(EncodedBlob("mask", shape["mask"]).read(), "mask", FORMATS)
    return stamp(np.asarray(picture.convert("L")) > 0, round(points[0][0]), round(points[0][1]))


def _label(shape: Any) -> str:
    return str(shape.get("label", "")) if isinstance(shape, dict) else ""


def _find(path: Path, data: dict[str, Any], photos: PhotoIndex) -> Path | None:
    return photos.find(str(data["imagePath"]))


def _photo(path: Path, data: dict[str, Any], photos: PhotoIndex) -> Blob | None:
    found = _find(path, data, photos)
    if found is not None:
        return FileBlob(found)
    text = data.get("imageData")
    return EncodedBlob(path.stem + ".png", text) if isinstance(text, str) and text else None
