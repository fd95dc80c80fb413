"""A photo under the labels to paint after; never part of the label map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from oasis_studio.core.pixels.box import Box


class Blend(StrEnum):
    """How the photo is mixed with the labels: laid over them, or so that light (dark) parts of it leave them alone."""

    NORMAL = "normal"
    MULTIPLY = "multiply"
    SCREEN = "screen"


MAX_SIDE = 4096
"""Of the image that is kept: more than any screen shows, and small enough to be saved with every project."""


@dataclass(frozen=True, eq=False)
class Reference:
    """``image_HW3`` uint8 RGB fills ``box``, in document pixels, which may reach beyond the canvas.

    ``opacity`` 0..1 of its display. A changed reference is another value: use ``dataclasses.replace``.
    """

    image_HW3: np.ndarray
    box: Box
    opacity: float = 0.5
    is_visible: bool = True
    blend: Blend = Blend.NORMAL
    source: Path | None = None
    """The file that the photo was read from, as long as the drawing is open."""

    @classmethod
    def fitted(cls, image_HW3: np.ndarray, width: int, height: int, source: Path | None = None) -> Reference:
        """The whole photo as large as it fits in the middle of a canvas of that size, in its own proportions."""
        rows, columns = image_HW3.shape[:2]
        scale = min(width / columns, height / rows)
        box_width, box_height = max(1, round(columns * scale)), max(1, round(rows * scale))
        left, top = (width - box_width) // 2, (height - box_height) // 2
        most = min(1.0, MAX_SIDE / max(rows, columns))
        kept = _at_most(image_HW3, round(columns * most), round(rows * most))
        return cls(kept, Box(left, top, left + box_width, top + box_height), source=source)

    def drawn(self, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """The photo on a canvas of that size, (H, W, 3) uint8, and (H, W) bool where it is; black elsewhere."""
        image = _at_most(self.image_HW3, self.box.width, self.box.height)
        rows, columns = image.shape[:2]
        across, down = self.box.width / columns, self.box.height / rows
        # OpenCV counts from pixel centres
        matrix = np.array(
            [[across, 0, self.box.left + across / 2 - 0.5], [0, down, self.box.top + down / 2 - 0.5]], np.float64
        )
        drawn = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        covered = np.zeros((height, width), bool)
        covered[self.box.clipped(width, height).slices] = True
        drawn[~covered] = 0
        return np.asarray(drawn, np.uint8), covered

    def moved(self, dx: int, dy: int) -> Reference:
        """The same photo, so many pixels further to the right and down."""
        left, top, right, bottom = self.box
        return replace(self, box=Box(left + dx, top + dy, right + dx, bottom + dy))

    def scaled(self, across: float, down: float) -> Reference:
        """The same photo on a canvas that is so many times as wide and high."""
        left, top = round(self.box.left * across), round(self.box.top * down)
        right, bottom = round(self.box.right * across), round(self.box.bottom * down)
        return replace(self, box=Box(left, top, max(right, left + 1), max(bottom, top + 1)))


def _at_most(image_HW3: np.ndarray, width: int, height: int) -> np.ndarray:
    """The image, made smaller in each direction that has more pixels than that."""
    rows, columns = image_HW3.shape[:2]
    size = (max(1, min(columns, width)), max(1, min(rows, height)))
    if size == (columns, rows):
        return image_HW3
    return np.asarray(cv2.resize(image_HW3, size, interpolation=cv2.INTER_AREA), np.uint8)
