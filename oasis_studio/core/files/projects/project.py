"""Project files (.oasis): a zip in OpenRaster layout that Krita and MyPaint open as .ora, with the exact ids beside.

``stack.xml`` and the PNG files under ``data/`` are for other programs; this one reads ``oasis/`` (see
:mod:`~oasis_studio.core.files.projects.entries`) and the last photo.
"""

from __future__ import annotations

import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.disk.atomic import write_atomically
from oasis_studio.core.disk.container import MERGED, MIMETYPE, THUMBNAIL, Container, open_container
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.files.pictures import png
from oasis_studio.core.files.projects import entries, manifest
from oasis_studio.core.files.projects.entries import Entry, check_fits, check_maps, read_document
from oasis_studio.core.files.projects.manifest import Manifest
from oasis_studio.core.files.projects.region_json import RegionEntries
from oasis_studio.core.files.projects.results import read_results, result_entries
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import box_around

_THUMBNAIL_SIDE = 256


@dataclass(eq=False)
class Project:
    """What a project file holds; ``image_HW3`` the last photo, uint8 RGB of the document's size, or None."""

    document: Document
    image_HW3: np.ndarray | None
    skipped: str = ""
    """What was left out since it is damaged, in a sentence."""


def write_project(path: Path, document: Document, image_HW3: np.ndarray | None = None, model_sha256: str = "") -> None:
    """Save atomically; StudioError if the disk refuses or the layers are more than a file may hold.

    ``image_HW3`` is the last photo, uint8 RGB of the document's size; ``model_sha256`` names the exact weights.
    The same document gives the same bytes.
    """
    if image_HW3 is not None and image_HW3.shape != (document.height, document.width, 3):
        raise ValueError(f"image of shape {image_HW3.shape} for a {document.width}×{document.height} document")
    regions = RegionEntries.of(document)
    check_maps(document, regions)
    write_atomically(path, lambda stream: _write(stream, document, image_HW3, model_sha256, regions))


def read_project(path: Path) -> Project:
    """Open a project; StudioError, in one sentence, for whatever is wrong with the file."""
    with open_container(path) as container:
        found = read_document(container)
        found.document.results, skipped = read_results(container)
        return Project(found.document, _image(container, found), skipped)


def _image(container: Container, found: Manifest) -> np.ndarray | None:
    if not found.has_image:
        return None
    data, name = container.read(MERGED), f"{container.name}: {MERGED}"
    check_fits(data, found.document, name)
    return np.array(png.open_png(data, name).convert("RGB"))


def is_project(path: Path) -> bool:
    """Does the file hold a project's exact labels? Other programs drop them when they save; StudioError if no zip."""
    with open_container(path) as container:
        return container.has(manifest.FILE)


def _write(
    stream: BinaryIO,
    document: Document,
    image_HW3: np.ndarray | None,
    model_sha256: str,
    regions: RegionEntries,
) -> None:
    text = manifest.to_json(document, image_HW3 is not None, model_sha256, regions)
    # packing lets go of the interpreter, so that threads share it out
    with zipfile.ZipFile(stream, "w") as archive, ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        _add(archive, "mimetype", MIMETYPE)  # OpenRaster: first, and stored
        boxes = [_packed_box(layer) for layer in document.layers]
        _add(archive, "stack.xml", _stack_xml(document, boxes))
        _add(archive, manifest.FILE, text.encode())
        pictures = [*_pictures(document, boxes, image_HW3), *entries.pictures(document, regions)]
        for name, data in pool.map(lambda entry: (entry[0], entry[1]()), pictures):
            _add(archive, name, data)
        for name, data in result_entries(document.results):  # packed already
            _add(archive, name, data)


def _packed_box(layer: LabelLayer) -> Box:
    """The part of a layer that other programs get: what is painted, and at least a pixel."""
    box = box_around(layer.labels != UNPAINTED)
    return Box(0, 0, 1, 1) if box.is_empty else box


def _pictures(document: Document, boxes: list[Box], image_HW3: np.ndarray | None) -> list[Entry]:
    """Every PNG that is for other programs."""
    palette = document.palette
    found: list[Entry] = []
    if image_HW3 is not None:
        found.append((MERGED, partial(png.encode_image, image_HW3)))
        seen = image_HW3
    else:
        flat = document.flatten()
        found.append((MERGED, partial(png.encode_layer, flat, palette)))
        step = max(1, max(flat.shape) // (4 * _THUMBNAIL_SIDE))
        seen = palette.colors[flat[::step, ::step]]
    found.append((THUMBNAIL, lambda: png.encode_image(_thumbnail(seen))))
    for number, (layer, box) in enumerate(zip(document.layers, boxes, strict=True)):
        found.append((_layer_png(number), partial(png.encode_labels, layer.labels[box.slices], palette)))
    return found


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Store an entry; PNG files are packed already, and a fixed date keeps the bytes the same."""
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED)


def _layer_png(number: int) -> str:
    return f"data/layer-{number}.png"


def _stack_xml(document: Document, boxes: list[Box]) -> bytes:
    """OpenRaster's list of layers, from the top to the bottom; ``boxes`` are where their pictures lie."""
    image = ElementTree.Element("image", version="0.0.3", w=str(document.width), h=str(document.height))
    stack = ElementTree.SubElement(image, "stack")
    numbered = reversed(list(enumerate(document.layers)))
    for group, members in groupby(numbered, key=lambda entry: entry[1].group):
        parent = ElementTree.SubElement(stack, "stack", name=_printable(group)) if group else stack
        for number, layer in members:
            attributes = {
                "name": _printable(layer.name),
                "src": _layer_png(number),
                "x": str(boxes[number].left),
                "y": str(boxes[number].top),
                "opacity": f"{layer.opacity:g}",
                "visibility": "visible" if layer.is_visible else "hidden",
                "composite-op": "svg:src-over",
            }
            if layer.is_locked:
                attributes["edit-locked"] = "true"
            ElementTree.SubElement(parent, "layer", attributes)
    return ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True)


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())


def _thumbnail(image_HW3: np.ndarray) -> np.ndarray:
    height, width = image_HW3.shape[:2]
    scale = min(1.0, _THUMBNAIL_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image_HW3, size, interpolation=cv2.INTER_AREA))
