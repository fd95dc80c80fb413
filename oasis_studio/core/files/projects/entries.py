"""What this program reads of a project file, all of it under ``oasis/``: the exact ids, styles, locks, photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from oasis_studio.core.disk.container import Container, check_total
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.reference import MAX_SIDE, Reference
from oasis_studio.core.files.label_maps.files import decode_labels
from oasis_studio.core.files.pictures import png
from oasis_studio.core.files.projects import manifest, region_json
from oasis_studio.core.files.projects.manifest import Manifest
from oasis_studio.core.files.projects.region_json import RegionEntries
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Entry = tuple[str, Callable[[], bytes]]
"""Name and packing of a file in the archive."""

_MAX_MANIFEST = 4 * 2**20


def check_maps(document: Document, regions: RegionEntries) -> None:
    """Raise StudioError if the document's label maps are more than a file may hold."""
    maps = len(document.layers) + len(document.snapshots) + 4 * len(regions.kept_locks) + len(regions.brushed)
    check_total(document.width, document.height, maps)


def pictures(document: Document, regions: RegionEntries) -> list[Entry]:
    """Every PNG that the manifest names."""
    palette = document.palette
    entries: list[Entry] = [
        (manifest.labels_file(number), partial(png.encode_labels, layer.labels, palette))
        for number, layer in enumerate(document.layers)
    ]
    for number, snapshot in enumerate(document.snapshots):
        entries.append((manifest.snapshot_file(number), partial(png.encode_labels, snapshot.labels_HW, palette)))
    if document.reference:
        entries.append((manifest.REFERENCE_FILE, partial(png.encode_image, document.reference.image_HW3)))
    return [*entries, *_region_pictures(regions)]


def _region_pictures(regions: RegionEntries) -> list[Entry]:
    entries: list[Entry] = []
    for number, brushed in enumerate(regions.brushed):
        entries.append((region_json.brushed_file(number), partial(png.encode_grey, brushed.amounts_hw)))
    for number, lock in enumerate(regions.kept_locks):
        mask = lock.mask_hw.astype(np.uint8) * np.uint8(255)
        entries.append((region_json.mask_file(number), partial(png.encode_grey, mask)))
        entries.append((region_json.pixels_file(number), partial(png.encode_image, lock.pixels_hw3)))
    return entries


def read_document(container: Container) -> Manifest:
    """The manifest with its document whole; StudioError or ValueError for whatever is wrong."""
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
    return found


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
    check_fits(data, document, name)
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


def check_fits(data: bytes, document: Document, name: str) -> None:
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
