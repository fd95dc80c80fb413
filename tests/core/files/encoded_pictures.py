"""Photos with metadata in them, sound and broken, made in the test."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image, ImageCms

ORIENTATION = 274
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="%d"/></x:xmpmeta>'


def image(height: int = 40, width: int = 60) -> np.ndarray:
    """(H, W, 3): no two corners are alike."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 4 % 256, y * 6 % 256, (x + y) % 256]).astype(np.uint8)


def encoded(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


def tags(*entries: tuple[int, int, int, int], extra: bytes = b"") -> bytes:
    """A block of EXIF without prefix: (tag, type, count, value) each, and bytes after the directory."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", 0) + extra


def place_of_extra(entries: int) -> int:
    """Where the bytes after a directory of so many entries begin."""
    return 8 + 2 + 12 * entries + 4


def jpeg_with(pixels: np.ndarray, *segments: tuple[int, bytes]) -> bytes:
    """A JPEG with (marker, body) segments behind its first two bytes."""
    data = encoded(pixels, "JPEG")
    inside = b"".join(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments)
    return data[:2] + inside + data[2:]


def everything(kind: str, orientation: int = 6) -> bytes:
    """A photo with EXIF, XMP and a colour profile, as its format can carry them."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[305], exif[282] = orientation, "a camera", 72.0
    options: dict[str, object] = {"exif": exif, "icc_profile": PROFILE}
    if kind in ("JPEG", "WEBP", "AVIF", "TIFF"):
        options["xmp" if kind != "TIFF" else "tiffinfo"] = (
            XMP % orientation if kind != "TIFF" else {700: XMP % orientation, ORIENTATION: orientation}
        )
    if kind == "TIFF":
        options.pop("exif")
    return encoded(image(), kind, **options)
