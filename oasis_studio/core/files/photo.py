"""Photos as files people exchange: PNG, JPEG, WebP, TIFF."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, PngImagePlugin

from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}
"""File name endings, and what Pillow calls the format."""

MAX_SIDE = 16384

_DESCRIPTION = 270
"""The Exif and TIFF tag for a text about the image."""

_DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, struct.error, zlib.error),
)
"""What decoding a damaged file may raise."""

_QUALITY = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}, "TIFF": {"compression": "tiff_lzw"}}


def write_photo(path: Path, image_HW3: np.ndarray, metadata: dict[str, str]) -> None:
    """Write (H, W, 3) uint8 RGB in the format that the ending of ``path`` names; StudioError if it names none.

    ``metadata`` becomes text entries of a PNG, and one JSON text as the description (Exif, TIFF) elsewhere.
    """
    data = encode_photo(image_HW3, check_photo_name(path), metadata)
    write_atomically(path, lambda file: file.write(data))


def encode_photo(image_HW3: np.ndarray, file_format: str, metadata: dict[str, str]) -> bytes:
    """(H, W, 3) uint8 RGB in the format that Pillow calls so, as :func:`write_photo` writes it."""
    stream = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(image_HW3, np.uint8))
    image.save(stream, file_format, **_QUALITY.get(file_format, {}), **_embedded(file_format, metadata))
    return stream.getvalue()


def check_photo_name(path: Path) -> str:
    """Pillow's name of the format that the ending of ``path`` names; StudioError if it names none."""
    file_format = SUFFIXES.get(Path(path).suffix.lower())
    if file_format is None:
        raise StudioError(
            _("“{name}” has no ending of an image file.").format(name=Path(path).name),
            _("Use one of: {endings}.").format(endings=", ".join(SUFFIXES)),
        )
    return file_format


def read_photo(path: Path) -> np.ndarray:
    """(H, W, 3) uint8 RGB, turned upright; transparency is dropped. StudioError if it cannot be read."""
    image = _open(path)
    if image.mode.startswith("I"):
        return np.repeat((np.asarray(image).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)[..., None], 3, 2)
    try:
        return np.array(ImageOps.exif_transpose(image).convert("RGB"))
    except _DAMAGE as error:
        raise _unreadable(path, error) from error


def photo_size(data: bytes, name: str) -> tuple[int, int]:
    """Width and height that the head of a packed photo tells; StudioError, calling it ``name``, if it has none."""
    return _open_packed(data, name).size


def decode_photo(data: bytes, name: str, side: int = 0) -> np.ndarray:
    """(h, w, 3) uint8 RGB of a packed photo; StudioError, calling it ``name``, if it cannot be read.

    With ``side``, a JPEG may come smaller, at least as large as that: several times as fast.
    """
    try:
        image = _open_packed(data, name)
        if side:
            image.draft("RGB", (side, side))
        return np.array(image.convert("RGB"))
    except _DAMAGE as error:
        raise _damaged(name, error) from error


def _open_packed(data: bytes, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_DAMAGE) as error:
        raise _damaged(name, error) from error
    if max(image.size) > MAX_SIDE:
        raise _damaged(name)
    return image


def _damaged(name: str, error: Exception | None = None) -> StudioError:
    return StudioError(_("{name} is damaged and cannot be read.").format(name=name), "", repr(error))


def read_metadata(path: Path) -> dict[str, str]:
    """The ``metadata`` that :func:`write_photo` stored; empty for a photo from elsewhere."""
    image = _open(path)
    if isinstance(image, PngImagePlugin.PngImageFile):
        return {key: str(value) for key, value in image.text.items()}
    try:
        found = json.loads(str(image.getexif().get(_DESCRIPTION, "{}")))
    except _DAMAGE:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _embedded(file_format: str, metadata: dict[str, str]) -> dict[str, object]:
    """Pillow's save options that carry ``metadata``."""
    if not metadata:
        return {}
    if file_format == "PNG":
        info = PngImagePlugin.PngInfo()
        for key, value in metadata.items():
            info.add_text(key, value)
        return {"pnginfo": info}
    exif = Image.Exif()
    exif[_DESCRIPTION] = json.dumps(metadata)
    return {"exif": exif}


def _open(path: Path) -> Image.Image:
    """The decoded file; its size is checked before a pixel is decoded."""
    try:
        with Path(path).open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(stream, formats=sorted(set(SUFFIXES.values())))
            if max(image.size) > MAX_SIDE:
                raise _too_large(path)
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path) from error
    except _DAMAGE as error:
        raise _unreadable(path, error) from error
    return image


def _too_large(path: Path) -> StudioError:
    return StudioError(
        _("{path} is too large.").format(path=path),
        _("A photo may have {side} pixels a side and {million} million in all.").format(
            side=MAX_SIDE, million=(Image.MAX_IMAGE_PIXELS or 0) // 10**6
        ),
    )


def _unreadable(path: Path, error: Exception) -> StudioError:
    if isinstance(error, OSError) and error.errno:
        reason = error.strerror or str(error)
        return StudioError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason))
    return StudioError(
        _("{path} is not a photo that can be read.").format(path=path),
        _("PNG, JPEG, WebP and TIFF can be; the file may also be damaged."),
        repr(error),
    )
