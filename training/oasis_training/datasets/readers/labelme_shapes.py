"""The shapes of LabelMe, drawn as its own export draws them (``labelme.utils.shape_to_mask``)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from oasis_studio.core.disk.endings import LABEL_FORMATS
from oasis_studio.core.files.pictures.picture import open_picture
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.blobs import EncodedBlob
from oasis_training.datasets.clipping import cut_segment
from oasis_training.datasets.shapes import Draw, box, ellipse, polygon, stamp
from oasis_training.datasets.values import points

_CORNERED = ("polygon", "oriented_rectangle", "rotation", "quadrilateral")
"""Kinds whose points are their corners; the last two are of X-AnyLabeling, which writes the same files."""
_KINDS = (*_CORNERED, "rectangle", "circle", "point", "line", "linestrip", "mask")
_LINE_WIDTH = 10
_POINT_RADIUS = 5
_BEYOND = 64
"""Pixels around the picture within which lines are drawn, so that their ends and corners stay outside."""


def label_of(shape: Any) -> str:
    """The name of the shape's class, "" if it has none."""
    label = shape.get("label") if isinstance(shape, dict) else None
    return "" if label is None else str(label).strip()


def kind_of(shape: Any) -> str:
    """What LabelMe calls this kind of shape."""
    return str(shape.get("shape_type") or "polygon") if isinstance(shape, dict) else "?"


def area_of(shape: Any) -> Draw:
    """The area of a shape, which may turn out not to be readable when it is drawn: then StudioError says why."""

    def draw(height: int, width: int) -> np.ndarray:
        return _area(shape)(height, width)

    return draw


def _area(shape: Any) -> Draw:
    if not label_of(shape):
        raise StudioError(_("it has no label"))
    kind = kind_of(shape)
    if kind not in _KINDS:
        raise StudioError(_("shapes of this kind are not known"))
    corners = points(shape.get("points"))
    if kind in _CORNERED:
        return polygon(corners)
    match kind:
        case "rectangle":
            _require(corners, 2)
            xs, ys = zip(*corners, strict=True)
            return box(min(xs), min(ys), max(xs), max(ys))
        case "circle":
            _require(corners, 2)
            (x, y), (edge_x, edge_y) = corners[:2]
            radius = float(np.hypot(edge_x - x, edge_y - y))
            return ellipse(x, y, radius, radius)
        case "point":
            _require(corners, 1)
            return ellipse(*corners[0], _POINT_RADIUS, _POINT_RADIUS)
        case "line" | "linestrip":
            _require(corners, 2)
            return _line(corners)
    _require(corners, 1)
    return _mask(shape, corners)


def _require(corners: list[tuple[float, float]], least: int) -> None:
    if len(corners) < least:
        raise StudioError(
            _("it has too few points: {count} instead of {least}").format(count=len(corners), least=least)
        )


def _line(corners: list[tuple[float, float]]) -> Draw:
    """A line through points, ten pixels wide."""

    def draw(height: int, width: int) -> np.ndarray:
        canvas = Image.new("L", (width, height))
        pen = ImageDraw.Draw(canvas)
        low, high = np.full(2, -float(_BEYOND)), np.array([width, height], np.float64) + _BEYOND
        for start, end in pairwise(corners):
            part = cut_segment(start, end, low, high)
            if part is not None:
                pen.line(part, fill=1, width=_LINE_WIDTH)
        return np.asarray(canvas) > 0

    return draw


def _mask(shape: dict[str, Any], corners: list[tuple[float, float]]) -> Draw:
    text = shape.get("mask")
    if not isinstance(text, str):
        raise StudioError(_("it has no mask"))
    picture = open_picture(EncodedBlob(_("its mask"), text).read(), _("its mask"), LABEL_FORMATS)
    return stamp(picture.converted("L") > 0, round(corners[0][0]), round(corners[0][1]))
