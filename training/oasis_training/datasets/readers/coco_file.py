"""One JSON file in COCO's format, read as it is meant: numbers as text, flat rings and missing areas too."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.datasets.class_lists import parse_color
from oasis_training.datasets.model import UNKNOWN, DatasetClass
from oasis_training.datasets.shapes import Draw, Shape, coco_runs, polygons
from oasis_training.datasets.values import entries, key, number, points

_FIRST = 5


@dataclass(frozen=True)
class CocoFile:
    """``images`` by their id; ``problems``: what belongs to no image, in sentences."""

    path: Path
    images: dict[str, dict[str, Any]]
    annotations: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> CocoFile:
        """StudioError if the file is no JSON, or has no lists of images, annotations and categories."""
        data = read_json(path)
        wanted = ("images", "annotations", "categories")
        parts: list[Any] = [data.get(part) for part in wanted] if isinstance(data, dict) else []
        if not parts or not all(isinstance(part, list) for part in parts):
            raise StudioError(
                _("{path} is not in COCO's format.").format(path=path),
                _("It needs lists of images, annotations and categories."),
            )
        images, annotations, categories = ([each for each in part if isinstance(each, dict)] for part in parts)
        of_id = {key(image.get("id")): image for image in images}
        return cls(path, of_id, annotations, categories, _problems(parts, (images, annotations, categories), of_id))

    def by_image(self) -> dict[str, list[dict[str, Any]]]:
        """The annotations of every image; those of images that are not listed become a problem."""
        of_image: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for entry in self.annotations:
            of_image[key(entry.get("image_id"))].append(entry)
        return of_image

    def strays(self) -> str | None:
        """A sentence about annotations whose image is not listed, or None if there are none."""
        strays = {image: found for image, found in self.by_image().items() if image not in self.images}
        if not strays:
            return None
        count = sum(len(found) for found in strays.values())
        names = ", ".join(list(strays)[:_FIRST]) + (", …" if len(strays) > _FIRST else "")
        return ngettext(
            "{count} annotation belongs to an image that is not listed: {names}",
            "{count} annotations belong to images that are not listed: {names}",
            count,
        ).format(count=count, names=names)


def _problems(parts: list[list[Any]], read: tuple[list[Any], ...], of_id: dict[str, Any]) -> list[str]:
    problems = []
    lost = sum(map(len, parts)) - sum(map(len, read))
    if lost:
        text = ngettext("{count} entry cannot be read", "{count} entries cannot be read", lost)
        problems.append(text.format(count=lost))
    doubled = len(read[0]) - len(of_id)
    if doubled:
        text = ngettext("{count} image has the id of another", "{count} images have the id of another", doubled)
        problems.append(text.format(count=doubled))
    return problems


class Categories:
    """The classes of several files. A class of another file keeps its id by name, whatever number it has there."""

    def __init__(self) -> None:
        self._classes: dict[int, DatasetClass] = {}
        self._ids: dict[Path, dict[str, int]] = {}

    @property
    def classes(self) -> tuple[DatasetClass, ...]:
        return tuple(self._classes[number] for number in sorted(self._classes))

    def adopt(self, file: CocoFile) -> None:
        """Take in the categories of a file."""
        before = {entry.name: entry.id for entry in self._classes.values()}
        ids = self._ids[file.path] = {}
        for index, entry in enumerate(file.categories):
            called = key(entry.get("id", index))
            name = str(entry.get("name") or _("category {id}").format(id=called)).strip()
            known = before.get(name)
            if known is None:
                known = self._free_id(called)
                self._classes[known] = DatasetClass(known, name, _color(entry))
            ids[called] = known

    def id_of(self, file: CocoFile, category: Any) -> int:
        """The id of a category as ``file`` calls it; one that it does not list keeps its number if it can."""
        called = key(category)
        found = self._ids[file.path].get(called)
        if found is not None:
            return found
        return (
            int(called)
            if called.isdecimal() and int(called) < UNKNOWN and int(called) not in self._classes
            else UNKNOWN
        )

    def name_of(self, file: CocoFile, category: Any) -> str:
        """The name of a category as ``file`` calls it, or else its number."""
        found = self._classes.get(self.id_of(file, category))
        return found.name if found else key(category)

    def _free_id(self, wanted: str) -> int:
        if wanted.isdecimal() and int(wanted) < UNKNOWN and int(wanted) not in self._classes:
            return int(wanted)
        return max(self._classes, default=-1) + 1


def shapes_of(instances: list[dict[str, Any]], file: CocoFile, categories: Categories) -> list[Shape]:
    """The shapes of an image in the order in which they cover each other: crowds first, then by falling area."""
    ordered = sorted(instances, key=lambda entry: (not _is_crowd(entry), -_area(entry)))
    return [
        Shape(
            categories.id_of(file, entry.get("category_id")),
            _("annotation {id} “{label}”").format(
                id=key(entry.get("id", "?")), label=categories.name_of(file, entry.get("category_id"))
            ),
            _outline(entry),
        )
        for entry in ordered
    ]


def _outline(entry: dict[str, Any]) -> Draw:
    """The area of an annotation; StudioError, when it is drawn, if it cannot be read."""

    def draw(height: int, width: int) -> np.ndarray:
        found = entry.get("segmentation")
        if isinstance(found, dict):
            return coco_runs(found)(height, width)
        rings = _rings(found)
        if not rings:
            has_box = bool(entry.get("bbox"))
            raise StudioError(_("it has a box and no outline") if has_box else _("it has no outline"))
        if all(len(ring) < 3 for ring in rings):
            raise StudioError(_("it has too few points for an area: {count}").format(count=max(map(len, rings))))
        return polygons([[value for point in ring for value in point] for ring in rings])(height, width)

    return draw


def _rings(found: Any) -> list[list[tuple[float, float]]]:
    """Rings of points, whether they are written as COCO does, as one flat ring, or as points."""
    if not isinstance(found, list) or not found:
        return []
    is_one = not any(isinstance(each, list) for each in found) or all(
        isinstance(each, list) and len(each) == 2 and not isinstance(each[0], list) for each in found
    )
    return [points(found)] if is_one else [points(ring) for ring in found if ring]


def _is_crowd(entry: dict[str, Any]) -> bool:
    try:
        return bool(number(entry.get("iscrowd", 0)))
    except StudioError:
        return bool(entry.get("iscrowd")) and entry.get("iscrowd") is True


def _area(entry: dict[str, Any]) -> float:
    """What the file says, or else what its outline or box covers; 0 if nothing can be read."""
    try:
        return number(entry.get("area"))
    except StudioError:
        pass
    try:
        found = entry.get("segmentation")
        if isinstance(found, list) and found:
            return sum(_ring_area(ring) for ring in _rings(found))
        _left, _top, width, height = (number(side) for side in entries(entry.get("bbox")))
    except (StudioError, ValueError):
        return 0.0
    return width * height


def _ring_area(ring: list[tuple[float, float]]) -> float:
    xs, ys = np.array(ring).T if ring else np.zeros((2, 0))
    with np.errstate(all="ignore"):
        return float(abs(np.dot(xs, np.roll(ys, 1)) - np.dot(ys, np.roll(xs, 1))) / 2)


def _color(entry: dict[str, Any]) -> tuple[int, int, int] | None:
    try:
        return parse_color(entry.get("color"))
    except (ValueError, TypeError, OverflowError):
        return None
