"""Which picture files are read: the one list of endings and formats for photos, and the one for label maps."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

PHOTO_ENDINGS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".avif": "AVIF",
}
"""Endings of photos in lower case, and what Pillow calls their format."""

LABEL_ENDINGS = (".png", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".npy")
"""Endings of label maps in lower case: formats that can keep every pixel as it was."""

PHOTO_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "AVIF")
LABEL_FORMATS = ("PNG", "TIFF", "BMP", "GIF", "WEBP")
"""As Pillow calls them; arrays (.npy) are no pictures."""

OTHER_PICTURES = frozenset({
    ".heic", ".heif", ".gif", ".jp2", ".j2k", ".jxl", ".psd", ".svg", ".tga", ".ico", ".ppm", ".pgm", ".pnm", ".exr",
    ".hdr", ".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf",
})  # fmt: skip
"""Endings of pictures that are not read as photos; a folder that holds some is told about them."""


def ending(path: PurePath | str) -> str:
    """The ending of a file name, in lower case and with its dot."""
    return PurePath(path).suffix.lower()


def is_photo(path: PurePath) -> bool:
    """Whether the ending of ``path`` is that of a photo."""
    return ending(path) in PHOTO_ENDINGS


def is_label_map(path: PurePath) -> bool:
    """Whether the ending of ``path`` is that of a label map."""
    return ending(path) in LABEL_ENDINGS


def name_pattern(endings: Iterable[str]) -> str:
    """``*.png *.jpg …``, as dialogs for files name what they show."""
    return " ".join(f"*{each}" for each in endings)
