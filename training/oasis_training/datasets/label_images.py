"""Label maps that are pictures: ids as grey or indexed pixels, or one colour a class."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from PIL import Image

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import NO_CLASS, UNKNOWN, Blob, DatasetClass
from oasis_training.datasets.photos import half, open_image

FORMATS = ["PNG", "TIFF", "BMP", "GIF"]
"""Pictures that keep every pixel as it was; side-by-side pairs alone may be JPEG."""

SUFFIXES = {".png", ".tif", ".tiff", ".bmp", ".gif"}


@dataclass(frozen=True)
class ColorTable:
    """Which id a colour stands for."""

    classes: tuple[DatasetClass, ...]

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        found = {pack_color(entry.color): entry.id for entry in reversed(self.classes) if entry.color is not None}
        keys = np.array(sorted(found), np.int64)
        return keys, np.array([found[int(key)] for key in keys], np.uint16)

    def __len__(self) -> int:
        return len(self._sorted[0])

    def ids(self, packed: np.ndarray) -> np.ndarray:
        """(…) uint16 ids of (…) int64 0xRRGGBB; a colour that no class has becomes :data:`UNKNOWN`."""
        keys, ids = self._sorted
        if not len(keys):
            return np.full(packed.shape, UNKNOWN, np.uint16)
        place = np.searchsorted(keys, packed).clip(max=len(keys) - 1)
        return np.where(keys[place] == packed, ids[place], np.uint16(UNKNOWN))

    def nearest(self, image_HW3: np.ndarray) -> np.ndarray:
        """(H, W) uint16: the id of the nearest colour, for pictures that were saved with losses."""
        entries = [entry for entry in self.classes if entry.color is not None]
        colors = np.array([entry.color for entry in entries], np.int32)
        best = np.full(image_HW3.shape[:2], 2**30, np.int32)
        labels = np.full(image_HW3.shape[:2], NO_CLASS, np.uint16)
        pixels = image_HW3.astype(np.int32)
        for entry, color in zip(entries, colors, strict=True):
            distance = np.square(pixels - color).sum(axis=2)
            closer = distance < best
            best[closer], labels[closer] = distance[closer], entry.id
        return labels


@dataclass(frozen=True)
class LabelImage:
    """A picture of ids, or of colours where ``table`` knows them. Transparent pixels have no class.

    Ids may have 1 to 16 bits, and stand in RGB pixels whose three channels agree. The indices of an indexed picture
    are the ids unless its colours are the table's in another order: programs that save few colours number them anew.
    """

    blob: Blob
    table: ColorTable | None = None

    def read(self) -> np.ndarray:
        data = self.blob.read()
        image = open_image(data, self.blob.name, FORMATS)
        if image.mode == "P":
            return self._indexed(image)
        if image.mode in ("RGB", "RGBA"):
            return self._colored(np.asarray(image))
        return _grey(image, data, self.blob.name)

    def _indexed(self, image: Image.Image) -> np.ndarray:
        indices = np.asarray(image)
        if not self.table:
            return indices
        used = np.flatnonzero(np.bincount(indices.ravel(), minlength=256))
        listed = np.zeros((256, 3), np.uint8)
        colors = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)
        listed[: len(colors)] = colors
        ids = self.table.ids(pack(listed))
        if (ids[used] == UNKNOWN).any() or (ids[used] == used).all():
            return indices
        return ids[indices]

    def _colored(self, image: np.ndarray) -> np.ndarray:
        labels = self.table.ids(pack(image[..., :3])) if self.table else np.full(image.shape[:2], UNKNOWN, np.uint16)
        if (labels == UNKNOWN).any() and (image[..., :1] == image[..., 1:3]).all():
            labels = image[..., 0].astype(np.uint16)
        elif not self.table:
            raise StudioError(
                _("{name} has colours, and no class list says what they mean.").format(name=self.blob.name),
                _("Put a classes.json with names and colours beside it, or name one with --classes."),
            )
        if image.shape[2] == 4:
            labels = np.where(image[..., 3] == 0, np.uint16(NO_CLASS), labels)
        return labels


@dataclass(frozen=True)
class HalfLabels:
    """The half of a side-by-side pair that holds the labels, by the nearest colour of ``table``."""

    blob: Blob
    side: Literal["left", "right"]
    table: ColorTable

    def read(self) -> np.ndarray:
        image = np.asarray(open_image(self.blob.read(), self.blob.name).convert("RGB"))
        return self.table.nearest(half(image, self.side))


def _grey(image: Image.Image, data: bytes, name: str) -> np.ndarray:
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8)
    if image.mode == "L":
        return np.asarray(image) // (255 // (2 ** _png_depth(data) - 1))  # decoding stretches 1, 2, 4 bits to 0..255
    if image.mode in ("LA", "La"):
        grey = np.asarray(image.convert("LA"))
        return np.where(grey[..., 1] == 0, np.uint16(NO_CLASS), grey[..., 0])
    if image.mode.startswith("I"):
        wide = np.asarray(image).astype(np.int64)
        return np.where((wide < 0) | (wide > NO_CLASS), UNKNOWN, wide).astype(np.uint16)
    raise StudioError(_("{name} is no label map: its pixels are {mode}.").format(name=name, mode=image.mode))


def _png_depth(data: bytes) -> int:
    is_png = data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 25
    depth = struct.unpack(">B", data[24:25])[0] if is_png else 8
    return depth if depth in (1, 2, 4) else 8


def pack(rgb: np.ndarray) -> np.ndarray:
    """(…) int64 0xRRGGBB of (…, 3) uint8."""
    return rgb.astype(np.int64) @ np.array([2**16, 2**8, 1])


def pack_color(color: tuple[int, int, int] | None) -> int:
    red, green, blue = color or (0, 0, 0)
    return red << 16 | green << 8 | blue


def unpack_color(packed: int) -> tuple[int, int, int]:
    return packed >> 16, packed >> 8 & 255, packed & 255


def are_colored(blobs: Iterable[Blob]) -> bool:
    """Whether these label maps mean their colours: unequal channels, or palettes that differ from file to file."""
    known: dict[int, tuple[int, ...]] = {}
    for blob in blobs:
        try:
            image = open_image(blob.read(), blob.name, FORMATS)
        except StudioError:
            continue
        pixels = np.asarray(image)
        if image.mode in ("RGB", "RGBA") and (pixels[..., :1] != pixels[..., 1:3]).any():
            return True
        if image.mode == "P":
            palette = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3).tolist()
            for index in np.unique(pixels).tolist():
                color = tuple(palette[index]) if index < len(palette) else ()
                if known.setdefault(index, color) != color:
                    return True
    return False


def collect_colors(blobs: Iterable[Blob], limit: int) -> list[tuple[int, int, int]]:
    """All opaque colours of these label maps, sorted; StudioError if there are more than ``limit``."""
    found: set[int] = set()
    for blob in blobs:
        try:
            image = np.asarray(open_image(blob.read(), blob.name, FORMATS).convert("RGBA"))
        except StudioError:
            continue
        found.update(np.unique(pack(image[image[..., 3] > 0][:, :3])).tolist())
        if len(found) > limit:
            raise StudioError(
                _("The label maps have more than {count} colours, so they cannot be one colour a class.").format(
                    count=limit
                ),
                _("Save them without smoothing, or list the classes and their colours in classes.json."),
            )
    return [unpack_color(packed) for packed in sorted(found)]
