"""What is in a file that should become a label map, before a person decides what each value means.

For a dialog: the ids or colours found, how often each occurs, and which class it probably is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from oasis_studio.core.classes.nearest import nearest_classes, packed, unpacked
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.disk.endings import LABEL_FORMATS
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.files.label_maps.meaning import UNKNOWN, KnownClasses, Meaning, meaning_of, numbers_of
from oasis_studio.core.files.label_maps.pixels import LabelPixels, decode_pixels

FORMATS = (*LABEL_FORMATS, "JPEG", "AVIF")
"""Of images, as Pillow calls them: also those that change colours, since a person sees the outcome."""

TRANSPARENT = -1
"""The value of a pixel that is more transparent than opaque."""

_BAND = 512


class ValueKind(StrEnum):
    """What the values of a file are."""

    IDS = "ids"
    COLORS = "colors"
    """As 0xRRGGBB."""


@dataclass(frozen=True)
class FoundValue:
    """One value of a file: how many pixels have it, the class it probably means, and whether that is certain."""

    value: int
    count: int
    label: int
    is_exact: bool


@dataclass(frozen=True, eq=False)
class LabelReading:
    """``values_HW`` int32 as found; ``values`` (V,) the different ones, ascending, with their pixel ``counts``.

    ``suggested`` (V,) uint8 is a class id for each (255: unpainted), ``is_exact`` (V,) bool whether the palette has
    just that id or colour. ``half_transparent`` counts pixels that were neither opaque nor transparent.
    """

    name: str
    kind: ValueKind
    values_HW: np.ndarray
    values: np.ndarray
    counts: np.ndarray
    suggested: np.ndarray
    is_exact: np.ndarray
    half_transparent: int = 0
    is_grey_palette: bool = False
    """The pixels are indices of a palette of greys, and its grey values were taken for the ids."""

    @property
    def width(self) -> int:
        return self.values_HW.shape[1]

    @property
    def height(self) -> int:
        return self.values_HW.shape[0]

    @property
    def stray_pixels(self) -> int:
        """How many pixels have a value that is no class: their class is a guess, for ids "unpainted"."""
        return int(self.counts[~self.is_exact].sum())

    @property
    def stray_values(self) -> int:
        return int((~self.is_exact).sum())

    def found(self, most: int = 256) -> list[FoundValue]:
        """The most frequent values, the most frequent first."""
        order = np.argsort(-self.counts, kind="stable")[:most]
        columns = (self.values, self.counts, self.suggested, self.is_exact)
        rows = zip(*(column[order].tolist() for column in columns), strict=True)
        return [FoundValue(*row) for row in rows]

    def apply(self, mapping: Mapping[int, int] | None = None) -> np.ndarray:
        """The label map, (H, W) uint8: every value becomes what ``mapping`` says, or else what is suggested.

        The ids in ``mapping`` are 0..255, 255 meaning unpainted; values that the file does not have are ignored.
        """
        labels = self.suggested.copy()
        for value, label in (mapping or {}).items():
            place = int(np.searchsorted(self.values, value))
            if place < len(self.values) and self.values[place] == value:
                labels[place] = label
        result = np.empty(self.values_HW.shape, np.uint8)
        for top in range(0, self.height, _BAND):
            result[top : top + _BAND] = labels[np.searchsorted(self.values, self.values_HW[top : top + _BAND])]
        return result


def analyse_labels(path: Path, palette: Palette, kind: ValueKind | None = None) -> LabelReading:
    """Read an image or array of labels in whatever values it has; StudioError if it is none or too large.

    ``kind`` says what the values are; without it they are what :func:`.label_meaning.meaning_of` says, and indexed
    pixels are colours too where the palette has some of them.
    """
    pixels = decode_pixels(read_bytes(path), Path(path).name, formats=FORMATS)
    known = KnownClasses(palette.classes)
    meaning = meaning_of(pixels, known)
    kind = kind or _kind(pixels, meaning, known)
    values = np.array(numbers_of(pixels, meaning), np.int32) if kind is ValueKind.IDS else packed(_colors(pixels))
    if pixels.unseen_hw is not None:
        values[pixels.unseen_hw] = TRANSPARENT
    is_grey_palette = meaning is Meaning.GREYS and kind is ValueKind.IDS
    return _reading(pixels.name, kind, values, palette, pixels.half_transparent, is_grey_palette)


def _kind(pixels: LabelPixels, meaning: Meaning, known: KnownClasses) -> ValueKind:
    if meaning is not Meaning.IDS or pixels.palette_K4 is None:
        return ValueKind.COLORS if meaning is Meaning.COLORS else ValueKind.IDS
    of_color = known.ids_of(pixels.palette_K4[pixels.used, :3])
    are_some_known = bool((of_color != UNKNOWN).any()) and not (of_color == pixels.used).all()
    return ValueKind.COLORS if are_some_known else ValueKind.IDS


def _colors(pixels: LabelPixels) -> np.ndarray:
    """(H, W, 3) uint8, grey values as greys."""
    if pixels.rgb_HW3 is not None:
        return pixels.rgb_HW3
    assert pixels.numbers_HW is not None
    if pixels.palette_K4 is not None:
        return pixels.palette_K4[:, :3][pixels.numbers_HW]
    return np.repeat(pixels.numbers_HW.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _reading(
    name: str, kind: ValueKind, values_HW: np.ndarray, palette: Palette, half: int, is_grey_palette: bool
) -> LabelReading:
    values, counts = _counted(values_HW)
    if kind is ValueKind.IDS:
        is_exact = (values >= 0) & (values < len(palette))
        suggested = np.where(is_exact, values, UNPAINTED).astype(np.uint8)
        is_exact |= (values == UNPAINTED) | (values == TRANSPARENT)
    else:
        suggested, is_exact = nearest_classes(unpacked(values), palette)
        suggested[values == TRANSPARENT] = UNPAINTED
        is_exact[values == TRANSPARENT] = True
    return LabelReading(name, kind, values_HW, values, counts, suggested, is_exact, half, is_grey_palette)


def _counted(values_HW: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different values, ascending, and how often each occurs."""
    bands = [np.unique(values_HW[top : top + _BAND], return_counts=True) for top in range(0, len(values_HW), _BAND)]
    values, places = np.unique(np.concatenate([band[0] for band in bands]), return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, places, np.concatenate([band[1] for band in bands]))
    return values, counts
