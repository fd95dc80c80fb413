"""The fill tool."""

from __future__ import annotations

import math

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.commands import PaintPatch
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels import raster
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.gaps import connected_inside, connected_without_gaps
from oasis_studio.core.tools.limits import Limits
from oasis_studio.core.tools.tool import Tool, ToolOptions, check_paintable
from oasis_studio.i18n import _


class FillTool(Tool):
    """Paints the pixels of one class, as the person sees them in the flattened label map, into the layer.

    ``contiguous`` takes those that hang together with the pixel pressed (over edges, not corners);
    otherwise all pixels of that class. A selection is a wall.
    """

    def __init__(self, contiguous: bool = True) -> None:
        self._contiguous = contiguous
        self._layer: LabelLayer | None = None
        self._patch: PaintPatch | None = None
        self._extent = EMPTY

    @property
    def is_open(self) -> bool:
        return self._patch is not None

    @property
    def extent(self) -> Box:
        return self._extent

    def press(
        self,
        x: float,
        y: float,
        document: Document,
        layer: LabelLayer,
        options: ToolOptions,
        pressure: float = 1.0,
    ) -> Box:
        check_paintable(layer)
        self._layer, self._patch, self._extent = layer, None, EMPTY
        column, row = math.floor(x), math.floor(y)
        if not (0 <= column < document.width and 0 <= row < document.height):
            return EMPTY
        box, mask = self._areas(document, options, column, row)
        before = layer.labels[box.slices].copy()
        after = np.where(mask, np.uint8(UNPAINTED if options.subtracts else options.label), before)
        if np.array_equal(before, after):
            return EMPTY
        layer.labels[box.slices] = after
        self._patch = PaintPatch(layer.id, box, before, after, _("Fill"))
        self._extent = box
        return box

    def move(self, x: float, y: float, pressure: float = 1.0, snaps: bool | None = None) -> Box:
        return EMPTY

    def release(self, x: float, y: float, snaps: bool | None = None) -> Command | None:
        patch, self._patch = self._patch, None
        return patch

    def cancel(self) -> Box:
        patch, self._patch = self._patch, None
        if patch is None or self._layer is None:
            return EMPTY
        self._layer.labels[patch.box.slices] = patch.before
        return patch.box

    def _areas(self, document: Document, options: ToolOptions, column: int, row: int) -> tuple[Box, np.ndarray]:
        """Box and mask of the pixels to fill, the mirrored ones included."""
        labels_HW, allowed = document.flatten(), Limits(document, options).allowed(document.bounds)
        box, mask = self._area(labels_HW, allowed, column, row, options.gap)
        mirrored = document.width - 1 - column
        if not options.is_mirrored or mirrored == column:
            return box, mask
        other_box, other = self._area(labels_HW, allowed, mirrored, row, options.gap)
        both = box.united(other_box)
        mask_HW = np.zeros(labels_HW.shape, bool)
        mask_HW[box.slices] = mask
        mask_HW[other_box.slices] |= other
        return both, mask_HW[both.slices]

    def _area(
        self, labels_HW: np.ndarray, allowed_HW: np.ndarray | None, column: int, row: int, gap: int
    ) -> tuple[Box, np.ndarray]:
        """Box and mask of what a press on one pixel fills."""
        if allowed_HW is not None and not allowed_HW[row, column]:
            return EMPTY, np.zeros((0, 0), bool)
        mask = labels_HW == labels_HW[row, column]
        if allowed_HW is not None:
            mask &= allowed_HW
        if self._contiguous:
            return connected_without_gaps(mask, column, row, gap) if gap > 0 else connected_inside(mask, column, row)
        box = raster.box_around(mask)
        return box, mask[box.slices]
