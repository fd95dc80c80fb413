"""The shapes of CVAT's XML, drawn as CVAT shows them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import cv2
import numpy as np

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.shapes import Draw, box, ellipse, polygon, rows_of_runs, stamp
from oasis_training.datasets.values import number, whole

IS_NO_SHAPE = frozenset({"tag"})
"""Elements that say something of the whole image."""

IS_FLAT = frozenset({"points", "polyline", "skeleton"})
"""Shapes without an area; CVAT's own export of masks leaves them out too."""

_CORNERS = ("tl", "tr", "br", "bl")


def area_of(shape: Element) -> Draw:
    """The area of a shape, which may turn out not to be readable when it is drawn: then StudioError says why."""

    def draw(height: int, width: int) -> np.ndarray:
        return _area(shape)(height, width)

    return draw


def z_order(shape: Element) -> int:
    """Shapes with a higher number cover those with a lower one."""
    try:
        return whole(shape.get("z_order", "0"))
    except StudioError:
        return 0


def _area(shape: Element) -> Draw:
    if not shape.get("label"):
        raise StudioError(_("it has no label"))
    match shape.tag:
        case "polygon":
            return polygon(_points(shape))
        case "box":
            left, top, right, bottom = _numbers(shape, "xtl", "ytl", "xbr", "ybr")
            return box(left, top, right, bottom, _rotation(shape))
        case "ellipse":
            x, y, radius_x, radius_y = _numbers(shape, "cx", "cy", "rx", "ry")
            return ellipse(x, y, radius_x, radius_y, _rotation(shape))
        case "cuboid":
            return _cuboid(shape)
        case "mask":
            left, top, width, height = (whole(_attribute(shape, key)) for key in ("left", "top", "width", "height"))
            runs = [whole(run) for run in shape.get("rle", "").split(",")]
            return stamp(rows_of_runs(runs, width, height), left, top)
    raise StudioError(_("shapes of this kind are not known"))


def _cuboid(shape: Element) -> Draw:
    """The outline of a box in perspective: all that its front and its back and what is between them cover."""
    corners = [_numbers(shape, f"x{corner}{side}", f"y{corner}{side}") for side in "12" for corner in _CORNERS]
    hull = cv2.convexHull(np.array(corners, np.float32)).reshape(-1, 2)
    return polygon([(float(x), float(y)) for x, y in hull])


def _points(shape: Element) -> list[tuple[float, float]]:
    found = []
    for text in shape.get("points", "").split(";"):
        if text.strip():
            x, _comma, y = text.partition(",")
            found.append((number(x), number(y)))
    return found


def _numbers(shape: Element, *keys: str) -> list[float]:
    return [number(_attribute(shape, key)) for key in keys]


def _attribute(shape: Element, key: str) -> str:
    value = shape.get(key)
    if value is None:
        raise StudioError(_("it has no {attribute}").format(attribute=key))
    return value


def _rotation(shape: Element) -> float:
    """Degrees, clockwise."""
    return number(shape.get("rotation", "0"))
