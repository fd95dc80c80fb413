"""Project files (.oasis): a zip in OpenRaster layout that Krita and MyPaint open as .ora, with the exact ids beside.

``stack.xml`` and the PNG files under ``data/`` are for other programs; this one reads ``oasis/`` alone.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

import cv2
import numpy as np

from oasis_studio.core.box import Box
from oasis_studio.core.document import Document
from oasis_studio.core.files import manifest, png, region_json
from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.files.container import MERGED, MIMETYPE, THUMBNAIL, Container, check_total, open_container
from oasis_studio.core.files.labelmap import decode_labels
from oasis_studio.core.files.manifest import Manifest
from oasis_studio.core.files.region_json import RegionEntries
from oasis_studio.core.layer import LabelLayer
from oasis_studio.core.palette import UNPAINTED
from oasis_studio.core.raster import box_around
from oasis_studio.core.reference import MAX_SIDE, Reference
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_MAX_MANIFEST = 4 * 2**20
_THUMBNAIL_SIDE = 256


@dataclass(eq=False)
class Project:
    """What a project file holds; ``image_HW3`` the last photo, uint8 RGB of the document's size, or None."""

    document: Document
    image_HW3: np.ndarray | None


def write_project(path: Path, document: Document, image_HW3: np.ndarray | None = None, model_sha256: str = "") -> None:
    """Save atomically; StudioError if the disk refuses or the layers are more than a file may hold.

    ``image_HW3`` is the last photo, uint8 RGB of the document's size; ``model_sha256`` names the exact weights.
    The same document gives the same bytes.
    """
    if image_HW3 is not None and image_HW3.shape != (document.height, document.width, 3):
        raise ValueError(f"image of shape {image_HW3.shape} for a {document.width}×{document.height} document")
    regions = RegionEntries.of(document)
    check_total(document.width, document.height, _maps(len(document.layers) + len(document.snapshots), regions))
    write_atomically(path, lambda stream: _write(stream, document, image_HW3, model_sha256, regions))


def read_project(path: Path) -> Project:
    """Open a project; StudioError, in one sentence, for whatever is wrong with the file."""
    with open_container(path) as container:
        return _read(container)


def is_project(path: Path) -> bool:
    """Does the file hold a project's exact labels? Other programs drop them when they save; StudioError if no zip."""
    with open_container(path) as container:
        return container.has(manifest.FILE)


def _maps(count: int, regions: RegionEntries) -> int:
    """Label maps that a project holds; a lock is as large as four, brushed amounts as one."""
    return count + 4 * len(regions.kept_locks) + len(regions.brushed)


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
        pictures = [*_pictures(document, boxes, image_HW3), *_region_pictures(regions)]
        for name, data in pool.map(lambda entry: (entry[0], entry[1]()), pictures):
            _add(archive, name, data)


def _packed_box(layer: LabelLayer) -> Box:
    """The part of a layer that other programs get: what is painted, and at least a pixel."""
    box = box_around(layer.labels != UNPAINTED)
    return Box(0, 0, 1, 1) if box.is_empty else box


def _pictures(
    document: Document, boxes: list[Box], image_HW3: np.ndarray | None
) -> list[tuple[str, Callable[[], bytes]]]:
    """Name and packing of every PNG of the file."""
    palette = document.palette
    entries: list[tuple[str, Callable[[], bytes]]] = []
    if image_HW3 is not None:
        entries.append((MERGED, partial(png.encode_image, image_HW3)))
        seen = image_HW3
    else:
        flat = document.flatten()
        entries.append((MERGED, partial(png.encode_layer, flat, palette)))
        step = max(1, max(flat.shape) // (4 * _THUMBNAIL_SIDE))
        seen = palette.colors[flat[::step, ::step]]
    entries.append((THUMBNAIL, lambda: png.encode_image(_thumbnail(seen))))
    for number, (layer, box) in enumerate(zip(document.layers, boxes, strict=True)):
        entries.append((_layer_png(number), partial(png.encode_labels, layer.labels[box.slices], palette)))
        entries.append((manifest.labels_file(number), partial(png.encode_labels, layer.labels, palette)))
    for number, snapshot in enumerate(document.snapshots):
        entries.append((manifest.snapshot_file(number), partial(png.encode_labels, snapshot.labels_HW, palette)))
    if document.reference:
        entries.append((manifest.REFERENCE_FILE, partial(png.encode_image, document.reference.image_HW3)))
    return entries


def _region_pictures(regions: RegionEntries) -> list[tuple[str, Callable[[], bytes]]]:
    entries: list[tuple[str, Callable[[], bytes]]] = []
    for number, brushed in enumerate(regions.brushed):
        entries.append((region_json.brushed_file(number), partial(png.encode_grey, brushed.amounts_hw)))
    for number, lock in enumerate(regions.kept_locks):
        mask = lock.mask_hw.astype(np.uint8) * np.uint8(255)
        entries.append((region_json.mask_file(number), partial(png.encode_grey, mask)))
        entries.append((region_json.pixels_file(number), partial(png.encode_image, lock.pixels_hw3)))
    return entries


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


def _read(container: Container) -> Project:
    found = manifest.from_json(container.read(manifest.FILE, _MAX_MANIFEST), container.name)
    document = found.document
    count = len(found.files) + len(found.snapshots) + 4 * len(document.locks) + len(found.brushed)
    check_total(document.width, document.height, count)
    for layer, file in zip(found.layers, found.files, strict=True):
        layer.labels = _labels(container, file, document)
        document.layers.append(layer)
    document.snapshots = tuple(
        replace(snapshot, labels_HW=_labels(container, manifest.snapshot_file(number), document))
        for number, snapshot in enumerate(found.snapshots)
    )
    if found.reference:
        document.reference = _reference(container, found.reference)
    _read_regions(container, found)
    return Project(document, _image(container, found))


def _read_regions(container: Container, found: Manifest) -> None:
    document = found.document
    read = partial(_part, container, document, "L")
    brushed = region_json.filled_brushed(found.brushed, read)
    try:
        document.styles = region_json.trails(found.styles, [layer.id for layer in document.layers], brushed)
    except (KeyError, TypeError) as error:  # others are told by the container
        raise ValueError("styles") from error
    read_image = partial(_part, container, document, "RGB")
    document.locks = {
        key: region_json.filled_lock(lock, number, read, read_image)
        for number, (key, lock) in enumerate(document.locks.items())
    }


def _part(container: Container, document: Document, mode: str, file: str, box: Box) -> np.ndarray:
    """The pixels of a picture that has the size of ``box``."""
    data, name = container.read(file), f"{container.name}: {file}"
    _check_size(data, (box.width, box.height), name)
    return np.array(png.open_png(data, name).convert(mode))


def _labels(container: Container, file: str, document: Document) -> np.ndarray:
    data, name = container.read(file), f"{container.name}: {file}"
    _check_fits(data, document, name)
    return decode_labels(data, document.palette, name)


def _reference(container: Container, reference: Reference) -> Reference:
    """``reference`` with its photo."""
    data, name = container.read(manifest.REFERENCE_FILE), f"{container.name}: {manifest.REFERENCE_FILE}"
    header = png.read_header(data, name)
    if not (1 <= header.width <= MAX_SIDE and 1 <= header.height <= MAX_SIDE):
        raise StudioError(
            _("{name} has {width}×{height} pixels: the project is damaged.").format(
                name=name, width=header.width, height=header.height
            )
        )
    return replace(reference, image_HW3=np.array(png.open_png(data, name).convert("RGB")))


def _image(container: Container, found: Manifest) -> np.ndarray | None:
    if not found.has_image:
        return None
    data, name = container.read(MERGED), f"{container.name}: {MERGED}"
    _check_fits(data, found.document, name)
    return np.array(png.open_png(data, name).convert("RGB"))


def _check_fits(data: bytes, document: Document, name: str) -> None:
    """Raise StudioError unless the PNG has the size of the document; nothing is decoded."""
    _check_size(data, (document.width, document.height), name)


def _check_size(data: bytes, size: tuple[int, int], name: str) -> None:
    header = png.read_header(data, name)
    if (header.width, header.height) != size:
        raise StudioError(
            _("{name} has {found} pixels instead of {wanted}: the project is damaged.").format(
                name=name, found=f"{header.width}×{header.height}", wanted=f"{size[0]}×{size[1]}"
            )
        )
