"""Photos of a data set, decoded on demand."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from oasis_studio.core.files.photo import MAX_SIDE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import Blob

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
"""Endings of photos, in lower case: those the trainer reads."""

_FORMATS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF"]
_ORIENTATION = 274


@dataclass(frozen=True)
class Photo:
    """A picture file as it is, turned upright."""

    blob: Blob

    def read(self) -> np.ndarray:
        image = open_image(self.blob.read(), self.blob.name)
        if image.mode.startswith("I"):
            grey = (np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)
            return np.repeat(grey[..., None], 3, 2)
        return np.array(ImageOps.exif_transpose(image).convert("RGB"))

    def original(self) -> tuple[str, bytes] | None:
        ending = PurePosixPath(self.blob.name).suffix.lower()
        return (ending, self.blob.read()) if ending in SUFFIXES else None


@dataclass(frozen=True)
class HalfPhoto:
    """The left or right half of a picture file."""

    blob: Blob
    side: Literal["left", "right"]

    def read(self) -> np.ndarray:
        return half(Photo(self.blob).read(), self.side)

    def original(self) -> tuple[str, bytes] | None:
        return None


def half(image: np.ndarray, side: Literal["left", "right"]) -> np.ndarray:
    """One half of (H, W, …); a middle column of an odd width belongs to neither."""
    width = image.shape[1] // 2
    return image[:, :width] if side == "left" else image[:, image.shape[1] - width :]


def open_image(data: bytes, name: str, formats: list[str] = _FORMATS) -> Image.Image:
    """The decoded picture; its size is checked before a pixel is decoded. StudioError if it is damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=formats)
            if max(image.size) > MAX_SIDE:
                raise StudioError(_("{name} is too large.").format(name=name))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise StudioError(_("{name} is too large.").format(name=name)) from error
    except Exception as error:  # a damaged file makes Pillow's decoders raise nearly anything
        if isinstance(error, StudioError):
            raise
        raise StudioError(_("{name} is damaged, or no picture.").format(name=name), detail=repr(error)) from error
    return image


def picture_size(blob: Blob) -> tuple[int, int]:
    """(height, width) of an upright picture, from its header."""
    try:
        image = Image.open(io.BytesIO(blob.read()), formats=_FORMATS)
        turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
    except Exception as error:  # as above
        if isinstance(error, StudioError):
            raise
        raise StudioError(_("{name} is damaged, or no picture.").format(name=blob.name), detail=repr(error)) from error
    width, height = image.size
    return (width, height) if turned else (height, width)


def picture_files(folder: Path) -> Iterator[Path]:
    """All picture files below ``folder``, in the order of their paths; hidden ones are passed over."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


class PhotoIndex:
    """Finds a photo that an annotation file names, wherever below the folder it lies."""

    def __init__(self, folder: Path, leave_out: tuple[Path, ...] = ()) -> None:
        self._folder = folder
        self._by_name: dict[str, list[Path]] = {}
        self._by_stem: dict[str, list[Path]] = {}
        for path in picture_files(folder):
            if not any(path.is_relative_to(left) for left in leave_out):
                self._by_name.setdefault(path.name.lower(), []).append(path)
                self._by_stem.setdefault(path.stem.lower(), []).append(path)

    def find(self, name: str) -> Path | None:
        """The file whose path ends most like ``name`` (``a/b.jpg``, Windows separators too), or None."""
        wanted = PurePosixPath(name.replace("\\", "/").lower())
        found = self._by_name.get(wanted.name) or self._by_stem.get(wanted.stem, [])
        return max(found, key=lambda path: _common_end(path, wanted), default=None)

    def stem(self, stem: str) -> Path | None:
        """The only or first photo with this stem."""
        return next(iter(self._by_stem.get(stem.lower(), ())), None)

    def __iter__(self) -> Iterator[Path]:
        for paths in self._by_name.values():
            yield from paths


def _common_end(path: Path, wanted: PurePosixPath) -> int:
    count = 0
    for one, other in zip(reversed(path.parts), reversed(wanted.parts), strict=False):
        if one.lower() != other:
            break
        count += 1
    return count
