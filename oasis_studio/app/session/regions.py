"""The regions of the open document: which there are, which are chosen, how well they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.regions import Region, RegionMap
from oasis_studio.core.pixels.box import EMPTY, Box

_SLICE = 2**18
"""Pixels looked at in one go, so that the window answers between two of them."""


class Regions(QObject):
    """``map`` is always up to date; it follows the brush only when somebody looks.

    Who can wait calls :meth:`follow` until it is done, and takes ``seen``, the map as far as it was followed.

    ``chosen`` are the regions that commands for several work on, in no order. ``scores`` are whatever a critic thinks
    of regions, higher is better; it sets them with :meth:`rate`, and painting makes them stale for nobody else.
    """

    painted = Signal()
    """Pixels went from one region to another, or regions came or went."""
    chosen_changed = Signal()
    rated = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._map: RegionMap | None = None
        self._dirty: Box = EMPTY
        self.chosen: frozenset[RegionKey] = frozenset()
        self.scores: Mapping[RegionKey, float] = {}

    def open(self, document: Document) -> None:
        """Another document, or another size of it."""
        self._document, self._map, self._dirty = document, None, EMPTY
        self.scores = {}
        self.choose(())
        self.painted.emit()

    def mark_painted(self, box: Box) -> None:
        """Labels inside the box may have changed."""
        self._dirty = self._dirty.united(box)
        self.painted.emit()

    @property
    def map(self) -> RegionMap:
        assert self._document is not None, "no document was opened"
        if self._map is None:
            self._map = RegionMap(self._document)
        elif not self._dirty.is_empty:
            self._map.update(self._document, self._dirty)
        self._dirty = EMPTY
        return self._map

    @property
    def seen(self) -> RegionMap:
        """The map as it was when it was last followed; of a new document, at first, the background only."""
        assert self._document is not None, "no document was opened"
        if self._map is None:
            self._map, self._dirty = RegionMap(self._document, is_blank=True), self._document.bounds
        return self._map

    def follow(self) -> bool:
        """Do a small part of what ``map`` has to do after painting; True if there is nothing left to do."""
        seen, (left, top, right, bottom) = self.seen, self._dirty
        if not self._dirty.is_empty:
            assert self._document is not None, "no document was opened"
            end = min(bottom, top + max(1, _SLICE // (right - left)))
            seen.update(self._document, Box(left, top, right, end))
            self._dirty = Box(left, end, right, bottom) if end < bottom else EMPTY
        return self._dirty.is_empty

    @property
    def all(self) -> list[Region]:
        """Those that have pixels, in the order of the picture."""
        return self.map.regions

    def choose(self, keys: Iterable[RegionKey]) -> None:
        """Work on these regions from now on."""
        chosen = frozenset(keys)
        if chosen != self.chosen:
            self.chosen = chosen
            self.chosen_changed.emit()

    def rate(self, scores: Mapping[RegionKey, float]) -> None:
        self.scores = dict(scores)
        self.rated.emit()
