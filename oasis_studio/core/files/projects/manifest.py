"""``oasis/document.json``: everything of a project but the pixels."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from oasis_studio import __version__
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.document.layer import ColorTag, LabelLayer
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.reference import Blend, Reference
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.document.style import Brushed
from oasis_studio.core.files.projects import region_json
from oasis_studio.core.files.projects.region_json import RegionEntries
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

VERSION = 5
"""Of the file format; it grows when an older program could no longer read the file right, or would lose something.

1: layers, palette, seed, model. 2: groups and colour tags of layers, reference photo, snapshots, notes.
3: styles and locks of regions. 4: photos that were kept, in files of their own. 5: guides. What a drawing does not
have needs no newer program: without guides a file says 4, and without photos either 3.
"""
_WITHOUT_GUIDES = 4
_WITHOUT_RESULTS = 3

FILE = "oasis/document.json"
REFERENCE_FILE = "oasis/reference.png"

T = TypeVar("T")

_FARTHEST = 2**20
"""From the canvas's corner to the corners of the reference photo, in pixels."""

_NO_LABELS = np.empty((0, 0), np.uint8)

_LABELS_FILE = re.compile(r"oasis/layer-\d{1,6}\.png")


@dataclass(eq=False)
class Manifest:
    """A document without layers, the layers without labels, and the file of each one's labels (bottom to top).

    ``reference`` is without its photo, ``snapshots`` are without their labels, the document's locks without pixels.
    """

    document: Document
    layers: list[LabelLayer]
    files: list[str]
    has_image: bool
    reference: Reference | None
    snapshots: list[Snapshot]
    styles: list[dict[str, Any]]
    """As JSON: some of them need pictures."""
    brushed: list[Brushed]
    """Without their amounts."""


def labels_file(number: int) -> str:
    """Where the labels of the layer with that number (0 is the bottom) are in the archive."""
    return f"oasis/layer-{number}.png"


def snapshot_file(number: int) -> str:
    """Where the labels of the snapshot with that number (0 is the oldest) are in the archive."""
    return f"oasis/snapshot-{number}.png"


def to_json(document: Document, has_image: bool, model_sha256: str, regions: RegionEntries) -> str:
    """The manifest of ``document``; ``has_image`` if the merged image is a photo, not the label map."""
    data = {
        "version": _version(document),
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
                "group": layer.group,
                "color_tag": layer.color_tag.value,
                "labels": labels_file(number),
            }
            for number, layer in enumerate(document.layers)
        ],
        "reference": _reference_json(document.reference) if document.reference else None,
        "snapshots": [{"name": snapshot.name, "seed": snapshot.seed} for snapshot in document.snapshots],
        "notes": document.notes,
        "guides": {"x": list(document.guides.xs), "y": list(document.guides.ys)},
        "styles": regions.styles,
        "locks": regions.locks,
        "palette": document.palette.to_json(),
    }
    return json.dumps(data, indent=1)


def _version(document: Document) -> int:
    if document.guides:
        return VERSION
    return _WITHOUT_GUIDES if document.results else _WITHOUT_RESULTS


def from_json(text: bytes, name: str) -> Manifest:
    """Read the manifest of the project called ``name``; StudioError if it is damaged or of a newer program."""
    try:
        data = json.loads(text)
        version = whole(data["version"], 1, 10**6)
        if version > VERSION:
            raise StudioError(
                _("{name} was saved by a newer version of OASIS Studio ({program}).").format(
                    name=name, program=data.get("program", "?")
                ),
                _("Install that version to open it; nothing was changed."),
            )
        for old in range(version, VERSION):
            _MIGRATIONS[old](data)
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
        whole(data["width"], 0, 10**9),
        whole(data["height"], 0, 10**9),
        palette,
        of_kind(str, data["model"]["id"]),
        background=whole(data["background"], 0, len(palette) - 1),
        seed=whole(data["seed"], 0, MAX_SEED),
        notes=of_kind(str, data["notes"]),
    )
    document.guides = _guides(data["guides"], document)
    entries = of_kind(list, data["layers"])
    layers = [_layer(entry) for entry in entries]
    files = [of_kind(str, entry["labels"]) for entry in entries]
    if not all(_LABELS_FILE.fullmatch(file) for file in files):
        raise ValueError("labels in another place")
    snapshots = [
        Snapshot(of_kind(str, entry["name"]), _NO_LABELS, whole(entry["seed"], 0, MAX_SEED))
        for entry in of_kind(list, data["snapshots"])
    ]
    reference = None if data["reference"] is None else _reference(data["reference"])
    styles = of_kind(list, data["styles"])
    document.locks = region_json.locks(of_kind(list, data["locks"]), [layer.id for layer in layers])
    if any(lock.box != lock.box.clipped(document.width, document.height) for lock in document.locks.values()):
        raise ValueError("a lock beyond the canvas")
    brushed = region_json.brushed_boxes(styles)
    return Manifest(document, layers, files, of_kind(bool, data["has_image"]), reference, snapshots, styles, brushed)


def _from_1(data: dict[str, Any]) -> None:
    data.update(reference=None, snapshots=[], notes="")
    for entry in of_kind(list, data["layers"]):
        entry.update(group="", color_tag="none")


def _from_2(data: dict[str, Any]) -> None:
    data.update(styles=[], locks=[])


def _from_3(_data: dict[str, Any]) -> None:
    """The manifest is the same."""


def _from_4(data: dict[str, Any]) -> None:
    data.update(guides={"x": [], "y": []})


_MIGRATIONS = {1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4}
"""By version: what makes a manifest one of the next version, in place."""


def _guides(entry: dict[str, Any], document: Document) -> Guides:
    xs = {whole(x, 0, document.width) for x in of_kind(list, entry["x"])}
    ys = {whole(y, 0, document.height) for y in of_kind(list, entry["y"])}
    return Guides(tuple(sorted(xs)), tuple(sorted(ys)))


def _reference_json(reference: Reference) -> dict[str, Any]:
    return {
        "box": list(reference.box),
        "opacity": reference.opacity,
        "is_visible": reference.is_visible,
        "blend": reference.blend,
    }


def _reference(entry: dict[str, Any]) -> Reference:
    left, top, right, bottom = (whole(value, -_FARTHEST, _FARTHEST) for value in of_kind(list, entry["box"]))
    box = Box(left, top, right, bottom)
    if box.is_empty:
        raise ValueError(f"reference in {box}")
    return Reference(
        np.empty((0, 0, 3), np.uint8),
        box,
        _share(entry["opacity"]),
        of_kind(bool, entry["is_visible"]),
        Blend(entry.get("blend", Blend.NORMAL)),  # files were written before there was a choice
    )


def _layer(entry: dict[str, Any]) -> LabelLayer:
    return LabelLayer(
        of_kind(str, entry["name"]),
        _NO_LABELS,
        is_visible=of_kind(bool, entry["is_visible"]),
        is_locked=of_kind(bool, entry["is_locked"]),
        opacity=_share(entry["opacity"]),
        group=of_kind(str, entry["group"]),
        color_tag=ColorTag(entry["color_tag"]),
    )


def _share(value: Any) -> float:
    """A number in 0..1."""
    share = float(value)
    if not (math.isfinite(share) and 0 <= share <= 1):
        raise ValueError(f"{share} is not in 0..1")
    return share


def of_kind(kind: type[T], value: Any) -> T:
    """``value``, if it is exactly of that kind; TypeError."""
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def whole(value: Any, low: int, high: int) -> int:
    """``value``, if it is a whole number in ``low``..``high``; TypeError or ValueError."""
    if of_kind(int, value) < low or value > high:
        raise ValueError(f"{value} is not in {low}..{high}")
    return value
