"""OpenRaster files (.ora) that Krita, MyPaint or GIMP saved: layers read back by their colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from oasis_studio.core.classes.nearest import exact_table, labels_of_picture
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.container import Container, check_total, open_container
from oasis_studio.core.document.document import Document, check_size
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.files.pictures import png
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MAX_LAYERS = 1000

_MAX_STACK = 4 * 2**20
_MOST_LAYER_PIXELS = 2**26
_MOST_PIXELS = 2**32
"""Of all layers together: a small file can hold very many, and each costs time."""
_FARTHEST = 2**20
_DEEPEST = 64


@dataclass(eq=False)
class OpenRaster:
    """What an OpenRaster file holds, and what was lost on the way.

    ``snapped_pixels`` had no colour of the palette and took the nearest; ``half_transparent_pixels`` are painted if
    they were at least half opaque; ``skipped`` names layers that are no pixels or cannot be read.
    """

    document: Document
    snapped_pixels: int = 0
    half_transparent_pixels: int = 0
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    """One layer of ``stack.xml``; where it lies is in document pixels."""

    attributes: dict[str, str]
    group: str
    left: int
    top: int
    is_visible: bool


def read_openraster(path: Path, palette: Palette, model: str, background: int = 0) -> OpenRaster:
    """Every layer as a label layer: exact colours of the palette first, else the nearest.

    ``model`` and ``background`` are the new document's. StudioError if the file is no OpenRaster file that can be read.
    """
    with open_container(path) as container:
        root = _stack(container)
        width, height = _number(root.get("w"), 0), _number(root.get("h"), 0)
        check_size(width, height)
        entries = list(_entries(root.find("stack"), "", 0, 0, True, 0))
        if len(entries) > MAX_LAYERS:
            raise StudioError(_("{name} has too many layers to be opened.").format(name=container.name))
        check_total(width, height, len(entries))
        reader = _Reader(container, Document(width, height, palette, model, background=background))
        for entry in reversed(entries):
            reader.add_layer(entry)
    return reader.found


def _stack(container: Container) -> ElementTree.Element:
    text = container.read("stack.xml", _MAX_STACK)
    if b"<!" in text.replace(b"<!--", b""):  # a document type can hold entities that grow without end
        raise ValueError(_("stack.xml declares a document type"))
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(_("stack.xml is no XML")) from error


def _entries(
    stack: ElementTree.Element | None, group: str, left: int, top: int, is_visible: bool, depth: int
) -> Iterator[_Entry]:
    """The layers of a stack and of those in it, from the top. The names of nested groups are joined."""
    if depth > _DEEPEST:
        raise ValueError(_("stacks too deep"))
    for child in stack if stack is not None else ():
        x, y = left + _number(child.get("x"), 0), top + _number(child.get("y"), 0)
        shown = is_visible and child.get("visibility", "visible") != "hidden"
        if child.tag == "stack":
            names = [name for name in (group, child.get("name", "")) if name]
            yield from _entries(child, " / ".join(names), x, y, shown, depth + 1)
        elif child.tag == "layer":
            yield _Entry(dict(child.attrib), group, x, y, shown)


class _Reader:
    """Adds one layer after the other to a document, and counts what does not fit."""

    def __init__(self, container: Container, document: Document) -> None:
        self.found = OpenRaster(document)
        self._container = container
        self._table = exact_table(document.palette)
        self._pixels_left = _MOST_PIXELS

    def add_layer(self, entry: _Entry) -> None:
        document, attributes = self.found.document, entry.attributes
        name = attributes.get("name", "") or _("Layer {number}").format(number=len(document.layers) + 1)
        try:
            rgba = self._pixels(attributes.get("src", ""))
        except StudioError:
            self.found.skipped.append(name)
            return
        layer = LabelLayer.blank(name, document.width, document.height)
        layer.is_visible = entry.is_visible
        layer.is_locked = attributes.get("edit-locked") == "true"
        layer.opacity = _opacity(attributes.get("opacity", "1"))
        layer.group = entry.group
        box = Box(entry.left, entry.top, entry.left + rgba.shape[1], entry.top + rgba.shape[0])
        inside = box.clipped(document.width, document.height)
        if not inside.is_empty:
            rows = slice(inside.top - box.top, inside.bottom - box.top)
            columns = slice(inside.left - box.left, inside.right - box.left)
            layer.labels[inside.slices] = self._labels(rgba[rows, columns])
        document.layers.append(layer)

    def _pixels(self, file: str) -> np.ndarray:
        """(h, w, 4) uint8 of a layer's PNG; StudioError if there is none that can be read."""
        data = self._container.read(file)
        header = png.read_header(data, file)
        count = header.width * header.height
        if not 1 <= count <= min(_MOST_LAYER_PIXELS, self._pixels_left):
            raise StudioError(_("{name} is too large.").format(name=file))
        self._pixels_left -= count
        return np.asarray(png.open_png(data, file).convert("RGBA"))

    def _labels(self, rgba: np.ndarray) -> np.ndarray:
        """(h, w) uint8 of (h, w, 4)."""
        labels, snapped = labels_of_picture(rgba, self.found.document.palette, self._table)
        alpha = rgba[..., 3]
        self.found.snapped_pixels += snapped
        self.found.half_transparent_pixels += int(np.count_nonzero((alpha > 0) & (alpha < 255)))
        return labels


def _number(text: str | None, default: int) -> int:
    """A whole number near the canvas; ValueError otherwise."""
    number = float(text) if text else default
    if not abs(number) <= _FARTHEST:
        raise ValueError(_("{number} is too far").format(number=number))
    return int(number)


def _opacity(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0) if float(text) == float(text) else 1.0
    except ValueError:
        return 1.0
