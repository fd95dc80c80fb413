"""Slow and obvious versions of what the program does fast, and small documents to try both on."""

from __future__ import annotations

import itertools
import struct
import zlib

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette, SemanticClass
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.style import Brushed, RegionStyle
from oasis_studio.core.files.projects.results import made_result


def palette(count: int = 5) -> Palette:
    """``count`` classes with colours of their own."""
    return Palette(
        "test", tuple(SemanticClass(i, f"class {i}", (20 * i + 5, 255 - 20 * i, (90 * i) % 256)) for i in range(count))
    )


def document(width: int = 40, height: int = 32, layers: int = 2, seed: int = 0) -> Document:
    """A document with random labels, about a third of them unpainted."""
    random = np.random.default_rng(seed)
    found = Document(width, height, palette(), "outdoor", seed=seed)
    for index in range(layers):
        labels = random.integers(0, 5, (height, width)).astype(np.uint8)
        labels[random.random((height, width)) < 0.35] = UNPAINTED
        found.layers.append(LabelLayer(f"layer {index}", labels))
    return found


def state(document: Document) -> tuple:
    """Everything a file keeps of a document, to compare with ==."""
    layers = [
        (
            *(layer.id, layer.name, layer.is_visible, layer.is_locked, layer.opacity, layer.group, layer.color_tag),
            *(layer.labels.shape, layer.labels.tobytes()),
        )
        for layer in document.layers
    ]
    head = (document.width, document.height, document.palette, document.model, document.background, document.seed)
    photo = document.reference
    extras = (
        photo
        and (photo.image_HW3.shape, photo.image_HW3.tobytes(), photo.box, photo.opacity, photo.is_visible, photo.blend),
        [(each.name, each.seed, each.labels_HW.tobytes()) for each in document.snapshots],
        (document.notes, document.guides),
        _regions(document),
        [(each.photo, each.scene, each.name, each.is_starred, each.is_automatic) for each in document.results],
    )
    return (*head, extras), layers


def _regions(document: Document) -> tuple:
    """Styles and locks, with places in the list instead of the ids of layers."""
    places = {layer.id: place for place, layer in enumerate(document.layers)}
    styles = [
        (places.get(key.layer_id, key.layer_id), key.label, trail.index, [_comparable(style) for style in trail.styles])
        for key, trail in document.styles.items()
    ]
    locks = [
        (places.get(key.layer_id, key.layer_id), key.label, lock.box, lock.feather, lock.digest, lock.is_intact)
        for key, lock in document.locks.items()
    ]
    return styles, locks


def _comparable(style: RegionStyle) -> tuple:
    paints = [
        (paint.source, (paint.shape.box, paint.shape.amounts_hw.tobytes()))
        if isinstance(paint.shape, Brushed)
        else (paint.source, paint.shape)
        for paint in style.paints
    ]
    return style.source, style.strength, paints


def photo(width: int = 30, height: int = 20, seed: int = 0) -> np.ndarray:
    """(height, width, 3) uint8 of random colours."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def png_without_pixels(width, height, depth=8, color_type=0):
    """A PNG of any declared size, without pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    end = b"\x00\x00\x00\x00IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + end


def kept(document: Document, seed: int = 0, **how: bool) -> Result:
    """A photo of random colours, kept with the document as it is."""
    return made_result(document, photo(document.width, document.height, seed), "Outdoor", "", 1_700_000_000, **how)


def paint_disk_path(labels: np.ndarray, points: list[tuple[float, float]], size: float, label: int) -> None:
    """Paint every pixel whose centre is within ``size`` / 2 of the path, one pixel after the other."""
    pairs = list(itertools.pairwise(points)) or [(points[0], points[0])]
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            center = np.array([column + 0.5, row + 0.5])
            if any(_distance(center, np.array(a), np.array(b)) <= size / 2 + 1e-6 for a, b in pairs):
                labels[row, column] = label


def flood(labels: np.ndarray, x: int, y: int) -> np.ndarray:
    """(H, W) bool: the pixels of one value that hang together with (x, y) over their edges."""
    mask = np.zeros(labels.shape, bool)
    waiting = [(y, x)]
    while waiting:
        row, column = waiting.pop()
        inside = 0 <= row < labels.shape[0] and 0 <= column < labels.shape[1]
        if inside and not mask[row, column] and labels[row, column] == labels[y, x]:
            mask[row, column] = True
            waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
    return mask


def flatten(document: Document) -> np.ndarray:
    """(H, W) uint8: for every pixel, the first painted class from the top."""
    labels = np.empty((document.height, document.width), np.uint8)
    for row in range(document.height):
        for column in range(document.width):
            seen = [int(x.labels[row, column]) for x in reversed(document.layers) if x.is_visible]
            labels[row, column] = next((label for label in seen if label != UNPAINTED), document.background)
    return labels


def _distance(point: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    """From a point to a segment."""
    length = float((b - a) @ (b - a))
    t = float(np.clip((point - a) @ (b - a) / length, 0, 1)) if length else 0.0
    return float(np.hypot(*(point - a - t * (b - a))))


def winding(points: list[tuple[float, float]], x: float, y: float) -> int:
    """How often the closed path goes around (x, y): crossings of the ray to the left, by direction.

    The point itself belongs to what is at its right side, as pixels are chosen by half-open edges.
    """
    count = 0
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True):
        if (ay <= y) != (by <= y) and ax + (y - ay) / (by - ay) * (bx - ax) <= x:
            count += 1 if by > ay else -1
    return count


def blank(width: int = 40, height: int = 32) -> Document:
    """A document with one layer on which nothing is painted."""
    return Document(width, height, palette(), "outdoor", [LabelLayer.blank("a", width, height)])


def draw(tool, path, found: Document, options, layer: int = 0, **release):
    """Press at the first point, move along the others, release at the last; returns the command."""
    tool.press(*path[0], found, found.layers[layer], options)
    for point in path[1:]:
        tool.move(*point)
    return tool.release(*path[-1], **release)
