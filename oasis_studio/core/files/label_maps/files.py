"""Label maps in the classes of a model: written as PNG and NumPy arrays, read from all files that can hold one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oasis_studio.core.classes.nearest import packed
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.disk.atomic import write_bytes
from oasis_studio.core.disk.whole_files import read_bytes
from oasis_studio.core.files.label_maps.meaning import NO_CLASS, KnownClasses, Meaning, numbers_of, read_ids
from oasis_studio.core.files.label_maps.pixels import LabelPixels, decode_pixels
from oasis_studio.core.files.pictures import npy, png
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext


def write_labels(path: Path, labels_HW: np.ndarray, palette: Palette, depth: int = 8) -> None:
    """Write a label map; 255 is unpainted. The ending of ``path`` decides: ``.npy`` an array, all else a PNG.

    With 8 bits an index PNG in the palette's colours (unpainted is transparent), with 16 a grey one of the ids.
    """
    if Path(path).suffix.lower() == ".npy":
        data = npy.encode_npy(labels_HW)
    else:
        data = png.encode_labels(labels_HW, palette) if depth == 8 else png.encode_ids(labels_HW)
    write_bytes(path, data)


def read_labels(path: Path, palette: Palette) -> np.ndarray:
    """The label map in a file, (H, W) uint8: ids of ``palette``, and 255 where the map is unpainted.

    Unpainted are the pixels with id 255 (of 16 bits also 65535) and those that are fully transparent. Read are ids in
    grey or indexed pixels and colours in RGB, RGBA or indexed pixels, with 1 to 16 bits, from all :mod:`.endings` of
    label maps. StudioError if the file is no such map.
    """
    return decode_labels(read_bytes(path), palette, Path(path).name)


def decode_labels(data: bytes, palette: Palette, name: str) -> np.ndarray:
    """Like :func:`read_labels`, from the bytes of the file called ``name``."""
    pixels = decode_pixels(data, name)
    if pixels.half_transparent:
        raise StudioError(
            _("{name} has {pixels} half transparent pixels, which belong to no class.").format(
                name=name, pixels=pixels.half_transparent
            ),
            _("Make every pixel opaque, or fully transparent where nothing is painted."),
        )
    ids, meaning = read_ids(pixels, KnownClasses(palette.classes))
    strange = (ids >= len(palette)) & (ids != UNPAINTED) & (ids != NO_CLASS)
    if strange.any():
        if meaning is Meaning.COLORS:
            raise _unknown_colors(pixels, strange, palette, name)
        raise _unknown_ids(numbers_of(pixels, meaning)[strange], palette, name)
    return np.minimum(ids, UNPAINTED).astype(np.uint8)


def _unknown_colors(pixels: LabelPixels, strange: np.ndarray, palette: Palette, name: str) -> StudioError:
    if pixels.rgb_HW3 is not None:
        colors = pixels.rgb_HW3[strange]
    else:
        assert pixels.palette_K4 is not None and pixels.numbers_HW is not None
        colors = pixels.palette_K4[:, :3][pixels.numbers_HW[strange]]
    values, counts = np.unique(packed(colors), return_counts=True)
    names = [f"#{values[i]:06x}" for i in np.argsort(-counts, kind="stable")[:3]]
    return StudioError(
        ngettext(
            "{name} has a colour that is no class of “{palette}”: {names} ({pixels} pixels).",
            "{name} has {count} colours that are no class of “{palette}”: {names} ({pixels} pixels).",
            len(values),
        ).format(name=name, count=len(values), palette=palette.name, names=_few(names, values), pixels=counts.sum()),
        _("Use the exact colours of the palette, with hard edges."),
    )


def _unknown_ids(numbers: np.ndarray, palette: Palette, name: str) -> StudioError:
    values, counts = np.unique(numbers, return_counts=True)
    return StudioError(
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


def _few(names: list[str], values: np.ndarray) -> str:
    return ", ".join(names) + (", …" if len(values) > len(names) else "")
