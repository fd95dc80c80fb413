"""Label maps that are drawn from polygons, boxes and run lengths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pycocotools import mask as coco

from oasis_studio.core.files.pictures.photo import photo_size
from oasis_studio.core.files.pictures.picture import MAX_SIDE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.clipping import clipped
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, Blob, LabelNotes
from oasis_training.datasets.values import entries, whole

Draw = Callable[[int, int], np.ndarray]
"""The area of a shape: (height, width) → (H, W) bool; StudioError if it cannot be drawn."""

_FAR = 4096
"""Pixels beyond the picture up to which a polygon is drawn as it is; the drawing takes time by the length of edges."""
_NOWHERE = 1e15
"""Coordinates beyond this would only overflow."""


@dataclass(frozen=True)
class Shape:
    """An area of a class; ``name`` is what a person knows it by."""

    class_id: int
    name: str
    draw: Draw


@dataclass(frozen=True)
class DrawnLabels:
    """Shapes in the order in which they cover each other; a pixel under none has no class.

    ``size``: (height, width), asked for only when the map is drawn. ``flat``: kinds of shapes that have no area in the
    program they come from, and how many there are.
    """

    shapes: Sequence[Shape]
    size: Callable[[], tuple[int, int]]
    flat: Mapping[str, int] = field(default_factory=Counter)

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        """A shape that cannot be drawn is left out, and said to ``notes``; StudioError if there is no such size."""
        height, width = self.size()
        check_size(width, height)
        labels = np.full((height, width), NO_CLASS, np.uint16)
        for shape in self.shapes:
            try:
                with np.errstate(all="ignore"):  # coordinates beyond all pictures
                    labels[shape.draw(height, width)] = shape.class_id if 0 <= shape.class_id <= NO_CLASS else UNKNOWN
            except StudioError as error:
                if notes is not None:
                    notes.shapes.append(f"{shape.name}: {error.message}")
        if notes is not None:
            notes.flat.update(self.flat)
        return labels


def polygons(rings: Sequence[Sequence[float]]) -> Draw:
    """The union of rings x0, y0, x1, y1 …, drawn as COCO does; a ring with fewer than three points has no area."""

    def draw(height: int, width: int) -> np.ndarray:
        low, high = np.full(2, -float(_FAR)), np.array([width, height], np.float64) + _FAR
        flat = []
        for ring in rings:
            ring_P2 = np.asarray(ring, np.float64).reshape(-1, 2)
            if not np.isfinite(ring_P2).all():
                raise StudioError(_("a point of it is no number"))
            ring_P2 = clipped(ring_P2.clip(-_NOWHERE, _NOWHERE), low, high)
            if len(ring_P2) >= 3:
                flat.append(ring_P2.ravel().tolist())
        if not flat:
            return np.zeros((height, width), bool)
        return coco.decode(coco.merge(coco.frPyObjects(flat, height, width))).astype(bool)

    return draw


def polygon(corners: Sequence[tuple[float, float]]) -> Draw:
    """The area within corners (x, y); StudioError with fewer than three."""
    if len(corners) < 3:
        raise StudioError(_("it has too few points for an area: {count}").format(count=len(corners)))
    return polygons([[value for corner in corners for value in corner]])


def box(left: float, top: float, right: float, bottom: float, degrees: float = 0.0) -> Draw:
    """A rectangle with sides at these coordinates, turned clockwise around its middle."""
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
    return polygons([_turned(corners, corners.mean(axis=0), degrees).ravel().tolist()])


def ellipse(x: float, y: float, radius_x: float, radius_y: float, degrees: float = 0.0) -> Draw:
    """An ellipse around (x, y), turned clockwise."""

    def draw(height: int, width: int) -> np.ndarray:
        rows, columns = np.ogrid[:height, :width]
        across, down = columns + 0.5 - x, rows + 0.5 - y
        if degrees:
            sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
            across, down = across * cosine + down * sine, down * cosine - across * sine
        return (across / max(radius_x, 1e-6)) ** 2 + (down / max(radius_y, 1e-6)) ** 2 <= 1

    return draw


def _turned(points_P2: np.ndarray, middle: np.ndarray, degrees: float) -> np.ndarray:
    """Points turned clockwise as a person sees them: y points down."""
    if not degrees:
        return points_P2
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return (points_P2 - middle) @ np.array([[cosine, sine], [-sine, cosine]]) + middle


def stamp(mask_hw: np.ndarray, left: int, top: int) -> Draw:
    """A small mask put at (left, top); what lies outside the picture is cut."""

    def draw(height: int, width: int) -> np.ndarray:
        canvas = np.zeros((height, width), bool)
        first_row, first_column = max(0, -top), max(0, -left)
        part = mask_hw[first_row : max(0, height - top), first_column : max(0, width - left)]
        row, column = top + first_row, left + first_column
        canvas[row : row + part.shape[0], column : column + part.shape[1]] = part
        return canvas

    return draw


def rows_of_runs(runs: Sequence[int], width: int, height: int) -> np.ndarray:
    """(height, width) bool from run lengths along the rows, the first one outside; StudioError if they do not fit."""
    check_size(width, height)
    if any(not 0 <= run <= width * height for run in runs) or sum(runs) > width * height:
        raise StudioError(_("its run lengths do not fit its size"))
    lengths = np.asarray(runs, np.int64)
    flat = np.zeros(width * height, bool)
    inside = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
    flat[: len(inside)] = inside
    return flat.reshape(height, width)


def coco_runs(segmentation: dict[str, Any]) -> Draw:
    """COCO's run lengths, plain or compressed, along the columns."""

    def draw(height: int, width: int) -> np.ndarray:
        size = [whole(side) for side in entries(segmentation.get("size"))]
        if size != [height, width]:
            raise StudioError(_("its mask has another size than its photo"))
        counts = segmentation.get("counts")
        if isinstance(counts, list):
            return rows_of_runs([whole(count) for count in counts], height, width).T
        if not isinstance(counts, str) or _covered(counts) != height * width:
            raise _damaged_runs()  # pycocotools would leave the rest as the memory was
        encoded: Any = {"size": size, "counts": counts.encode("ascii")}
        return coco.decode(encoded).astype(bool)

    return draw


def check_size(width: int, height: int) -> None:
    """StudioError unless a picture can have so many pixels."""
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE):
        raise StudioError(_("There is no picture of {width}×{height} pixels.").format(width=width, height=height))


def stated_size(height: Any, width: Any, photo: Blob) -> Callable[[], tuple[int, int]]:
    """(height, width) as an annotation states them, asked for later; those of the photo where it does not."""

    def size() -> tuple[int, int]:
        if not height or not width:
            return photo_size(photo.read(), photo.name)
        return whole(height), whole(width)

    return size


def _damaged_runs() -> StudioError:
    return StudioError(_("its run-length mask is damaged"))


def _covered(counts: str) -> int:
    """The pixels that compressed run lengths cover: 5 bits a character, runs as differences."""
    runs: list[int] = []
    value = shift = 0
    for character in counts:
        code = ord(character) - 48
        if not 0 <= code < 64 or shift > 60:
            raise _damaged_runs()
        value |= (code & 31) << shift
        shift += 5
        if not code & 32:
            value -= (1 << shift) if code & 16 else 0
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value = shift = 0
    if shift or min(runs, default=0) < 0:
        raise _damaged_runs()
    return sum(runs)
