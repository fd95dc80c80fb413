"""Styles and locks of regions, as JSON and pictures beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from oasis_studio.core.document.document import MAX_SIDE, Document
from oasis_studio.core.document.lock import WIDEST_FEATHER, Lock, joined
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import (
    DEEPEST_MIX,
    IMAGE_SEED,
    MOST_KEPT,
    MOST_PAINTS,
    STRONGEST,
    Brushed,
    Linear,
    Mix,
    Origin,
    OwnSeed,
    Paint,
    Radial,
    RegionStyle,
    Shape,
    Source,
    StoredVector,
    StyleTrail,
)
from oasis_studio.core.pixels.box import Box

Json = dict[str, Any]
Picture = Callable[[str, Box], np.ndarray]
"""Reads the grey PNG of that name, which has the size of the box."""

_FARTHEST = 2.0**24
_MOST_NUMBERS = 65536
_IMAGE = "image"
_NO_PIXELS = np.empty((0, 0), np.uint8)


def brushed_file(number: int) -> str:
    """Where a project keeps the amounts of a brushed style, a grey PNG."""
    return f"oasis/brushed-{number}.png"


def mask_file(number: int) -> str:
    """Where a project keeps which pixels a lock holds, a grey PNG."""
    return f"oasis/lock-{number}-mask.png"


def pixels_file(number: int) -> str:
    """Where a project keeps the pixels that a lock holds, an RGB PNG."""
    return f"oasis/lock-{number}.png"


@dataclass(frozen=True, eq=False)
class RegionEntries:
    """What a project keeps of its regions: JSON, the brushed amounts, the locks.

    Styles of removed layers are left out. Locks outlive their layers: they are kept as locks of the background.
    Amounts and locks go into files by their place in the lists.
    """

    styles: list[Json]
    locks: list[Json]
    brushed: list[Brushed]
    kept_locks: list[Lock]

    @classmethod
    def of(cls, document: Document) -> RegionEntries:
        places = {layer.id: number for number, layer in enumerate(document.layers)}
        brushed: list[Brushed] = []
        styles = [
            {**_key_json(key, places), **_trail_json(trail, brushed)}
            for key, trail in document.styles.items()
            if _is_kept(key, places)
        ]
        kept = list(_adopted(document.locks, places).items())
        locks = [{**_key_json(key, places), **_lock_json(lock)} for key, lock in kept]
        return cls(styles, locks, brushed, [lock for _key, lock in kept])


# -- writing ------------------------------------------------------------------------------------------------------


def _is_kept(key: RegionKey, places: Mapping[int, int]) -> bool:
    return key == WHOLE_IMAGE or key.layer_id == BACKGROUND_LAYER or key.layer_id in places


def _adopted(locks: Mapping[RegionKey, Lock], places: Mapping[int, int]) -> dict[RegionKey, Lock]:
    """The locks, in their order; those of removed layers go to the same class of the background."""
    found: dict[RegionKey, list[Lock]] = {}
    for key, lock in locks.items():
        home = key if _is_kept(key, places) else RegionKey(BACKGROUND_LAYER, key.label)
        found.setdefault(home, []).append(lock)
    return {key: joined(several) for key, several in found.items()}


def _key_json(key: RegionKey, places: Mapping[int, int]) -> Json:
    if key == WHOLE_IMAGE:
        return {"layer": _IMAGE, "class": None}
    return {"layer": places.get(key.layer_id), "class": key.label}


def _trail_json(trail: StyleTrail, brushed: list[Brushed]) -> Json:
    return {"index": trail.index, "styles": [style_json(style, brushed) for style in trail.styles]}


def style_json(style: RegionStyle, brushed: list[Brushed]) -> Json:
    """``brushed`` collects the amounts that need files."""
    paints = [
        {"source": source_json(paint.source), "shape": _shape_json(paint.shape, brushed)} for paint in style.paints
    ]
    return {"source": source_json(style.source), "strength": style.strength, "paints": paints}


def source_json(source: Source) -> Json:
    """A source of noise as the JSON that :func:`source_of` reads."""
    if isinstance(source, OwnSeed):
        return {"kind": "seed", "seed": source.seed}
    if isinstance(source, StoredVector):
        return {
            "kind": "vector",
            "origin": source.origin.value,
            "name": source.name,
            "model": source.model,
            "values": list(source.values),
        }
    if isinstance(source, Mix):
        first, second = source_json(source.first), source_json(source.second)
        return {"kind": "mix", "first": first, "second": second, "share": source.share}
    return {"kind": "image"}


def _shape_json(shape: Shape, brushed: list[Brushed]) -> Json:
    if isinstance(shape, Linear):
        return {"kind": "linear", "start": list(shape.start), "end": list(shape.end)}
    if isinstance(shape, Radial):
        return {"kind": "radial", "centre": list(shape.centre), "radius": shape.radius}
    known = next((number for number, each in enumerate(brushed) if each is shape), len(brushed))
    if known == len(brushed):
        brushed.append(shape)
    return {"kind": "brushed", "box": list(shape.box), "file": known}


def _lock_json(lock: Lock) -> Json:
    return {"box": list(lock.box), "feather": lock.feather, "sha256": lock.digest}


# -- reading: KeyError, TypeError or ValueError for whatever is not as it should be ---------------------------------


def trails(entries: list[Json], layer_ids: list[int], brushed: list[Brushed]) -> dict[RegionKey, StyleTrail]:
    """The styles; ``layer_ids`` from the bottom to the top, ``brushed`` as :func:`brushed_boxes` found them."""
    found = {}
    for entry in entries:
        styles = tuple(style_of(each, brushed) for each in _list(entry["styles"], MOST_KEPT))
        if not styles:
            raise ValueError("a region without a style")
        found[_key(entry, layer_ids)] = StyleTrail(styles, _whole(entry["index"], 0, len(styles) - 1))
    return found


def style_of(entry: Json, brushed: list[Brushed]) -> RegionStyle:
    """A style from its JSON; its brushed shapes are added to ``brushed``, without their pixels yet."""
    paints = tuple(
        Paint(source_of(each["source"]), _shape(each["shape"], brushed)) for each in _list(entry["paints"], MOST_PAINTS)
    )
    return RegionStyle(source_of(entry["source"]), _number(entry["strength"], 0, STRONGEST), paints)


def source_of(entry: Json, level: int = 0) -> Source:
    """A source of noise from its JSON, of which ``level`` mixes lie around it; ValueError if there are too many."""
    kind = entry["kind"]
    if kind == "image":
        return IMAGE_SEED
    if kind == "seed":
        return OwnSeed(_whole(entry["seed"], 0, MAX_SEED))
    if kind == "vector":
        return vector_of(entry)
    if kind == "mix" and level < DEEPEST_MIX:
        first, second = source_of(entry["first"], level + 1), source_of(entry["second"], level + 1)
        return Mix(first, second, _number(entry["share"], 0, 1))
    raise ValueError(f"no such source: {kind!r}")


def vector_of(entry: Json) -> StoredVector:
    """ValueError if a value is not a finite number."""
    values = tuple(
        float(np.float32(_number(value, -_FARTHEST, _FARTHEST))) for value in _list(entry["values"], _MOST_NUMBERS)
    )
    return StoredVector(values, _text(entry["model"]), Origin(entry["origin"]), _text(entry["name"]))


def _shape(entry: Json, brushed: list[Brushed]) -> Shape:
    kind = entry["kind"]
    if kind == "linear":
        return Linear(_point(entry["start"]), _point(entry["end"]))
    if kind == "radial":
        return Radial(_point(entry["centre"]), _number(entry["radius"], 0, _FARTHEST))
    if kind == "brushed":
        return brushed[_whole(entry["file"], 0, len(brushed) - 1)]
    raise ValueError(f"no such shape: {kind!r}")


def brushed_boxes(entries: list[Json]) -> list[Brushed]:
    """The brushed amounts that the styles name, in the order of their files, without their pixels."""
    found: dict[int, Box] = {}
    for entry in entries:
        for style in entry["styles"]:
            for paint in style["paints"]:
                if paint["shape"]["kind"] == "brushed":
                    found.setdefault(_whole(paint["shape"]["file"], 0, 10**6), _box(paint["shape"]["box"]))
    if sorted(found) != list(range(len(found))):
        raise ValueError("brushed styles are not numbered")
    if any(max(box.width, box.height) > MAX_SIDE for box in found.values()):
        raise ValueError("a brushed style larger than a canvas")
    return [Brushed(found[number], _NO_PIXELS) for number in range(len(found))]


def locks(entries: list[Json], layer_ids: list[int]) -> dict[RegionKey, Lock]:
    """The locks, without their pixels."""
    found = {}
    for entry in entries:
        digest = _text(entry["sha256"])
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError("no digest")
        feather = _whole(entry["feather"], 0, WIDEST_FEATHER)
        lock = Lock(_box(entry["box"]), np.empty((0, 0), bool), np.empty((0, 0, 3), np.uint8), feather, digest)
        found[_key(entry, layer_ids)] = lock
    if len(found) != len(entries):
        raise ValueError("a region is locked twice")
    return found


def filled_brushed(found: list[Brushed], read: Picture) -> list[Brushed]:
    """The brushed shapes with the amounts that ``read`` gets from their files."""
    return [replace(each, amounts_hw=read(brushed_file(number), each.box)) for number, each in enumerate(found)]


def filled_lock(lock: Lock, number: int, read: Picture, read_image: Picture) -> Lock:
    """The lock with the mask and the pixels that are read from its files."""
    mask = read(mask_file(number), lock.box) != 0
    return replace(lock, mask_hw=mask, pixels_hw3=read_image(pixels_file(number), lock.box))


def _key(entry: Json, layer_ids: list[int]) -> RegionKey:
    layer = entry["layer"]
    if layer == _IMAGE:
        return WHOLE_IMAGE
    label = _whole(entry["class"], 0, 254)
    if layer is None:
        return RegionKey(BACKGROUND_LAYER, label)
    return RegionKey(layer_ids[_whole(layer, 0, len(layer_ids) - 1)], label)


def _box(value: Any) -> Box:
    left, top, right, bottom = (_whole(each, -(2**20), 2**20) for each in _list(value, 4))
    box = Box(left, top, right, bottom)
    if box.is_empty:
        raise ValueError(f"nothing in {box}")
    return box


def _point(value: Any) -> tuple[float, float]:
    x, y = (_number(each, -_FARTHEST, _FARTHEST) for each in _list(value, 2))
    return x, y


def _list(value: Any, most: int) -> list[Any]:
    if type(value) is not list or len(value) > most:
        raise TypeError(f"no list of at most {most}")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{value!r} is not in {low}..{high}")
    return value


def _number(value: Any, low: float, high: float) -> float:
    number = float(value)
    if not (math.isfinite(number) and low <= number <= high):
        raise ValueError(f"{value!r} is not in {low}..{high}")
    return number
