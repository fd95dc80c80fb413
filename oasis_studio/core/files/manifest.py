"""``oasis/document.json``: everything of a project but the pixels."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from oasis_studio import __version__
from oasis_studio.core.document import Document
from oasis_studio.core.layer import LabelLayer
from oasis_studio.core.noise import MAX_SEED
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

VERSION = 1
"""Of the file format; it grows when an older program could no longer read the file right."""

T = TypeVar("T")

_LABELS_FILE = re.compile(r"oasis/layer-\d{1,6}\.png")


@dataclass(eq=False)
class Manifest:
    """A document without layers, the layers without labels, and the file of each one's labels (bottom to top)."""

    document: Document
    layers: list[LabelLayer]
    files: list[str]
    has_image: bool


def labels_file(number: int) -> str:
    """Where the labels of the layer with that number (0 is the bottom) are in the archive."""
    return f"oasis/layer-{number}.png"


def to_json(document: Document, has_image: bool, model_sha256: str) -> str:
    """The manifest of ``document``; ``has_image`` if the merged image is a photo, not the label map."""
    data = {
        "version": VERSION,
        "program": f"OASIS Studio {__version__}",
        "width": document.width,
        "height": document.height,
        "model": {"id": document.model, "sha256": model_sha256},
        "seed": document.seed,
        "background": document.background,
        "has_image": has_image,
        "layers": [
            {
                "name": layer.name,
                "is_visible": layer.is_visible,
                "is_locked": layer.is_locked,
                "opacity": layer.opacity,
                "labels": labels_file(number),
            }
            for number, layer in enumerate(document.layers)
        ],
        "palette": document.palette.to_json(),
    }
    return json.dumps(data, indent=1)


def from_json(text: bytes, name: str) -> Manifest:
    """Read the manifest of the project called ``name``; StudioError if it is damaged or of a newer program."""
    try:
        data = json.loads(text)
        version = _whole(data["version"], 1, 10**6)
        if version > VERSION:
            raise StudioError(
                _("{name} was saved by a newer version of OASIS Studio ({program}).").format(
                    name=name, program=data.get("program", "?")
                ),
                _("Install that version to open it; nothing was changed."),
            )
        return _parsed(data)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError) as error:
        raise StudioError(
            _("{name} is damaged: its document cannot be understood.").format(name=name),
            _("Look for an earlier copy of the file."),
            repr(error),
        ) from error


def _parsed(data: dict[str, Any]) -> Manifest:
    palette = Palette.from_json(data["palette"])
    document = Document(
        _whole(data["width"], 0, 10**9),
        _whole(data["height"], 0, 10**9),
        palette,
        _of(str, data["model"]["id"]),
        background=_whole(data["background"], 0, len(palette) - 1),
        seed=_whole(data["seed"], 0, MAX_SEED),
    )
    entries = _of(list, data["layers"])
    layers = [_layer(entry) for entry in entries]
    files = [_of(str, entry["labels"]) for entry in entries]
    if not all(_LABELS_FILE.fullmatch(file) for file in files):
        raise ValueError("labels in another place")
    return Manifest(document, layers, files, _of(bool, data["has_image"]))


def _layer(entry: dict[str, Any]) -> LabelLayer:
    opacity = float(entry["opacity"])
    if not (math.isfinite(opacity) and 0 <= opacity <= 1):
        raise ValueError(f"opacity {opacity}")
    return LabelLayer(
        _of(str, entry["name"]),
        np.empty((0, 0), np.uint8),
        is_visible=_of(bool, entry["is_visible"]),
        is_locked=_of(bool, entry["is_locked"]),
        opacity=opacity,
    )


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _whole(value: Any, low: int, high: int) -> int:
    if _of(int, value) < low or value > high:
        raise ValueError(f"{value} is not in {low}..{high}")
    return value
