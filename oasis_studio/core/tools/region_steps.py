"""What a person does with whole regions, made of the small commands: split into parts, join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import StyleTrail
from oasis_studio.core.history.commands import AddLayer, RemoveLayer, Together
from oasis_studio.core.history.history import Command
from oasis_studio.core.history.style_commands import SetTrails
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import Point, box_around
from oasis_studio.core.tools.layer_steps import repaint
from oasis_studio.core.tools.region_heirs import locked_together
from oasis_studio.core.tools.tool import check_paintable
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MOST_PARTS = 64
"""Layers that a split makes at most; smaller parts stay together."""
_CUT = 2
"""Width of a cut in pixels, so that no diagonal holds two parts together; its pixels go to the nearest part."""


def split(document: Document, regions: RegionMap, *keys: RegionKey) -> Command:
    """Every part of these regions that hangs together becomes a layer of its own, with the style of its region.

    The largest part of each stays where it is, and so does a region of one part. StudioError if all are in one part, or
    a layer that would change is locked.
    """
    found = {key: _parts(regions.mask(key))[1:] for key in keys}
    cut_off = {key: parts for key, parts in found.items() if parts}
    if not cut_off:
        raise StudioError(
            _("This region is in one piece already."),
            _("Draw a line through it with the split tool to cut it."),
        )
    return _lifted(document, cut_off, _("Split region"))


def cut(document: Document, regions: RegionMap, key: RegionKey, path: Sequence[Point]) -> Command:
    """A region falls into the parts that a stroke along ``path`` divides it into.

    StudioError if the stroke does not go all the way through, or the layer is locked.
    """
    mask = regions.mask(key)
    line = np.zeros(mask.shape, np.uint8)
    points = np.rint(np.array(path, np.float64) - 0.5).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(line, [points], isClosed=False, color=1, thickness=_CUT)
    cut_off: list[np.ndarray] = []
    for piece in _parts(mask):  # pieces that the stroke does not divide stay where they are
        if line[piece].any():
            parts = _parts(piece & (line == 0))
            if len(parts) > 1:
                cut_off += _with_cut(parts, piece, box_around(piece))[1:]
    if not cut_off:
        raise StudioError(_("The stroke does not divide this region."), _("Draw it from one edge to another."))
    return _lifted(document, {key: cut_off}, _("Cut region"))


def join(document: Document, regions: RegionMap, keys: Sequence[RegionKey]) -> Command:
    """Regions of one class become one, on the highest of their layers; layers that are left empty go.

    It has the style of the largest, and what was locked stays locked. StudioError if there are fewer than two, of
    several classes, or on locked layers.
    """
    if len(keys) < 2:
        raise StudioError(_("Choose two regions or more to join."), _("Ctrl and click in the list chooses several."))
    if len({key.label for key in keys}) > 1:
        raise StudioError(_("Only regions of one class can be joined."), _("Paint them with one class first."))
    members = [layer for layer in document.layers if any(key.layer_id == layer.id for key in keys)]
    target = members[-1]
    for layer in members:
        check_paintable(layer)
    label = keys[0].label
    everything = regions.mask(*keys)
    steps: list[Command] = []
    for layer in members[:-1]:
        own = regions.mask(RegionKey(layer.id, label))
        left = np.where(own, np.uint8(UNPAINTED), layer.labels)
        if (left == UNPAINTED).all():
            steps.append(RemoveLayer(layer.id))
        elif (painted := repaint(layer, left, "")) is not None:
            steps.append(painted)
    joined = repaint(target, np.where(everything, np.uint8(label), target.labels), "")
    if joined is not None:
        steps.append(joined)
    largest = max(keys, key=regions.area)
    steps.append(SetTrails({RegionKey(target.id, label): document.styles.get(largest, StyleTrail())}))
    steps += locked_together(document, {key: target.id for key in keys if key in document.locks})
    return Together(_("Join regions"), tuple(steps))


def _lifted(document: Document, cut_off: Mapping[RegionKey, Sequence[np.ndarray]], title: str) -> Command:
    """Each mask becomes a layer right above its region's, the larger ones lower."""
    order = [BACKGROUND_LAYER, *(layer.id for layer in document.layers)]
    steps: list[Command] = []
    for layer in document.layers:
        gone = [part for key, parts in cut_off.items() if key.layer_id == layer.id for part in parts]
        if gone:
            check_paintable(layer)
            left = np.where(np.logical_or.reduce(gone), np.uint8(UNPAINTED), layer.labels)
            if (painted := repaint(layer, left, "")) is not None:
                steps.append(painted)
    trails = {}
    for key, parts in cut_off.items():
        name, trail = document.palette.classes[key.label].title, document.styles.get(key)
        for number, part in enumerate(parts):
            made = LabelLayer(f"{name} {number + 2}", np.where(part, np.uint8(key.label), np.uint8(UNPAINTED)))
            place = order.index(key.layer_id) + number
            steps.append(AddLayer(made, place))
            order.insert(place + 1, made.id)  # the background comes first in this list
            if trail is not None:
                trails[RegionKey(made.id, key.label)] = trail
    if trails:
        steps.append(SetTrails(trails))
    return Together(title, tuple(steps))


def _parts(mask_HW: np.ndarray) -> list[np.ndarray]:
    """(H, W) bool each: what hangs together over edges, the largest first; very many small ones stay with the first."""
    count, numbers, stats, _centres = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(mask_HW).view(np.uint8), connectivity=4
    )
    order = 1 + np.argsort(-stats[1:count, cv2.CC_STAT_AREA], kind="stable")
    parts = [numbers == number for number in order[:MOST_PARTS].tolist()]
    if len(order) > MOST_PARTS:
        parts[0] |= np.isin(numbers, order[MOST_PARTS:])
    return parts


def _with_cut(parts: list[np.ndarray], mask_HW: np.ndarray, box: Box) -> list[np.ndarray]:
    """The pixels of the cut go to the part that is nearest."""
    away = np.stack(
        [
            cv2.distanceTransform((~part[box.slices]).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
            for part in parts
        ]
    )
    nearest = away.argmin(axis=0)
    found = []
    for number in range(len(parts)):
        whole = np.zeros(mask_HW.shape, bool)
        whole[box.slices] = (nearest == number) & mask_HW[box.slices]
        found.append(whole)
    return found
