"""PNG files of labels and colours, read with care: the header first, the pixels only if they fit.

Array names: H height, W width, 3 or 4 channels.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

GRAY, RGB, INDEXED, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
"""Colour types of the PNG header."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


@dataclass(frozen=True)
class PngHeader:
    """Size in pixels, bits per channel, colour type."""

    width: int
    height: int
    depth: int
    color_type: int


def read_header(data: bytes, name: str) -> PngHeader:
    """The header of a PNG; StudioError naming the file ``name`` if ``data`` is none."""
    if len(data) < 33 or data[:8] != SIGNATURE or data[12:16] != b"IHDR":
        raise StudioError(
            _("{name} is not a PNG image.").format(name=name),
            _("Label maps are PNG files: any other format would change the ids or colours of the classes."),
        )
    return PngHeader(*struct.unpack(">IIBB", data[16:26]))


def open_png(data: bytes, name: str) -> Image.Image:
    """The decoded image; StudioError if it is damaged. Check the size in the header before."""
    try:
        image = Image.open(io.BytesIO(data), formats=["PNG"])
        image.load()
    except _DAMAGE as error:
        raise StudioError(
            _("{name} is damaged and cannot be read.").format(name=name),
            _("It may have been copied or downloaded only in part."),
            repr(error),
        ) from error
    return image


def encode_labels(labels_HW: np.ndarray, palette: Palette) -> bytes:
    """An index PNG: the pixel value is the class id, the colours are the palette's; 255, unpainted, is transparent."""
    opaque = bytes([255] * UNPAINTED + [0])
    return _encode_flat(labels_HW, INDEXED, (b"PLTE", palette.colors.tobytes()), (b"tRNS", opaque))


def encode_ids(labels_HW: np.ndarray) -> bytes:
    """A grey PNG of 16 bits a pixel: the value is the class id."""
    return _encode(labels_HW.astype(np.uint16))


def encode_grey(values_HW: np.ndarray) -> bytes:
    """A grey PNG of 8 bits a pixel."""
    return _encode(values_HW)


def encode_layer(labels_HW: np.ndarray, palette: Palette) -> bytes:
    """An RGBA PNG in the palette's colours; unpainted pixels are transparent."""
    table = np.zeros((256, 4), np.uint8)
    table[:UNPAINTED, :3] = palette.colors[:UNPAINTED]
    table[:UNPAINTED, 3] = 255
    return _encode_flat(table.view(np.uint32)[:, 0][labels_HW].view(np.uint8), RGBA)


def _encode_flat(rows: np.ndarray, color_type: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of (H, bytes a row) uint8 with large areas of one colour, several times as fast as for a photo.

    Each row is stored as the difference to the one above, almost all zeros, which the simplest packing makes small.
    """
    height, length = rows.shape
    filtered = np.empty((height, length + 1), np.uint8)
    filtered[:, 0] = 2  # the filter "up"
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    packer = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    packed = packer.compress(filtered.data) + packer.flush()
    width = length // (4 if color_type == RGBA else 1)
    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", packed), (b"IEND", b"")]
    return SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def encode_image(image_HW3: np.ndarray) -> bytes:
    """An RGB PNG."""
    return _encode(image_HW3[..., ::-1])


def _encode(image_bgr: np.ndarray) -> bytes:
    done, data = cv2.imencode(".png", image_bgr)  # any level that is named takes twice as long, for no less bytes
    if not done:
        raise StudioError(_("The image could not be packed as PNG."))
    return data.tobytes()
