"""What is in a file that should become a label map, before a person decides what each value means.

For a dialog: the ids or colours found, how often each occurs, and which class it probably is.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image

from oasis_studio.core.document import MAX_SIDE, MIN_SIDE, check_size
from oasis_studio.core.files import npy, png
from oasis_studio.core.files.labelmap import read_bytes
from oasis_studio.core.nearest import nearest_classes, packed, unpacked
from oasis_studio.core.palette import UNPAINTED, Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

FORMATS = ("PNG", "TIFF", "BMP", "GIF", "WEBP", "JPEG")
"""Of images, as Pillow calls them; NumPy arrays are read as well."""

TRANSPARENT = -1
"""The value of a pixel that is more transparent than opaque."""

_BAND = 512
_LIMIT = 2**31
_DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, struct.error, zlib.error),
)


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

    ``kind`` says what the values are; without it grey and indexed pixels are taken for ids, unless indexed ones have
    the palette's colours, and coloured pixels for colours, unless all are grey and none is a class.
    """
    name, data = Path(path).name, read_bytes(path)
    if data.startswith(npy.MAGIC):
        return _reading(name, ValueKind.IDS, _whole(npy.decode_npy(data, name), name), palette)
    image = _open(data, name)
    alpha = _alpha(image)
    half = int(np.count_nonzero((alpha > 0) & (alpha < 255))) if alpha is not None else 0
    kind = kind or _kind(image, palette)
    values = _ids(image, data, name) if kind is ValueKind.IDS else packed(np.asarray(image.convert("RGB")))
    if alpha is not None:
        values = np.where(alpha < 128, np.int32(TRANSPARENT), values)
    return _reading(name, kind, values, palette, half)


def _reading(name: str, kind: ValueKind, values_HW: np.ndarray, palette: Palette, half: int = 0) -> LabelReading:
    values, counts = _counted(values_HW)
    if kind is ValueKind.IDS:
        is_exact = (values >= 0) & (values < len(palette))
        suggested = np.where(is_exact, values, UNPAINTED).astype(np.uint8)
        is_exact |= (values == UNPAINTED) | (values == TRANSPARENT)
    else:
        suggested, is_exact = nearest_classes(unpacked(values), palette)
        suggested[values == TRANSPARENT] = UNPAINTED
        is_exact[values == TRANSPARENT] = True
    return LabelReading(name, kind, values_HW, values, counts, suggested, is_exact, half)


def _counted(values_HW: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different values, ascending, and how often each occurs."""
    bands = [np.unique(values_HW[top : top + _BAND], return_counts=True) for top in range(0, len(values_HW), _BAND)]
    values, places = np.unique(np.concatenate([band[0] for band in bands]), return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, places, np.concatenate([band[1] for band in bands]))
    return values, counts


def _open(data: bytes, name: str) -> Image.Image:
    """The decoded image; its size is checked before a pixel is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # check_size is stricter, and damage is told in a sentence
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            check_size(*image.size)
            image.load()
    except Image.DecompressionBombError as error:
        raise StudioError(
            _("{name} is too large.").format(name=name),
            _("Each side may have {low} to {high} pixels.").format(low=MIN_SIDE, high=MAX_SIDE),
        ) from error
    except _DAMAGE as error:
        raise StudioError(
            _("{name} is no image or array of labels that can be read.").format(name=name),
            _("PNG keeps labels best; TIFF, BMP, GIF, WebP, JPEG and .npy can be read. The file may also be damaged."),
            repr(error),
        ) from error
    return image


def _alpha(image: Image.Image) -> np.ndarray | None:
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        return np.asarray(image.convert("RGBA"))[..., 3]
    return None


def _kind(image: Image.Image, palette: Palette) -> ValueKind:
    if image.mode not in ("P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"):
        return ValueKind.IDS
    rgb = np.asarray(image.convert("RGB"))
    known = np.isin(_counted(packed(rgb))[0], packed(palette.colors[: len(palette)]))
    if image.mode in ("P", "PA"):
        return ValueKind.COLORS if known.any() and not _are_ids(image, palette) else ValueKind.IDS
    is_grey = bool((rgb[..., 0] == rgb[..., 1]).all() and (rgb[..., 1] == rgb[..., 2]).all())
    return ValueKind.IDS if is_grey and not known.any() else ValueKind.COLORS


def _are_ids(image: Image.Image, palette: Palette) -> bool:
    """Does every index used have the colour of the class with that id?"""
    indices = np.asarray(image.getchannel(0))
    used = np.flatnonzero(np.bincount(indices.ravel(), minlength=256))
    used = used[used != UNPAINTED]
    colors = np.zeros((256, 3), np.uint8)
    listed = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)
    colors[: len(listed)] = listed
    return bool((used < len(palette)).all() and np.array_equal(colors[used], palette.colors[used]))


def _ids(image: Image.Image, data: bytes, name: str) -> np.ndarray:
    """The pixels' values as ids, int32: the indices, the grey values, or the first channel of colours."""
    if image.mode in ("P", "PA"):
        return np.asarray(image.getchannel(0)).astype(np.int32)
    if image.mode.startswith(("I", "F")):
        return _whole(np.asarray(image), name)
    if image.mode not in ("1", "L", "LA", "La"):
        return np.asarray(image.convert("RGB"))[..., 0].astype(np.int32)
    values = np.asarray(image.convert("L")).astype(np.int32)
    if image.mode == "1":
        return values // 255
    depth = png.read_header(data, name).depth if image.format == "PNG" else 8
    return values // (255 // (2**depth - 1)) if depth < 8 else values  # decoding stretches 2 and 4 bits to 0..255


def _whole(values_HW: np.ndarray, name: str) -> np.ndarray:
    """int32 of an array whose values are whole numbers that fit."""
    if values_HW.dtype.kind == "f" and not (np.isfinite(values_HW).all() and (values_HW % 1 == 0).all()):
        raise StudioError(
            _("{name} holds fractions, which are no class ids.").format(name=name),
            _("A label map consists of whole numbers."),
        )
    if values_HW.dtype.kind != "b" and (values_HW.min() < -_LIMIT or values_HW.max() >= _LIMIT):
        raise StudioError(_("{name} holds numbers too large for class ids.").format(name=name))
    return values_HW.astype(np.int32)
