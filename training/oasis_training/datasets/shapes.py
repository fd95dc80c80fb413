"""Label maps that are drawn from polygons, boxes and run lengths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pycocotools import mask as coco

from oasis_studio.core.files.photo import MAX_SIDE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import NO_CLASS, UNKNOWN

Draw = Callable[[int, int], np.ndarray]
"""A shape: (height, width) → (H, W) bool."""


@dataclass(frozen=True)
class DrawnLabels:
    """Shapes in the order in which they cover each other; a pixel under none has no class.

    ``shapes``: (class id, shape). ``size``: (height, width), asked for only when the map is drawn.
    """

    shapes: Sequence[tuple[int, Draw]]
    size: Callable[[], tuple[int, int]]

    def read(self) -> np.ndarray:
        height, width = self.size()
        _check_size(height, width)
        labels = np.full((height, width), NO_CLASS, np.uint16)
        try:
            for class_id, draw in self.shapes:
                labels[draw(height, width)] = class_id if 0 <= class_id <= NO_CLASS else UNKNOWN
        except (TypeError, ValueError, OverflowError) as error:
            raise StudioError(_("A shape cannot be drawn: {error}.").format(error=error)) from error
        return labels


def polygons(rings: Sequence[Sequence[float]]) -> Draw:
    """The union of rings x0, y0, x1, y1 …; a ring with fewer than three points has no area."""

    def draw(height: int, width: int) -> np.ndarray:
        # pycocotools takes memory by the length of an edge, so a wild coordinate must not reach it
        limit = np.array([width, height], np.float64)
        flat = []
        for ring in rings:
            points = np.asarray(ring, np.float64).reshape(-1, 2)
            if not np.isfinite(points).all():
                raise StudioError(_("A polygon has a point that is no number."))
            if len(points) >= 3:
                flat.append(points.clip(-limit, 2 * limit).ravel().tolist())
        if not flat:
            return np.zeros((height, width), bool)
        return coco.decode(coco.merge(coco.frPyObjects(flat, height, width))).astype(bool)

    return draw


def box(left: float, top: float, right: float, bottom: float) -> Draw:
    """An upright rectangle with sides at these coordinates."""
    return polygons([[left, top, right, top, right, bottom, left, bottom]])


def ellipse(x: float, y: float, radius_x: float, radius_y: float) -> Draw:
    """An upright ellipse."""

    def draw(height: int, width: int) -> np.ndarray:
        rows, columns = np.ogrid[:height, :width]
        inside = ((columns + 0.5 - x) / max(radius_x, 1e-6)) ** 2 + ((rows + 0.5 - y) / max(radius_y, 1e-6)) ** 2
        return inside <= 1

    return draw


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
    _check_size(height, width)
    lengths = np.asarray(runs, np.int64)
    if (lengths < 0).any() or lengths.sum() > width * height:
        raise StudioError(_("A mask has run lengths that do not fit its size."))
    flat = np.zeros(width * height, bool)
    inside = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
    flat[: len(inside)] = inside
    return flat.reshape(height, width)


def coco_runs(segmentation: dict[str, Any]) -> Draw:
    """COCO's run lengths, plain or compressed, along the columns."""

    def draw(height: int, width: int) -> np.ndarray:
        counts = segmentation.get("counts")
        try:
            size = [int(side) for side in segmentation["size"]]
            if size != [height, width]:
                raise ValueError(_("another size than its photo"))
            if isinstance(counts, list):
                return rows_of_runs([int(count) for count in counts], height, width).T
            if _covered(str(counts)) != height * width:  # pycocotools would leave the rest as the memory was
                raise ValueError(_("the runs do not cover its photo"))
            encoded: Any = {"size": size, "counts": str(counts).encode("ascii")}
            return coco.decode(encoded).astype(bool)
        except (KeyError, TypeError, ValueError) as error:
            raise StudioError(_("A run-length mask is damaged: {error}.").format(error=error)) from error

    return draw


def _check_size(height: int, width: int) -> None:
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE):
        raise StudioError(_("There is no picture of {width}×{height} pixels.").format(width=width, height=height))


def _covered(counts: str) -> int:
    """The pixels that compressed run lengths cover: 5 bits a character, runs as differences."""
    runs: list[int] = []
    value = shift = 0
    for character in counts:
        code = ord(character) - 48
        if not 0 <= code < 64:
            raise ValueError(_("a character that does not belong there"))
        value |= (code & 31) << shift
        shift += 5
        if not code & 32:
            value -= (1 << shift) if code & 16 else 0
            runs.append(value + (runs[-2] if len(runs) > 2 else 0))
            value = shift = 0
    if shift or min(runs, default=0) < 0:
        raise ValueError(_("it breaks off"))
    return sum(runs)
