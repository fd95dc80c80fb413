"""Where an edit shows at the levels of the generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oasis_studio.core.pixels.box import EMPTY, Box


@dataclass(frozen=True)
class Patch:
    """What one block computes again, boxes of its map of ``height`` × ``width``, each inside the next.

    ``result`` pixels of its output · ``middle`` of the features between its convolutions · ``needed`` of its input,
    which the box ``source`` of the map before gives: every second pixel, if the block doubles the size.
    """

    height: int
    width: int
    result: Box
    middle: Box
    needed: Box
    source: Box


def patch_around(touched: Box, halo: int, height: int, width: int, doubles: bool) -> Patch:
    """The patch whose result is ``touched`` and ``halo`` pixels around it."""
    result = grown(touched, halo, height, width)
    middle = grown(result, 1, height, width)
    needed = grown(middle, 1, height, width)
    source = scaled(needed, 2) if doubles else needed
    return Patch(height, width, result, middle, doubled(source) if doubles else needed, source)


def changed_box(old_HW: np.ndarray, new_HW: np.ndarray) -> Box:
    """The smallest box around all pixels in which two maps differ."""
    differs = old_HW != new_HW
    rows = np.flatnonzero(differs.any(axis=1))
    if not rows.size:
        return EMPTY
    columns = np.flatnonzero(differs[rows[0] : rows[-1] + 1].any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def scaled(box: Box, step: int) -> Box:
    """The pixels, of a level with every ``step``-th pixel, that the box touches."""
    return Box(box.left // step, box.top // step, -(-box.right // step), -(-box.bottom // step))


def doubled(box: Box) -> Box:
    """The same box in pixels of half the size."""
    return Box(*(2 * side for side in box))


def grown(box: Box, margin: int, height: int, width: int) -> Box:
    """``margin`` pixels more on every side, inside the image."""
    larger = Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
    return larger.clipped(width, height)


def within(box: Box, outer: Box) -> Box:
    """The box as seen from the corner of ``outer``."""
    return Box(box.left - outer.left, box.top - outer.top, box.right - outer.left, box.bottom - outer.top)
