"""Tips of any shape: a mask that is stamped along the way of the brush, with hard edges."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import Point, Spans
from oasis_studio.i18n import _

_SIDE = 64
_SPACING = 16
"""Stamps lie at most this part of their size apart, so that the edge of a stroke shows no steps."""

_BLADES = ((-0.3, -0.12, 0.7), (-0.12, -0.05, 0.95), (0.05, 0.06, 0.85), (0.22, 0.15, 0.98), (0.36, 0.1, 0.6))
"""Of grass: where each stands, how far it leans, how long it is; in parts of the tip's width."""


@dataclass(frozen=True, eq=False)
class TipShape:
    """``mask_HW`` (H, W) bool, not empty; it is stretched until its longer side is the size of the brush."""

    name: str
    mask_HW: np.ndarray
    _scaled: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    def scaled(self, size: float) -> np.ndarray:
        """The mask of a tip ``size`` pixels across, at least one pixel of it true."""
        side = max(1, round(size))
        if side not in self._scaled:
            height, width = self.mask_HW.shape
            scale = side / max(height, width)
            wanted = (max(1, round(width * scale)), max(1, round(height * scale)))
            mask = cv2.resize(self.mask_HW.astype(np.uint8), wanted, interpolation=cv2.INTER_NEAREST).astype(bool)
            if not mask.any():
                mask[mask.shape[0] // 2, mask.shape[1] // 2] = True
            if len(self._scaled) > 64:  # pressure goes through many sizes
                self._scaled.clear()
            self._scaled[side] = mask
        return self._scaled[side]


def shape_sweep(
    shape: TipShape, start: Point, end: Point, size: float, end_size: float, width: int, height: int
) -> Spans:
    """Pixels of all the stamps from ``start`` to ``end``, on a canvas of that size."""
    way = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    steps = math.ceil(way / max(1.0, min(size, end_size) / _SPACING)) or 1
    stamps: list[tuple[Box, np.ndarray]] = []
    around = EMPTY
    for share in np.linspace(0, 1, steps + 1).tolist():
        mask = shape.scaled(size + share * (end_size - size))
        x, y = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
        left, top = math.floor(x - mask.shape[1] / 2 + 0.5), math.floor(y - mask.shape[0] / 2 + 0.5)
        box = Box(left, top, left + mask.shape[1], top + mask.shape[0])
        if not stamps or stamps[-1][0] != box:
            stamps.append((box, mask))
            around = around.united(box)
    inside = around.clipped(width, height)
    if inside.is_empty:
        return _runs(np.zeros((0, 0), bool), inside)
    found = np.zeros((inside.height, inside.width), bool)
    for box, mask in stamps:
        part = box.clipped(width, height)
        if not part.is_empty:
            rows = slice(part.top - inside.top, part.bottom - inside.top)
            columns = slice(part.left - inside.left, part.right - inside.left)
            found[rows, columns] |= mask[
                part.top - box.top : part.bottom - box.top, part.left - box.left : part.right - box.left
            ]
    return _runs(found, inside)


def built_in_shapes() -> list[TipShape]:
    """Tips that every painter of landscapes needs."""
    y, x = (np.mgrid[:_SIDE, :_SIDE] + 0.5) / _SIDE - 0.5
    slanted = ((x + y) / 0.68) ** 2 + ((x - y) / 0.16) ** 2 <= 1
    speckle, crown, grass = np.zeros((3, _SIDE, _SIDE), bool)
    for angle, share, radius in np.random.default_rng(4).uniform((0, 0, 0.015), (7, 1, 0.045), (60, 3)):
        reach = 0.46 * math.sqrt(share)
        speckle |= np.hypot(x - reach * math.cos(angle), y - reach * math.sin(angle)) <= radius
    for angle in np.arange(8) * math.pi / 4:
        crown |= np.hypot(x - 0.33 * math.cos(angle), y - 0.33 * math.sin(angle)) <= 0.15
    crown |= np.hypot(x, y) <= 0.34
    for foot, lean, length in _BLADES:
        rise = (0.5 - y) / length
        grass |= (rise >= 0) & (rise <= 1) & (np.abs(x - foot - lean * rise**2) <= 0.07 * (1 - rise))
    named = ((_("Slanted"), slanted), (_("Speckle"), speckle), (_("Tree crown"), crown), (_("Grass"), grass))
    return [TipShape(name, mask) for name, mask in named]


def _runs(mask_hw: np.ndarray, box: Box) -> Spans:
    """The true pixels of a mask that lies at ``box``."""
    edges = np.diff(np.pad(mask_hw, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, lefts = np.nonzero(edges == 1)
    rights = np.nonzero(edges == -1)[1]
    return Spans(rows + box.top, lefts + box.left, rights + box.left)
