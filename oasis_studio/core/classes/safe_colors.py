"""Colours for classes that people with any of the three colour vision deficiencies can tell apart.

For the eye only: files keep the colours of the model's classes. The first eight are those of Okabe and Ito (2008); more
are added one by one, compared as people with normal, protanopic, deuteranopic and tritanopic vision see them (Machado,
Oliveira and Fernandes, 2009), in CIELAB.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from oasis_studio.core.classes.palette import Palette

_VISIONS = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)
"""What linear RGB looks like; the deficiencies at full severity."""

_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])
_OKABE_ITO = np.array(
    [
        *([0, 114, 178], [230, 159, 0], [0, 158, 115], [204, 121, 167]),
        *([86, 180, 233], [213, 94, 0], [240, 228, 66], [0, 0, 0]),
    ],
    np.uint8,
)
_GRID = np.array([20, 60, 100, 140, 180, 220, 250], np.uint8)


@lru_cache(maxsize=8)
def safe_palette_colors(palette: Palette) -> np.ndarray:
    """(256, 3) uint8 like ``Palette.colors``: as many well separated colours as there are classes.

    Each class gets the one that is nearest to its own colour of those still free, so that a sky stays bluish.
    """
    chosen = _spread(len(palette))
    wanted = palette.colors[: len(palette)]
    distance = np.linalg.norm(lab(wanted)[:, None] - lab(chosen)[None], axis=-1)
    table = np.full((256, 3), 128, np.uint8)
    for _class in range(len(palette)):
        row, column = np.unravel_index(np.argmin(distance), distance.shape)
        table[row] = chosen[column]
        distance[row], distance[:, column] = np.inf, np.inf
    table.flags.writeable = False
    return table


def seen_distance(colors: np.ndarray) -> np.ndarray:
    """(C, C): how different each pair of (C, 3) uint8 colours looks to whom it looks most alike, in CIELAB units."""
    seen = _seen(colors)
    return np.linalg.norm(seen[:, :, None] - seen[:, None], axis=-1).min(0)


def lab(colors: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of (…, 3) uint8 sRGB."""
    return _lab_of_linear(_linear(colors))


def _spread(count: int) -> np.ndarray:
    """(count, 3) uint8, at least the eight: one colour after the other, each as far from all before it as can be."""
    r, g, b = np.meshgrid(_GRID, _GRID, _GRID, indexing="ij")
    candidates = np.concatenate([_OKABE_ITO, np.stack([r, g, b], -1).reshape(-1, 3)])
    seen = _seen(candidates)
    nearest = np.full(len(candidates), np.inf)
    taken: list[int] = []
    while len(taken) < max(count, len(_OKABE_ITO)):
        taken.append(len(taken) if len(taken) < len(_OKABE_ITO) else int(np.argmax(nearest)))
        nearest = np.minimum(nearest, np.linalg.norm(seen - seen[:, taken[-1], None], axis=-1).min(0))
        nearest[taken[-1]] = -1
    return candidates[taken]


def _seen(colors: np.ndarray) -> np.ndarray:
    """(4, C, 3): CIELAB as each kind of vision sees it."""
    linear = np.clip(np.einsum("vij,cj->vci", _VISIONS, _linear(colors)), 0, 1)
    return _lab_of_linear(linear)


def _linear(colors: np.ndarray) -> np.ndarray:
    share = np.asarray(colors, np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _lab_of_linear(linear: np.ndarray) -> np.ndarray:
    ratio = linear @ _XYZ.T / _WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)
