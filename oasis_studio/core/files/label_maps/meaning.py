"""What the pixels of a label map mean: ids, grey values of a palette, or the colours of classes.

The one rule for window, verbs, data sets and trainer, so that a file is the same label map wherever it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import numpy as np

from oasis_studio.core.classes.nearest import packed
from oasis_studio.core.files.label_maps.pixels import LabelPixels
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

NO_CLASS = 65535
"""In a label map of 16 bits: nobody gave this pixel a class."""

UNKNOWN = 65534
"""In a label map of 16 bits: there is something, but it is none of the classes."""

UNLABELLED = 255
"""The id that means "no class" in label maps of 8 bits, whatever the class list says."""

_BAND = 256


class Meaning(StrEnum):
    """How the pixels of a file are read."""

    IDS = "ids"
    """Grey values or indices are the ids."""
    GREYS = "greys"
    """The pixels are indices, and the grey values that they stand for are the ids."""
    COLORS = "colors"
    """Every class has its colour."""


class ListedClass(Protocol):
    """An entry of a class list; ``color`` is 8-bit RGB, or None if nothing says it."""

    @property
    def id(self) -> int: ...
    @property
    def color(self) -> tuple[int, int, int] | None: ...


class KnownClasses:
    """What a class list tells a reader of pixels: the ids, those that mean "no class", and the colours."""

    def __init__(self, classes: Iterable[ListedClass] = (), nothing: Collection[int] = ()) -> None:
        entries = tuple(classes)
        self.ids = frozenset(entry.id for entry in entries)
        self.nothing = frozenset({UNLABELLED, *nothing})
        self._colored = [(entry.color, entry.id) for entry in entries if entry.color is not None]

    @property
    def has_colors(self) -> bool:
        return bool(self._colored)

    def are_ids(self, numbers: np.ndarray) -> bool:
        """Whether each of these numbers is a class or means "no class"."""
        return all(int(number) in self.ids or int(number) in self.nothing for number in numbers)

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """Packed colours, ascending, and their ids; a colour of several classes belongs to the first of them."""
        found = {int(packed(np.array(color, np.uint8))): number for color, number in reversed(self._colored)}
        keys = np.array(sorted(found), np.int32)
        return keys, np.array([found[int(key)] for key in keys], np.uint16)

    def ids_of(self, colors: np.ndarray) -> np.ndarray:
        """(…) uint16 ids of (…, 3) uint8 RGB; a colour that no class has becomes :data:`UNKNOWN`."""
        keys, ids = self._sorted
        result = np.full(colors.shape[:-1], UNKNOWN, np.uint16)
        if not len(keys):
            return result
        for top in range(0, len(colors), _BAND):
            values = packed(colors[top : top + _BAND])
            place = np.searchsorted(keys, values).clip(max=len(keys) - 1)
            result[top : top + _BAND] = np.where(keys[place] == values, ids[place], np.uint16(UNKNOWN))
        return result

    def nearest(self, image_HW3: np.ndarray) -> np.ndarray:
        """(H, W) uint16: the id of the nearest colour, for pictures that were saved with losses."""
        best = np.full(image_HW3.shape[:2], 2**30, np.int32)
        labels = np.full(image_HW3.shape[:2], NO_CLASS, np.uint16)
        pixels = image_HW3.astype(np.int32)
        for color, number in self._colored:
            distance = np.square(pixels - np.array(color, np.int32)).sum(axis=2)
            closer = distance < best
            best[closer], labels[closer] = distance[closer], number
        return labels


def read_ids(pixels: LabelPixels, known: KnownClasses) -> tuple[np.ndarray, Meaning]:
    """((H, W) uint16, how it was read): ids, :data:`NO_CLASS` where the file is transparent, :data:`UNKNOWN` else.

    StudioError if the pixels are colours and no class has one.
    """
    meaning = meaning_of(pixels, known)
    ids = np.array(_ids(pixels, meaning, known), np.uint16)
    if pixels.unseen_hw is not None:
        ids[pixels.unseen_hw] = NO_CLASS
    return ids, meaning


def _ids(pixels: LabelPixels, meaning: Meaning, known: KnownClasses) -> np.ndarray:
    if meaning is Meaning.COLORS:
        if pixels.rgb_HW3 is not None:
            return known.ids_of(pixels.rgb_HW3)
        assert pixels.palette_K4 is not None and pixels.numbers_HW is not None
        return known.ids_of(pixels.palette_K4[:, :3])[pixels.numbers_HW]
    numbers = numbers_of(pixels, meaning)
    if numbers.dtype.kind == "u":
        return numbers
    return np.where((numbers < 0) | (numbers > NO_CLASS), UNKNOWN, numbers)


def numbers_of(pixels: LabelPixels, meaning: Meaning) -> np.ndarray:
    """(H, W) whole numbers of a map whose pixels are no colours of classes."""
    if pixels.rgb_HW3 is not None:
        return pixels.rgb_HW3[..., 0]
    assert pixels.numbers_HW is not None
    if meaning is Meaning.GREYS and pixels.palette_K4 is not None:
        return pixels.palette_K4[:, 0][pixels.numbers_HW]
    return pixels.numbers_HW


def meaning_of(pixels: LabelPixels, known: KnownClasses) -> Meaning:
    """How the map is to be read.

    The indices of an indexed map are its ids, unless its colours are those of classes in another order, or all grey:
    programs that make a file small number its colours anew. Colours with equal channels are grey values.
    """
    if pixels.palette_K4 is not None:
        return _meaning_of_indices(pixels, pixels.palette_K4, known)
    if pixels.rgb_HW3 is None:
        return Meaning.IDS
    if pixels.is_grey:
        values = np.unique(pixels.rgb_HW3[..., 0])
        as_colors = int((known.ids_of(np.repeat(values[:, None], 3, 1)) != UNKNOWN).sum())
        as_ids = sum(known.are_ids(values[index : index + 1]) for index in range(len(values)))
        return Meaning.COLORS if as_colors == len(values) or as_colors > as_ids else Meaning.IDS
    if not known.has_colors:
        raise StudioError(
            _("{name} has colours, and no class list says what they mean.").format(name=pixels.name),
            _("Put a classes.json with names and colours beside it, or name one with --classes."),
        )
    return Meaning.COLORS


def _meaning_of_indices(pixels: LabelPixels, palette_K4: np.ndarray, known: KnownClasses) -> Meaning:
    used = pixels.used
    of_color = known.ids_of(palette_K4[used, :3])
    is_own, is_known = of_color == used, of_color != UNKNOWN
    if is_own.all():
        return Meaning.IDS
    moved = int((is_known & ~is_own).sum())
    if 2 * int(is_known.sum()) > len(used) and moved > int(is_own.sum()):
        return Meaning.COLORS
    if not pixels.is_grey or (used >= pixels.listed).any():
        return Meaning.IDS
    greys = palette_K4[used, 0]
    if (greys == used).all():
        return Meaning.IDS
    if not known.ids or not known.are_ids(used):
        return Meaning.GREYS
    return Meaning.IDS if _is_ramp(used, greys, len(known.ids)) or not known.are_ids(greys) else Meaning.GREYS


def _is_ramp(used: np.ndarray, greys: np.ndarray, count: int) -> bool:
    """Whether the greys run from black to white over ``count`` classes, as a program shows them: for two, 0 and 255."""
    return count > 1 and bool((np.abs(greys.astype(int) - used * 255 / (count - 1)) <= 1).all())
