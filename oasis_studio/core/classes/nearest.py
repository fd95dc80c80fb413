"""Which class a colour means."""

from __future__ import annotations

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette

_CHUNK = 65536


def nearest_classes(colors_V3: np.ndarray, palette: Palette) -> tuple[np.ndarray, np.ndarray]:
    """For each RGB colour (uint8) the id of the class with the nearest colour, (V,) uint8, and bool: is it the same?

    Nearest in RGB; the lower id wins a tie.
    """
    wanted = palette.colors[: len(palette)].astype(np.int32)
    ids, is_exact = np.empty(len(colors_V3), np.uint8), np.empty(len(colors_V3), bool)
    for start in range(0, len(colors_V3), _CHUNK):
        part = slice(start, start + _CHUNK)
        colors = colors_V3[part].astype(np.int32)
        # |a - b|² = |a|² - 2ab + |b|², and |a|² is the same for every class
        distances = (wanted**2).sum(1) - 2 * colors @ wanted.T
        ids[part] = distances.argmin(1)
        is_exact[part] = (wanted[ids[part]] == colors).all(1)
    return ids, is_exact


def exact_table(palette: Palette) -> np.ndarray:
    """(2**24,) uint8: the id of the class with each packed colour, 255 where there is none; the lower id if several."""
    table = np.full(2**24, UNPAINTED, np.uint8)
    for entry in reversed(palette.classes):
        table[packed(np.array(entry.color, np.uint8))] = entry.id
    return table


def packed(rgb: np.ndarray) -> np.ndarray:
    """(…) int32 0xRRGGBB of (…, 3) uint8."""
    return rgb.astype(np.int32) @ np.array([2**16, 2**8, 1], np.int32)


def unpacked(values: np.ndarray) -> np.ndarray:
    """(…, 3) uint8 of (…) 0xRRGGBB."""
    return np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=-1).astype(np.uint8)


def labels_of_picture(
    rgba_HW4: np.ndarray, palette: Palette, table: np.ndarray | None = None
) -> tuple[np.ndarray, int]:
    """(h, w) uint8 of a picture in the palette's colours, and how many pixels took the nearest one.

    What is more transparent than opaque is unpainted. ``table`` is the :func:`exact_table`, where it is at hand.
    """
    table = exact_table(palette) if table is None else table
    is_seen, values = rgba_HW4[..., 3] >= 128, packed(rgba_HW4[..., :3])
    labels = table[values]
    labels[~is_seen] = UNPAINTED
    is_stray = (labels == UNPAINTED) & is_seen
    strays, places = np.unique(values[is_stray], return_inverse=True)
    labels[is_stray] = nearest_classes(unpacked(strays), palette)[0][places]
    return labels, len(places)
