"""Moving, turning, scaling and flipping a part of a layer: nearest neighbour, exact for flips and quarter turns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import box_around
from oasis_studio.core.tools.tool import check_paintable
from oasis_studio.core.tools.touched import TouchedTiles
from oasis_studio.i18n import _


@dataclass(frozen=True)
class Placement:
    """Where a piece goes: flipped first, then scaled, turned around its middle, and moved.

    ``dx``, ``dy`` pixels to the right and down; ``scale_x``, ``scale_y`` above 0; ``angle`` degrees clockwise;
    ``is_copy`` leaves the piece where it was as well.
    """

    dx: int = 0
    dy: int = 0
    scale_x: float = 1.0
    scale_y: float = 1.0
    angle: float = 0.0
    is_flipped_x: bool = False
    is_flipped_y: bool = False
    is_copy: bool = False


class Transformation:
    """One transformation under way, shown in the layer: ``begin``, any number of ``show``, ``finish`` or ``cancel``.

    Like a :class:`~oasis_studio.core.tools.Tool`, it writes straight into ``layer.labels``.
    """

    def __init__(self) -> None:
        self._layer: LabelLayer | None = None
        self._box = EMPTY
        self._placement = Placement()

    @property
    def is_open(self) -> bool:
        return self._layer is not None

    @property
    def box(self) -> Box:
        """Where the piece was at the beginning."""
        return self._box

    def begin(self, layer: LabelLayer, selection: Selection | None = None) -> Box:
        """Take the painted pixels of ``selection`` (None: of the layer); returns the box they turn around.

        That is the selection's box, or the smallest one around the painted pixels. StudioError if the layer is
        locked or hidden; with nothing to take the box is empty and the transformation does not begin.
        """
        check_paintable(layer)
        box = selection.box if selection else box_around(layer.labels != UNPAINTED)
        self._piece = layer.labels[box.slices].copy()
        self._mask = np.ones(self._piece.shape, bool)
        if selection:
            self._mask = selection.mask_HW[box.slices].copy()
            self._piece[~self._mask] = UNPAINTED
        if (self._piece == UNPAINTED).all():
            return EMPTY
        self._layer, self._box, self._placement = layer, box, Placement()
        self._touched = TouchedTiles(layer)
        return box

    def show(self, placement: Placement) -> Box:
        """Show the piece there, and not where it was shown before; returns the pixels that may have changed."""
        layer = self._layer
        if layer is None:
            return EMPTY
        dirty = self._touched.restore()
        height, width = layer.labels.shape
        if not placement.is_copy:
            self._touched.keep_box(self._box)
            layer.labels[self._box.slices][self._piece != UNPAINTED] = UNPAINTED
            dirty = dirty.united(self._box)
        box, labels = placed(self._piece, self._box, placement, width, height, UNPAINTED)
        self._touched.keep_box(box)
        np.copyto(layer.labels[box.slices], labels, where=labels != UNPAINTED)
        self._placement = placement
        return dirty.united(box)

    def selection_now(self) -> Selection:
        """What was chosen at the beginning, where it is shown now; call while open."""
        assert self._layer is not None, "not open"
        height, width = self._layer.labels.shape
        mask = np.zeros((height, width), bool)
        box, part = placed(self._mask.view(np.uint8), self._box, self._placement, width, height, 0)
        mask[box.slices] = part != 0
        return Selection(mask)

    def finish(self) -> Command | None:
        """End as it is shown. The command is in effect already: give it to ``History.record``; None if no change."""
        layer, self._layer = self._layer, None
        return self._touched.command(_("Transform")) if layer else None

    def cancel(self) -> Box:
        """Put everything back."""
        layer, self._layer = self._layer, None
        return self._touched.restore() if layer else EMPTY


def transform(layer: LabelLayer, placement: Placement, selection: Selection | None = None) -> Command | None:
    """The whole transformation in one go, already in effect: for ``History.record``. None if no pixel changed."""
    running = Transformation()
    running.begin(layer, selection)
    running.show(placement)
    return running.finish()


def placed(
    piece_hw: np.ndarray, box: Box, placement: Placement, width: int, height: int, fill: int
) -> tuple[Box, np.ndarray]:
    """Where a piece (uint8) that lay in ``box`` lies on the canvas afterwards, and its pixels; ``fill`` around it."""
    wide = max(1, round(box.width * placement.scale_x))
    high = max(1, round(box.height * placement.scale_y))
    cosine, sine = _turn(placement.angle)
    new_width = math.ceil(abs(wide * cosine) + abs(high * sine) - 1e-9)
    new_height = math.ceil(abs(wide * sine) + abs(high * cosine) - 1e-9)
    left = box.left + placement.dx + int((box.width - new_width) / 2)  # toward 0: four quarter turns come back
    top = box.top + placement.dy + int((box.height - new_height) / 2)
    target = Box(left, top, left + new_width, top + new_height)
    inside = target.clipped(width, height)
    if inside.is_empty:
        return EMPTY, np.zeros((0, 0), np.uint8)
    piece = piece_hw[:: -1 if placement.is_flipped_y else 1, :: -1 if placement.is_flipped_x else 1]
    x = np.arange(inside.left, inside.right) + 0.5 - left - new_width / 2
    y = np.arange(inside.top, inside.bottom) + 0.5 - top - new_height / 2
    if sine == 0:
        return inside, piece[np.ix_(_nearest(y * cosine, high, box.height), _nearest(x * cosine, wide, box.width))]
    if cosine == 0:
        columns, rows = _nearest(y * sine, wide, box.width), _nearest(-x * sine, high, box.height)
        return inside, piece[np.ix_(rows, columns)].T
    across, down = box.width / wide, box.height / high
    matrix = np.array(
        [
            [cosine * across, sine * across, (x[0] * cosine + y[0] * sine + wide / 2) * across - 0.5],
            [-sine * down, cosine * down, (-x[0] * sine + y[0] * cosine + high / 2) * down - 0.5],
        ]
    )
    turned = cv2.warpAffine(
        np.ascontiguousarray(piece),
        matrix,
        (inside.width, inside.height),
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=fill,
    )
    return inside, np.asarray(turned, np.uint8)


def _turn(angle: float) -> tuple[float, float]:
    """Cosine and sine, exact for quarter turns."""
    quarters, rest = divmod(angle, 90)
    if rest == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarters) % 4]
    return math.cos(math.radians(angle)), math.sin(math.radians(angle))


def _nearest(centered: np.ndarray, scaled: int, size: int) -> np.ndarray:
    """Index among ``size`` pixels of places measured from the middle of their ``scaled`` size."""
    places = np.floor((centered + scaled / 2) * (size / scaled)).astype(np.int64)
    return np.clip(places, 0, size - 1)
