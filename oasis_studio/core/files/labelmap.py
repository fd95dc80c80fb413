"""Label maps as PNG files, of class ids or the palette's colours, and as NumPy arrays."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from oasis_studio.core.document import check_size
from oasis_studio.core.files import npy, png
from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.files.png import PngHeader
from oasis_studio.core.nearest import exact_table, packed
from oasis_studio.core.palette import UNPAINTED, Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext

_MAX_FILE = 512 * 2**20
_BAND = 256
"""Rows looked up at a time, so that a large map needs little memory besides itself."""


def write_labels(path: Path, labels_HW: np.ndarray, palette: Palette, depth: int = 8) -> None:
    """Write a label map; 255 is unpainted. The ending of ``path`` decides: ``.npy`` an array, all else a PNG.

    With 8 bits an index PNG in the palette's colours (unpainted is transparent), with 16 a grey one of the ids.
    """
    if Path(path).suffix.lower() == ".npy":
        data = npy.encode_npy(labels_HW)
    else:
        data = png.encode_labels(labels_HW, palette) if depth == 8 else png.encode_ids(labels_HW)
    write_atomically(path, lambda stream: stream.write(data))


def read_labels(path: Path, palette: Palette) -> np.ndarray:
    """The label map in a PNG or .npy file, (H, W) uint8: ids of ``palette``, and 255 where the map is unpainted.

    Unpainted are the pixels with id 255 and those that are fully transparent. Read are ids in grey or indexed
    pixels and colours in RGB, RGBA or indexed pixels, with 8 or 16 bits. StudioError if the file is no such map.
    """
    data = read_bytes(path)
    if data.startswith(npy.MAGIC):
        ids = npy.decode_npy(data, Path(path).name)
        return _checked(ids, np.full(ids.shape, 255, np.uint8), palette, Path(path).name)
    return decode_labels(data, palette, Path(path).name)


def read_bytes(path: Path) -> bytes:
    """The whole file; StudioError if it cannot be read or is too large for a label map."""
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_MAX_FILE + 1)
    except OSError as error:
        raise StudioError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    if len(data) > _MAX_FILE:
        raise StudioError(_("{path} is too large for a label map.").format(path=path))
    return data


def decode_labels(data: bytes, palette: Palette, name: str) -> np.ndarray:
    """Like :func:`read_labels`, from the bytes of the file called ``name``."""
    header = png.read_header(data, name)
    check_size(header.width, header.height)
    image = png.open_png(data, name)
    if header.depth == 16:
        return _from_wide(data, header, palette, name)
    if header.color_type == png.INDEXED:
        ids, opaque = _from_indexed(image, palette)
    elif header.color_type in (png.GRAY, png.GRAY_ALPHA):
        alpha = np.asarray(image.convert("LA"))[..., 1]
        scale = 255 // (2**header.depth - 1)  # decoding stretches 1, 2 and 4 bits to 0..255
        ids, opaque = np.asarray(image.convert("L")) // scale, alpha
    else:
        rgba = np.asarray(image.convert("RGBA"))
        return _from_colors(rgba[..., :3], rgba[..., 3], palette, name)
    return _checked(ids, opaque, palette, name)


def _from_indexed(image: Image.Image, palette: Palette) -> tuple[np.ndarray, np.ndarray]:
    """Ids and alpha of an indexed PNG.

    Its indices are the ids, unless its colours say otherwise: programs that save few colours number them anew.
    """
    indices = np.asarray(image)
    used = np.flatnonzero(np.bincount(indices.ravel(), minlength=256))
    colors = np.zeros((256, 4), np.uint8)
    listed = np.array(image.getpalette("RGBA") or [], np.uint8).reshape(-1, 4)
    colors[: len(listed)] = listed
    transparency = image.info.get("transparency")
    if isinstance(transparency, bytes):
        colors[: len(transparency), 3] = np.frombuffer(transparency, np.uint8)
    elif isinstance(transparency, int):
        colors[transparency, 3] = 0
    visible = [int(index) for index in used if colors[index, 3]]
    known = {bytes(entry.color): entry.id for entry in reversed(palette.classes)}
    renamed = {index: known[key] for index in visible if (key := colors[index, :3].tobytes()) in known}
    are_ids = all(i < len(palette) and colors[i, :3].tobytes() == bytes(palette.classes[i].color) for i in visible)
    ids = np.arange(256, dtype=np.uint8)
    if not are_ids and len(renamed) == len(visible):
        ids[list(renamed)] = list(renamed.values())
    return cv2.LUT(indices, ids), cv2.LUT(indices, np.ascontiguousarray(colors[:, 3]))


def _from_wide(data: bytes, header: PngHeader, palette: Palette, name: str) -> np.ndarray:
    """A PNG with 16 bits a channel, whose values fit into 8."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None or image.dtype != np.uint16:
        raise StudioError(_("{name} is damaged and cannot be read.").format(name=name))
    planes = image.reshape(header.height, header.width, -1)
    has_alpha = header.color_type in (png.GRAY_ALPHA, png.RGBA)
    alpha = planes[..., -1] if has_alpha else np.full(image.shape[:2], 65535, np.uint16)
    opaque = np.where(alpha == 65535, 255, alpha != 0).astype(np.uint8)
    if header.color_type in (png.GRAY, png.GRAY_ALPHA):
        return _checked(planes[..., 0], opaque, palette, name)
    rgb = planes[..., 2::-1]
    if (rgb % 257).any():  # an 8-bit value v is stored as 257 · v
        raise StudioError(
            _("{name} has 16-bit colours that are no colours of the classes.").format(name=name),
            _("Save it as PNG with 8 bits per channel, without smoothing and colour profile."),
        )
    return _from_colors((rgb // 257).astype(np.uint8), opaque, palette, name)


def _from_colors(rgb_HW3: np.ndarray, alpha: np.ndarray, palette: Palette, name: str) -> np.ndarray:
    """Ids of colours; every colour must be one of the palette's."""
    _check_alpha(alpha, name)
    table = exact_table(palette)
    labels = np.empty(rgb_HW3.shape[:2], np.uint8)
    for top in range(0, len(labels), _BAND):
        labels[top : top + _BAND] = table[packed(rgb_HW3[top : top + _BAND])]
    unknown = (labels == UNPAINTED) & (alpha != 0)
    labels[alpha == 0] = UNPAINTED
    if unknown.any():
        values, counts = np.unique(packed(rgb_HW3[unknown]), return_counts=True)
        names = [f"#{values[i]:06x}" for i in np.argsort(-counts, kind="stable")[:3]]
        raise StudioError(
            ngettext(
                "{name} has a colour that is no class of “{palette}”: {names} ({pixels} pixels).",
                "{name} has {count} colours that are no class of “{palette}”: {names} ({pixels} pixels).",
                len(values),
            ).format(
                name=name, count=len(values), palette=palette.name, names=_few(names, values), pixels=counts.sum()
            ),
            _("Use the exact colours of the palette, with hard edges."),
        )
    return labels


def _checked(ids: np.ndarray, alpha: np.ndarray, palette: Palette, name: str) -> np.ndarray:
    """(H, W) uint8 of ``ids`` if every one is a class, unpainted or transparent."""
    _check_alpha(alpha, name)
    unknown = ((ids < 0) | (ids >= len(palette))) & (ids != UNPAINTED) & (alpha != 0)
    if unknown.any():
        values, counts = np.unique(ids[unknown], return_counts=True)
        raise StudioError(
            ngettext(
                "{name} has a class id that “{palette}” does not know: {names} ({pixels} pixels).",
                "{name} has {count} class ids that “{palette}” does not know: {names} ({pixels} pixels).",
                len(values),
            ).format(
                name=name,
                count=len(values),
                palette=palette.name,
                names=_few([str(value) for value in values[:3]], values),
                pixels=counts.sum(),
            ),
            _("The ids of this palette are 0 to {last}; 255 is unpainted.").format(last=len(palette) - 1),
        )
    return np.where(alpha == 0, UNPAINTED, ids).astype(np.uint8)


def _check_alpha(alpha: np.ndarray, name: str) -> None:
    half = int(np.count_nonzero((alpha != 0) & (alpha != 255)))
    if half:
        raise StudioError(
            _("{name} has {pixels} half transparent pixels, which belong to no class.").format(name=name, pixels=half),
            _("Make every pixel opaque, or fully transparent where nothing is painted."),
        )


def _few(names: list[str], values: np.ndarray) -> str:
    return ", ".join(names) + (", …" if len(values) > len(names) else "")
