"""Where a region's look comes from: a noise vector, or several of them spread over the region.

A style is a value; nothing in it is ever written again. :mod:`~oasis_studio.core.models.style_noise` turns styles
into the numbers of a request.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np

from oasis_studio.core.pixels.box import Box

STRONGEST = 1.2
"""Of a style: its vector times this."""
MOST_STEPS = 64
"""Noise vectors that one region may be given at most."""
MOST_PAINTS = 6
"""More than these could not have two steps each."""
MOST_KEPT = 32
"""Styles that a region can go back to."""
DEEPEST_MIX = 4
"""Mixes of mixes of mixes …"""


class Origin(StrEnum):
    """What a stored vector was taken from."""

    SWATCH = "swatch"
    PHOTO = "photo"
    """Found by inversion: the vector that makes the region look like a photo."""
    BLEND = "blend"
    """A mix or an animation, kept."""


@dataclass(frozen=True)
class ImageSeed:
    """The style of the whole image: its seed, unless the image has another style."""


@dataclass(frozen=True)
class OwnSeed:
    """A seed of the region's own, 0..MAX_SEED."""

    seed: int


@dataclass(frozen=True)
class StoredVector:
    """``values`` are the noise (float32 numbers) for the model called ``model`` (:func:`model_identity`).

    With another model they mean nothing; a seed that follows from them stands in. ``name`` is the swatch's, or that
    of the photo's file.
    """

    values: tuple[float, ...]
    model: str
    origin: Origin = Origin.SWATCH
    name: str = ""

    @classmethod
    def of(cls, vector: np.ndarray, model: str, origin: Origin, name: str = "") -> StoredVector:
        """From (Z,) numbers; ValueError unless all are finite."""
        if vector.ndim != 1 or not np.isfinite(vector).all():
            raise ValueError("a style is a row of finite numbers")
        return cls(tuple(vector.astype(np.float32).tolist()), model, origin, name)


@dataclass(frozen=True)
class Mix:
    """Between two styles, along the sphere: ``share`` 0 is the first, 1 the second."""

    first: Source
    second: Source
    share: float


Source = ImageSeed | OwnSeed | StoredVector | Mix
"""What gives one vector."""

IMAGE_SEED = ImageSeed()


@dataclass(frozen=True)
class Linear:
    """From 0 at ``start`` to 1 at ``end``, both (x, y) in document pixels, straight."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True)
class Radial:
    """From 0 at ``centre`` to 1 at ``radius`` pixels from it and beyond."""

    centre: tuple[float, float]
    radius: float


@dataclass(frozen=True, eq=False)
class Brushed:
    """``amounts_hw`` uint8, 0..255 for 0..1, inside ``box``; 0 outside it."""

    box: Box
    amounts_hw: np.ndarray


Shape = Linear | Radial | Brushed


@dataclass(frozen=True)
class Paint:
    """A second style that lies over the region's own, as much of it everywhere as ``shape`` says."""

    source: Source
    shape: Shape


@dataclass(frozen=True)
class RegionStyle:
    """``source`` gives the vector, ``strength`` 0..STRONGEST scales it (truncation), ``paints`` lie over it in order.

    Each region gets MOST_STEPS different vectors at most, so that the noise stays piecewise constant.
    """

    source: Source = IMAGE_SEED
    strength: float = 1.0
    paints: tuple[Paint, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Does the region look as the whole image?"""
        return self == PLAIN

    @property
    def nbytes(self) -> int:
        return sum(paint.shape.amounts_hw.nbytes for paint in self.paints if isinstance(paint.shape, Brushed))

    def sourced(self, source: Source) -> RegionStyle:
        """Another source, as strong and as painted over."""
        return replace(self, source=source)

    def painted(self, paint: Paint) -> RegionStyle:
        """One style more over it; the oldest goes where there are too many."""
        return replace(self, paints=(*self.paints, paint)[-MOST_PAINTS:])

    def placed(self, across: float, down: float, dx: int, dy: int) -> RegionStyle:
        """On a canvas scaled by so much and then moved by so many pixels."""
        if not self.paints:
            return self
        moved = tuple(replace(paint, shape=_placed(paint.shape, across, down, dx, dy)) for paint in self.paints)
        return replace(self, paints=moved)


PLAIN = RegionStyle()


@dataclass(frozen=True)
class StyleTrail:
    """The styles a region has had, from the oldest, and which of them it has now."""

    styles: tuple[RegionStyle, ...] = (PLAIN,)
    index: int = 0

    @property
    def style(self) -> RegionStyle:
        return self.styles[self.index]

    @property
    def can_step_back(self) -> bool:
        return self.index > 0

    @property
    def can_step_forth(self) -> bool:
        return self.index < len(self.styles) - 1

    def after(self, style: RegionStyle) -> StyleTrail:
        """With a newer style; those that were stepped back from are dropped, and the oldest of very many."""
        if style == self.style:
            return self
        kept = (*self.styles[: self.index + 1], style)[-MOST_KEPT:]
        return StyleTrail(kept, len(kept) - 1)

    def placed(self, across: float, down: float, dx: int, dy: int) -> StyleTrail:
        """As :meth:`RegionStyle.placed`, all of them."""
        return replace(self, styles=tuple(style.placed(across, down, dx, dy) for style in self.styles))

    def stepped(self, steps: int) -> StyleTrail:
        """Back (negative) or forth as far as there are styles."""
        return replace(self, index=max(0, min(self.index + steps, len(self.styles) - 1)))


NO_TRAIL = StyleTrail()


def slerp(first_Z: np.ndarray, second_Z: np.ndarray, share: float) -> np.ndarray:
    """Spherical interpolation, (Z,) float32: both ends keep their length; a straight line where they are parallel."""
    lengths = float(np.linalg.norm(first_Z)) * float(np.linalg.norm(second_Z))
    cosine = float(first_Z @ second_Z) / lengths if lengths > 0 else 1.0
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    if math.sin(angle) < 1e-4:
        return ((1 - share) * first_Z + share * second_Z).astype(np.float32)
    mixed = math.sin((1 - share) * angle) * first_Z + math.sin(share * angle) * second_Z
    return (mixed / math.sin(angle)).astype(np.float32)


def amounts(shape: Shape, box: Box) -> np.ndarray:
    """How much of a paint there is inside ``box``, (h, w) float32 in 0..1, at the pixels' centres."""
    if isinstance(shape, Brushed):
        return _brushed(shape, box)
    rows = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] + 0.5
    columns = np.arange(box.left, box.right, dtype=np.float32)[None, :] + 0.5
    if isinstance(shape, Radial):
        away = np.hypot(columns - shape.centre[0], rows - shape.centre[1])
        return np.clip(away / max(shape.radius, 1e-3), 0, 1)
    (x0, y0), (x1, y1) = shape.start, shape.end
    squared = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-6)
    along = (columns - x0) * np.float32((x1 - x0) / squared) + (rows - y0) * np.float32((y1 - y0) / squared)
    return np.clip(along, 0, 1)


def _brushed(shape: Brushed, box: Box) -> np.ndarray:
    found = np.zeros((box.height, box.width), np.float32)
    left, top = max(box.left, shape.box.left), max(box.top, shape.box.top)
    right, bottom = min(box.right, shape.box.right), min(box.bottom, shape.box.bottom)
    if left < right and top < bottom:
        inner = shape.amounts_hw[
            top - shape.box.top : bottom - shape.box.top, left - shape.box.left : right - shape.box.left
        ]
        found[top - box.top : bottom - box.top, left - box.left : right - box.left] = inner / np.float32(255)
    return found


def _placed(shape: Shape, across: float, down: float, dx: int, dy: int) -> Shape:
    if isinstance(shape, Linear):
        (x0, y0), (x1, y1) = shape.start, shape.end
        return Linear((x0 * across + dx, y0 * down + dy), (x1 * across + dx, y1 * down + dy))
    if isinstance(shape, Radial):
        x, y = shape.centre
        return Radial((x * across + dx, y * down + dy), shape.radius * math.sqrt(across * down))
    left, top = round(shape.box.left * across) + dx, round(shape.box.top * down) + dy
    width, height = max(1, round(shape.box.width * across)), max(1, round(shape.box.height * down))
    amounts_hw = shape.amounts_hw
    if (height, width) != amounts_hw.shape:
        amounts_hw = np.asarray(cv2.resize(amounts_hw, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return Brushed(Box(left, top, left + width, top + height), amounts_hw)


def depth(source: Source) -> int:
    """How many mixes lie inside each other."""
    return 1 + max(depth(source.first), depth(source.second)) if isinstance(source, Mix) else 0
