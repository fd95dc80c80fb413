"""The regions of a document: all pixels of one class that one layer contributes, and which region every pixel is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, RegionKey
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import box_around

_BAND = 2**19
"""Pixels looked at together, so that they stay in the processor's cache."""
_SAMPLE_SIDE = 512
"""Pixels of a side of the sample in which boxes are looked for roughly."""
_MOST_NUMBERS = 16_000
"""Regions that came and went; then they are numbered anew (a pixel holds 16 bits, with room for styles in steps)."""
_NEW = 2**16 - 1
"""Stands for a region without a number."""

_FIRST_LABEL, _LAST_LABEL = np.array([0]), np.array([UNPAINTED - 1])


class Region(NamedTuple):
    """A region that has pixels: what it is called in ``ids_HW``, and how many there are."""

    key: RegionKey
    number: int
    area: int


@dataclass(frozen=True)
class _Totals:
    """Of every number: pixels, and the sum of their rows."""

    areas: np.ndarray
    rows: np.ndarray


class RegionMap:
    """``ids_HW`` uint16, (H, W): the number of every pixel's region, an index of ``keys``.

    A number keeps its meaning as long as the map lives. After painting, :meth:`update` does the changed box alone. A
    map that ``is_blank`` at first knows the background only, until everything was updated, box by box.
    """

    def __init__(self, document: Document, is_blank: bool = False) -> None:
        if is_blank:
            self._clear()
            self._number(RegionKey(BACKGROUND_LAYER, document.background))
            width, height = document.width, document.height
            one = _Totals(np.array([width * height]), np.array([width * (height * (height - 1) / 2)]))
            self._take(np.zeros((height, width), np.uint16), one)
        else:
            self._renumber(document)

    def update(self, document: Document, box: Box | None = None) -> None:
        """Follow the document inside ``box`` (default: everything); another size needs everything."""
        if self.ids_HW.shape != (document.height, document.width) or len(self.keys) > _MOST_NUMBERS:
            self._renumber(document)
            return
        area = (box or document.bounds).clipped(document.width, document.height)
        if area.is_empty:
            return
        old = self.ids_HW[area.slices]
        new = self._ids(document, area)
        before, after = self._totals(old, area), self._totals(new, area)
        self._areas = _added(self._areas, after.areas - before.areas)
        self._rows = _added(self._rows, after.rows - before.rows)
        self.ids_HW[area.slices] = new
        self._sample = None

    @property
    def regions(self) -> list[Region]:
        """Those that have pixels, in the order of the picture: by the height of their middle, from the top."""
        numbers = np.flatnonzero(self._areas)
        middles = self._rows[numbers] / self._areas[numbers]
        order = np.lexsort((numbers, middles))
        return [Region(self.keys[n], n, int(self._areas[n])) for n in numbers[order].tolist()]

    def at(self, x: int, y: int) -> RegionKey | None:
        """The region of a pixel; None outside the canvas."""
        height, width = self.ids_HW.shape
        return self.keys[self.ids_HW[y, x]] if 0 <= x < width and 0 <= y < height else None

    def number(self, key: RegionKey) -> int | None:
        """What the region is called in ``ids_HW``; None if it never had pixels."""
        return self._numbers.get(key)

    def area(self, key: RegionKey) -> int:
        """Pixels of the region."""
        number = self._numbers.get(key)
        return 0 if number is None or number >= len(self._areas) else int(self._areas[number])

    def mask(self, *keys: RegionKey) -> np.ndarray:
        """(H, W) bool: the pixels of these regions."""
        if len(keys) == 1:  # comparing is several times as fast as looking up
            number = self._numbers.get(keys[0])
            return self.ids_HW == (len(self.keys) if number is None else number)
        table = np.zeros(len(self.keys), bool)
        table[[number for key in keys if (number := self._numbers.get(key)) is not None]] = True
        return table[self.ids_HW]

    def box(self, key: RegionKey) -> Box:
        """The smallest box around the region; empty if it has no pixels."""
        number = self._numbers.get(key)
        return box_around(self.ids_HW == (len(self.keys) if number is None else number))

    def rough_box(self, key: RegionKey) -> Box:
        """A box around the region that may be off by a few pixels in large drawings; empty if it has no pixels."""
        step = -(-max(self.ids_HW.shape) // _SAMPLE_SIDE)
        if step == 1 or not self.area(key):
            return self.box(key)
        if self._sample is None:
            self._sample = self.ids_HW[::step, ::step].copy()
        found = box_around(self._sample == self._numbers[key])
        return self.box(key) if found.is_empty else Box(*(step * edge for edge in found)).clipped(*self._size)

    @property
    def _size(self) -> tuple[int, int]:
        """Width, height."""
        return self.ids_HW.shape[1], self.ids_HW.shape[0]

    # -- numbering ----------------------------------------------------------------------------------------------

    def _renumber(self, document: Document) -> None:
        self._clear()
        ids_HW = self._ids(document, document.bounds)
        self._take(ids_HW, self._totals(ids_HW, document.bounds))

    def _clear(self) -> None:
        self.keys: list[RegionKey] = []
        self._numbers: dict[RegionKey, int] = {}
        self._tables: dict[int, np.ndarray] = {}

    def _take(self, ids_HW: np.ndarray, totals: _Totals) -> None:
        self.ids_HW = ids_HW
        self._sample: np.ndarray | None = None
        self._areas, self._rows = totals.areas, totals.rows

    def _number(self, key: RegionKey) -> int:
        if key not in self._numbers:
            self._table(key.layer_id)[key.label] = self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return self._numbers[key]

    def _ids(self, document: Document, area: Box) -> np.ndarray:
        """As :meth:`Document.flatten`, with regions instead of classes."""
        background = self._number(RegionKey(BACKGROUND_LAYER, document.background))
        ids = np.full((area.height, area.width), background, np.uint16)
        layers = [(layer.id, layer.labels[area.slices]) for layer in reversed(document.layers) if layer.is_visible]
        rows = max(1, _BAND // max(1, area.width))
        for top in range(0, area.height, rows):
            band = ids[top : top + rows]
            parts = [(layer_id, labels[top : top + rows]) for layer_id, labels in layers]
            if not self._fill(band, parts):
                self._fill(band, parts, learns=True)
        return ids

    def _fill(self, ids: np.ndarray, layers: list[tuple[int, np.ndarray]], learns: bool = False) -> bool:
        """Write what the layers show, the topmost first; did every region have a number, or get one?

        To count what is seen of a layer takes longer than all the rest, so it is done only where something is new.
        """
        missing = np.full(ids.shape, 255, np.uint8)
        for layer_id, labels in layers:
            painted = cv2.bitwise_and(missing, cv2.inRange(labels, _FIRST_LABEL, _LAST_LABEL))
            if not cv2.countNonZero(painted):
                continue
            if learns:
                seen = cv2.calcHist([np.ascontiguousarray(labels)], [0], painted, [256], [0, 256]).ravel()
                for label in np.flatnonzero(seen).tolist():
                    self._number(RegionKey(layer_id, label))
            cv2.copyTo(np.asarray(cv2.LUT(labels, self._table(layer_id))), painted, ids)
            cv2.subtract(missing, painted, missing)
            if not cv2.countNonZero(missing):
                break
        return learns or int(ids.max(initial=0)) != _NEW

    def _table(self, layer_id: int) -> np.ndarray:
        """(256,) uint16: the number of every class of a layer, _NEW where it has none."""
        return self._tables.setdefault(layer_id, np.full(256, _NEW, np.uint16))

    def _totals(self, ids: np.ndarray, area: Box) -> _Totals:
        """Row by row: what is counted stays in the processor's cache."""
        areas, rows = np.zeros(len(self.keys), np.int64), np.zeros(len(self.keys))
        for row, numbers in enumerate(ids, area.top):
            counts = np.bincount(numbers, minlength=len(self.keys))
            areas += counts
            rows += row * counts
        return _Totals(areas, rows)


def _added(totals: np.ndarray, change: np.ndarray) -> np.ndarray:
    """``change`` knows as many numbers or more."""
    grown = np.zeros(len(change), totals.dtype)
    grown[: len(totals)] = totals
    return grown + change
