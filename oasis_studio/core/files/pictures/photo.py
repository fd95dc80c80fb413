"""Photos as files people exchange: written as PNG, JPEG, WebP and TIFF, read from all :mod:`.endings` of photos."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from oasis_studio.core.disk.atomic import write_bytes
from oasis_studio.core.disk.endings import PHOTO_FORMATS
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.files.pictures.picture import DAMAGE, open_picture
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

SUFFIXES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}
"""Endings of photos that are written, and what Pillow calls their format."""

_DESCRIPTION = 270
"""The Exif and TIFF tag for a text about the image."""

_PACKED_FORMATS = ("JPEG", "PNG")
_QUALITY = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}, "TIFF": {"compression": "tiff_lzw"}}


def write_photo(path: Path, image_HW3: np.ndarray, metadata: dict[str, str]) -> None:
    """Write (H, W, 3) uint8 RGB in the format that the ending of ``path`` names; StudioError if it names none.

    ``metadata`` becomes text entries of a PNG, and one JSON text as the description (Exif, TIFF) elsewhere.
    """
    write_bytes(path, encode_photo(image_HW3, check_photo_name(path), metadata))


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
    """(H, W, 3) uint8 RGB of a photo in a file, turned upright; StudioError if it cannot be read."""
    return photo_pixels(read_bytes(path), str(path))


def photo_pixels(data: bytes, name: str) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a photo of any kind, turned upright; StudioError, calling it ``name``, if it is none.

    Transparency is dropped, of several frames or pages the first is taken. Deeper pixels are brought to 8 bits: of
    whole numbers the highest 8 bits, of fractions those between 0 and 1.
    """
    picture = open_picture(data, name, PHOTO_FORMATS)
    if picture.image.mode.startswith(("I", "F")):
        grey = _eight_bits(np.asarray(picture.load()), picture.depth)
        return picture.upright(np.repeat(grey[..., None], 3, 2))
    return picture.upright(picture.converted("RGB"))


def photo_size(data: bytes, name: str) -> tuple[int, int]:
    """(height, width) of an upright photo, from its header; StudioError, calling it ``name``, if it has none."""
    return open_picture(data, name, PHOTO_FORMATS).size


def photo_format(data: bytes, name: str) -> str:
    """What Pillow calls the format of a photo; StudioError, calling it ``name``, if it is none."""
    return open_picture(data, name, PHOTO_FORMATS).image.format or ""


def decode_photo(data: bytes, name: str, side: int = 0) -> np.ndarray:
    """(h, w, 3) uint8 RGB of a photo that this program packed; StudioError, calling it ``name``, if it is damaged.

    With ``side``, a JPEG may come smaller, at least as large as that: several times as fast.
    """
    picture = open_picture(data, name, _PACKED_FORMATS)
    if side:
        picture.image.draft("RGB", (side, side))
    return picture.converted("RGB")


def _eight_bits(values: np.ndarray, depth: int) -> np.ndarray:
    """uint8 of grey values of 16 or 32 bits, or of fractions."""
    if values.dtype.kind == "f":
        values = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
        most = float(values.max(initial=0.0))
        scale = 255.0 if most <= 1 else 1.0 if most <= 255 else 255.0 / 65535.0 if most <= 65535 else 255.0 / most
        return np.rint(values * scale).clip(0, 255).astype(np.uint8)
    wide = values.astype(np.int64)
    most = int(wide.max(initial=0))
    shift = 8 if depth <= 16 or 255 < most <= 65535 else 0 if most <= 255 else 24
    return (wide >> shift).clip(0, 255).astype(np.uint8)


def read_metadata(path: Path) -> dict[str, str]:
    """The ``metadata`` that :func:`write_photo` stored; empty for a photo from elsewhere."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(read_bytes(path)), formats=sorted(set(SUFFIXES.values())))
            if isinstance(image, PngImagePlugin.PngImageFile):
                image.load()  # texts may stand after the pixels
                return {key: str(value) for key, value in image.text.items()}
            found = json.loads(str(image.getexif().get(_DESCRIPTION, "{}")))
    except (Image.DecompressionBombError, *DAMAGE):
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
