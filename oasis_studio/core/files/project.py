"""Project files (.oasis): a zip in OpenRaster layout that Krita and MyPaint open as .ora, with the exact ids beside.

``stack.xml`` and the PNG files under ``data/`` are for other programs; this one reads ``oasis/`` alone.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

import cv2
import numpy as np

from oasis_studio.core.document import Document
from oasis_studio.core.files import manifest, png
from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.files.labelmap import decode_labels
from oasis_studio.core.files.manifest import Manifest
from oasis_studio.core.layer import LabelLayer
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

MIMETYPE = b"image/openraster"
MAX_LABEL_BYTES = 2**32
"""Of all layers together once decoded: more than any document needs, and what a hostile file may cost at most."""

_MAX_ENTRY = 512 * 2**20
_MAX_MANIFEST = 4 * 2**20
_THUMBNAIL = 256
_DAMAGE = (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)


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
    _check_total(document.width, document.height, len(document.layers))
    write_atomically(path, lambda stream: _write(stream, document, image_HW3, model_sha256))


def read_project(path: Path) -> Project:
    """Open a project; StudioError, in one sentence, for whatever is wrong with the file."""
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path.name)
    except OSError as error:
        raise StudioError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    except MemoryError as error:
        raise StudioError(_("There is not enough memory to open {name}.").format(name=path.name)) from error
    except _DAMAGE as error:
        raise StudioError(
            _("{name} is damaged, or is no project of OASIS Studio.").format(name=path.name),
            _("Look for an earlier copy: each save replaces the file as a whole."),
            repr(error),
        ) from error


def _write(stream: BinaryIO, document: Document, image_HW3: np.ndarray | None, model_sha256: str) -> None:
    seen = image_HW3 if image_HW3 is not None else document.palette.colors[document.flatten()]
    with zipfile.ZipFile(stream, "w") as archive:
        _add(archive, "mimetype", MIMETYPE)  # OpenRaster: first, and stored
        _add(archive, "stack.xml", _stack_xml(document))
        for number, layer in enumerate(document.layers):
            _add(archive, _layer_png(number), png.encode_layer(layer.labels, document.palette))
        _add(archive, "mergedimage.png", png.encode_image(seen))
        _add(archive, "Thumbnails/thumbnail.png", png.encode_image(_thumbnail(seen)))
        text = manifest.to_json(document, image_HW3 is not None, model_sha256)
        _add(archive, "oasis/document.json", text.encode())
        for number, layer in enumerate(document.layers):
            _add(archive, manifest.labels_file(number), png.encode_labels(layer.labels, document.palette))


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Store an entry; PNG files are packed already, and a fixed date keeps the bytes the same."""
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED)


def _layer_png(number: int) -> str:
    return f"data/layer-{number}.png"


def _stack_xml(document: Document) -> bytes:
    """OpenRaster's list of layers, from the top to the bottom."""
    image = ElementTree.Element("image", version="0.0.3", w=str(document.width), h=str(document.height))
    stack = ElementTree.SubElement(image, "stack")
    for number, layer in reversed(list(enumerate(document.layers))):
        attributes = {
            "name": "".join(letter for letter in layer.name if letter.isprintable()),
            "src": _layer_png(number),
            "x": "0",
            "y": "0",
            "opacity": f"{layer.opacity:g}",
            "visibility": "visible" if layer.is_visible else "hidden",
            "composite-op": "svg:src-over",
        }
        if layer.is_locked:
            attributes["edit-locked"] = "true"
        ElementTree.SubElement(stack, "layer", attributes)
    return ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True)


def _thumbnail(image_HW3: np.ndarray) -> np.ndarray:
    height, width = image_HW3.shape[:2]
    scale = min(1.0, _THUMBNAIL / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image_HW3, size, interpolation=cv2.INTER_AREA))


def _read(archive: zipfile.ZipFile, name: str) -> Project:
    def entry(file: str, limit: int = _MAX_ENTRY) -> bytes:
        return _entry(archive, file, limit, name)

    found = manifest.from_json(entry("oasis/document.json", _MAX_MANIFEST), name)
    document = found.document
    _check_total(document.width, document.height, len(found.files))
    for layer, file in zip(found.layers, found.files, strict=True):
        document.layers.append(_layer(layer, entry(file), document, f"{name}: {file}"))
    return Project(document, _image(found, entry, name))


def _layer(layer: LabelLayer, data: bytes, document: Document, name: str) -> LabelLayer:
    """``layer`` with the labels in ``data``."""
    _check_fits(data, document, name)
    layer.labels = decode_labels(data, document.palette, name)
    return layer


def _image(found: Manifest, entry: Callable[[str], bytes], name: str) -> np.ndarray | None:
    if not found.has_image:
        return None
    data = entry("mergedimage.png")
    _check_fits(data, found.document, f"{name}: mergedimage.png")
    return np.array(png.open_png(data, f"{name}: mergedimage.png").convert("RGB"))


def _entry(archive: zipfile.ZipFile, file: str, limit: int, name: str) -> bytes:
    """The bytes of an entry, unless it says it is larger than ``limit``; zipfile never yields more than it says."""
    try:
        info = archive.getinfo(file)
    except KeyError as error:
        raise StudioError(
            _("{name} has no {file}: it is damaged, or is no project of OASIS Studio.").format(name=name, file=file),
            _("A picture of another program can be imported as a label map, saved as PNG."),
        ) from error
    if info.file_size > limit:
        raise StudioError(_("{name} holds a file too large to be opened: {file}.").format(name=name, file=file))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"{file} is packed in an unusual way")
    return archive.read(info)


def _check_fits(data: bytes, document: Document, name: str) -> None:
    """Raise StudioError unless the PNG has the size of the document; nothing is decoded."""
    header = png.read_header(data, name)
    if (header.width, header.height) != (document.width, document.height):
        raise StudioError(
            _("{name} has {found} pixels instead of {wanted}: the project is damaged.").format(
                name=name,
                found=f"{header.width}×{header.height}",
                wanted=f"{document.width}×{document.height}",
            )
        )


def _check_total(width: int, height: int, layers: int) -> None:
    if width * height * layers > MAX_LABEL_BYTES:
        raise StudioError(
            _("{layers} layers of {width}×{height} pixels are more than a project may hold.").format(
                layers=layers, width=width, height=height
            ),
            _("At this size there may be {most}; remove some layers.").format(most=MAX_LABEL_BYTES // (width * height)),
        )
