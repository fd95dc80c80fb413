"""The fill tool."""

from __future__ import annotations

import math

import cv2
import numpy as np

from oasis_studio.core import raster
from oasis_studio.core.box import EMPTY, Box
from oasis_studio.core.commands import PaintPatch
from oasis_studio.core.document import Document
from oasis_studio.core.history import Command
from oasis_studio.core.layer import LabelLayer
from oasis_studio.core.tools.tool import Tool, ToolOptions, check_paintable
from oasis_studio.i18n import _


class FillTool(Tool):
    """Paints the pixels of one class, as the person sees them in the flattened label map, into the layer.

    ``contiguous`` takes those that hang together with the pixel pressed (over edges, not corners);
    otherwise all pixels of that class.
    """

    def __init__(self, contiguous: bool = True) -> None:
        self._contiguous = contiguous
        self._layer: LabelLayer | None = None
        self._patch: PaintPatch | None = None

    def press(self, x: float, y: float, document: Document, layer: LabelLayer, options: ToolOptions) -> Box:
        check_paintable(layer)
        self._layer, self._patch = layer, None
        column, row = math.floor(x), math.floor(y)
        if not (0 <= column < document.width and 0 <= row < document.height):
            return EMPTY
        box, mask = self._area(document.flatten(), column, row)
        before = layer.labels[box.slices].copy()
        after = np.where(mask, np.uint8(options.label), before)
        if np.array_equal(before, after):
            return EMPTY
        layer.labels[box.slices] = after
        self._patch = PaintPatch(layer.id, box, before, after, _("Fill"))
        return box

    def move(self, x: float, y: float) -> Box:
        return EMPTY

    def release(self, x: float, y: float) -> Command | None:
        patch, self._patch = self._patch, None
        return patch

    def cancel(self) -> Box:
        patch, self._patch = self._patch, None
        if patch is None or self._layer is None:
            return EMPTY
        self._layer.labels[patch.box.slices] = patch.before
        return patch.box

    def _area(self, labels_HW: np.ndarray, column: int, row: int) -> tuple[Box, np.ndarray]:
        """Box and mask of the pixels to fill."""
        if self._contiguous:
            return raster.connected(labels_HW, column, row)
        mask = labels_HW == labels_HW[row, column]
        left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
        box = Box(left, top, left + width, top + height)
        return box, mask[box.slices]
