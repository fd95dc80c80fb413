"""What a layer looked like before a stroke, kept only where the stroke has been."""

from __future__ import annotations

import cv2
import numpy as np

from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.commands import PaintPatch, Together
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import Spans

TILE = 128
"""Side of a tile in pixels: small enough that the first touch is cheap, large enough that there are few."""


class TouchedTiles:
    """Copies of the tiles of one layer, made on first touch: a press costs nothing on any canvas."""

    def __init__(self, layer: LabelLayer) -> None:
        self._layer = layer
        self._before: dict[Box, np.ndarray] = {}

    def keep(self, spans: Spans) -> None:
        """Remember the tiles under ``spans``; call before painting there."""
        if not spans.rows.size:
            return
        for top in range(int(spans.rows[0]) // TILE * TILE, int(spans.rows[-1]) + 1, TILE):
            part = slice(*np.searchsorted(spans.rows, (top, top + TILE)))
            lefts, rights = spans.lefts[part], spans.rights[part]
            filled = rights > lefts
            if filled.any():
                self._keep_row(top, int(lefts[filled].min()), int(rights[filled].max()))

    def keep_box(self, box: Box) -> None:
        """Remember the tiles under ``box``, which lies on the canvas."""
        if box.is_empty:
            return
        for top in range(box.top // TILE * TILE, box.bottom, TILE):
            self._keep_row(top, box.left, box.right)

    def _keep_row(self, top: int, first: int, last: int) -> None:
        height, width = self._layer.labels.shape
        for left in range(first // TILE * TILE, last, TILE):
            box = Box(left, top, min(left + TILE, width), min(top + TILE, height))
            if box not in self._before:
                self._before[box] = self._layer.labels[box.slices].copy()

    def restore(self) -> Box:
        """Put every tile back and forget them; returns the box around them."""
        dirty = EMPTY
        for box, labels in self._before.items():
            self._layer.labels[box.slices] = labels
            dirty = dirty.united(box)
        self._before.clear()
        return dirty

    def command(self, title: str) -> Command | None:
        """The step from the remembered state to the present one; None if they are equal."""
        patches = [patch for box in self._before if (patch := self._changed(box, title)) is not None]
        if len(patches) <= 1:
            return patches[0] if patches else None
        around = EMPTY
        for patch in patches:
            around = around.united(patch.box)
        if around.width * around.height <= 2 * sum(patch.after.size for patch in patches):
            return self._merged(patches, around, title)
        return Together(title, tuple(patches))

    def _changed(self, tile: Box, title: str) -> PaintPatch | None:
        """The part of a tile that changed."""
        before, after = self._before[tile], self._layer.labels[tile.slices]
        left, top, width, height = cv2.boundingRect((before != after).view(np.uint8))
        if not width:
            return None
        inner = (slice(top, top + height), slice(left, left + width))
        box = Box(tile.left + left, tile.top + top, tile.left + left + width, tile.top + top + height)
        return PaintPatch(self._layer.id, box, before[inner].copy(), after[inner].copy(), title)

    def _merged(self, patches: list[PaintPatch], around: Box, title: str) -> PaintPatch:
        """One patch instead of many, where they lie close together."""
        after = self._layer.labels[around.slices].copy()
        before = after.copy()
        for patch in patches:
            rows = slice(patch.box.top - around.top, patch.box.bottom - around.top)
            before[rows, patch.box.left - around.left : patch.box.right - around.left] = patch.before
        return PaintPatch(self._layer.id, around, before, after, title)
