"""Picture files opened: the one decoder for photos and label maps, wherever they are read.

The decoder sees no metadata (:mod:`.bare`), and whatever a damaged file makes it raise becomes a StudioError.
Array names: H height, W width.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, features

from oasis_studio.core.files.pictures.bare import UPRIGHT, bare, exif_orientation
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MAX_SIDE = 16384
"""Of any picture, in pixels."""

DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, AssertionError, BufferError, struct.error, zlib.error),
)
"""What decoding a damaged file may raise."""

_MARKS = {
    "PNG": (b"\x89PNG",),
    "JPEG": (b"\xff\xd8",),
    "WEBP": (b"RIFF",),
    "BMP": (b"BM",),
    "GIF": (b"GIF8",),
}
"""First bytes of the formats that are read; AVIF begins as HEIC does, and TIFF holds kinds that are not read."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture whose header was read; ``name`` is for messages.

    ``orientation`` says, as EXIF numbers it, how the stored pixels are turned. ``depth``: bits a channel in the file.
    """

    name: str
    image: Image.Image
    orientation: int
    depth: int

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the upright picture."""
        width, height = self.image.size
        return (width, height) if self.orientation >= 5 else (height, width)

    def load(self) -> Image.Image:
        """The decoded picture as it is stored; StudioError if it is damaged."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.image.load()
        except DAMAGE as error:
            raise damaged(self.name, error) from error
        return self.image

    def converted(self, mode: str) -> np.ndarray:
        """(H, W, …) uint8 of the stored pixels in another mode of Pillow's; StudioError if they cannot be converted."""
        image = self.load()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if image.mode in ("RGBa", "La"):  # multiplied with their opacity, which only their own kind can undo
                    image = image.convert("RGBA" if image.mode == "RGBa" else "LA")
                return np.array(image.convert(mode))
        except DAMAGE as error:
            raise damaged(self.name, error) from error

    def upright(self, pixels: np.ndarray) -> np.ndarray:
        """(H, W, …) turned as the file says it is to be seen; contiguous."""
        return np.ascontiguousarray(turned(pixels, self.orientation))


def open_picture(data: bytes, name: str, formats: Sequence[str]) -> Picture:
    """The picture in ``data``, one of Pillow's ``formats``; its header is read, no pixel is decoded.

    StudioError, calling it ``name``, if it is damaged, none of these, or too large.
    """
    plain, orientation = bare(data)
    known = [each for each in formats if each != "AVIF" or features.check("avif")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(plain), formats=known)
            exif = image.info.get("exif") if image.format == "AVIF" else None
            depth = _depth(image, plain)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except DAMAGE as error:
        raise _unknown(data, name, known, error) from error
    if max(image.size) > MAX_SIDE:
        raise _too_large(name)
    return Picture(name, image, exif_orientation(exif) if isinstance(exif, bytes) else orientation, depth)


def damaged(name: str, error: Exception | None = None) -> StudioError:
    """The failure to raise for a file that cannot be decoded."""
    return StudioError(
        _("{name} is damaged and cannot be read.").format(name=name),
        _("It may have been copied or downloaded only in part."),
        repr(error),
    )


def _unknown(data: bytes, name: str, formats: Sequence[str], error: Exception) -> StudioError:
    """The failure for a file whose header is none of the ``formats``."""
    if any(data.startswith(_MARKS.get(each, ())) for each in formats):
        return damaged(name, error)
    return StudioError(
        _("{name} is damaged, or of a kind that cannot be read.").format(name=name),
        _("{formats} are read.").format(formats=", ".join(formats)),
        repr(error),
    )


def _too_large(name: str) -> StudioError:
    return StudioError(
        _("{name} is too large.").format(name=name),
        _("A picture may have {side} pixels a side and {million} million in all.").format(
            side=MAX_SIDE, million=(Image.MAX_IMAGE_PIXELS or 0) // 10**6
        ),
    )


def _depth(image: Image.Image, data: bytes) -> int:
    """Bits a channel; decoding stretches 1, 2 and 4 bits of grey to 0…255, so the file has to be asked."""
    if image.format == "PNG":
        return data[24]
    if image.format == "TIFF":
        found = image.tag_v2.get(258, 8)  # type: ignore[attr-defined] # only this format has tags
        return int(found[0] if isinstance(found, tuple) else found)
    return 8


def turned(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """A view of (H, W, …) stored pixels as they are to be seen; ``orientation`` as EXIF numbers it."""
    if orientation == UPRIGHT:
        return pixels
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    flips_rows, flips_columns = {
        2: (False, True),
        3: (True, True),
        4: (True, False),
        5: (False, False),
        6: (False, True),
        7: (True, True),
        8: (True, False),
    }[orientation]
    return pixels[:: -1 if flips_rows else 1, :: -1 if flips_columns else 1]
