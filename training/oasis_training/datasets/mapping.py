"""From the classes of a data set to those of a training: numbered 0, 1, 2 …, joined or left out as a file says."""

from __future__ import annotations

import colorsys
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette, SemanticClass
from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import resource
from oasis_training.datasets.model import DatasetClass

_MOST = 255
_ALL_OTHERS = "*"


@dataclass(frozen=True)
class ClassMap:
    """``palette`` after it, ``table`` (65536,) uint8 from old ids to new ones, and the names that lost their place."""

    palette: Palette
    table: np.ndarray
    left_out: tuple[str, ...]

    def apply(self, labels_HW: np.ndarray) -> np.ndarray:
        """(H, W) uint8: 255 for what is unlabelled, unknown or left out."""
        return self.table[labels_HW]


def renumbered(classes: tuple[DatasetClass, ...], name: str) -> ClassMap:
    """All classes in the order of their ids; StudioError if a label map of 8 bits cannot hold so many."""
    ordered = sorted(classes, key=lambda entry: entry.id)
    if not ordered:
        raise StudioError(_("The data set has no classes."))
    if len(ordered) > _MOST:
        raise StudioError(
            _("The data set has {count} classes; a model can have {most}.").format(count=len(ordered), most=_MOST),
            _("Join classes, or leave some out, with --map."),
        )
    palette = palette_of(name, [(entry.name, entry.color) for entry in ordered])
    return ClassMap(palette, _table({entry.id: index for index, entry in enumerate(ordered)}), ())


def read_map(path: Path, classes: tuple[DatasetClass, ...], name: str) -> ClassMap:
    """The map in a JSON file, in one of two forms; StudioError naming what does not fit.

    ``{"old": "new", "other": null, "*": "rest"}`` makes the new classes, in this order. ``{"classes": …, "map": …}``
    goes to a class list (of the program by name, or written out); classes of equal names need no entry. An old class
    is named or given by its id; null and what is not mentioned is left out; ``*`` is for all others.
    """
    data = read_json(path)
    if not isinstance(data, dict) or not data:
        raise StudioError(_("The class map {path} is empty.").format(path=path))
    if isinstance(data.get("classes"), str | dict):
        palette = _target(data["classes"])
        wanted = {_ALL_OTHERS: None} | {
            entry.name: entry.name for entry in palette.classes if _named(entry.name, classes)
        }
        wanted |= _entries(path, data.get("map", {}))
    else:
        wanted = _entries(path, data)
        palette = _new_palette(name, wanted, classes)
    new_of = _resolve(wanted, classes, palette)
    left_out = tuple(entry.name for entry in classes if entry.id not in new_of)
    return ClassMap(palette, _table(new_of), left_out)


def _entries(path: Path, data: Any) -> dict[str, str | None]:
    if not isinstance(data, dict) or not all(value is None or isinstance(value, str) for value in data.values()):
        raise StudioError(
            _("The class map {path} must give every class a name or null.").format(path=path),
            _('For example: {"lawn": "grass", "person": null}'),
        )
    return {str(key): value for key, value in data.items()}


def _target(given: str | dict[str, Any]) -> Palette:
    if isinstance(given, dict):
        return Palette.from_json(given)
    shipped = resource("classes", f"{given}.json")
    if not shipped.is_file():
        names = sorted(path.stem for path in resource("classes").glob("*.json"))
        raise StudioError(
            _('There is no class list "{name}".').format(name=given),
            _("Use one of {names}, or write the list out.").format(names=", ".join(names)),
        )
    return Palette.read(shipped)


def _new_palette(name: str, wanted: dict[str, str | None], classes: tuple[DatasetClass, ...]) -> Palette:
    colors: dict[str, tuple[int, int, int] | None] = {}
    for old, new in wanted.items():
        if new is not None and colors.get(new) is None:
            colors[new] = next((entry.color for entry in _named(old, classes) if entry.color), None)
    if not 1 <= len(colors) <= _MOST:
        raise StudioError(
            _("The class map makes {count} classes; it must be 1 to {most}.").format(count=len(colors), most=_MOST)
        )
    return palette_of(name, list(colors.items()))


def _resolve(wanted: dict[str, str | None], classes: tuple[DatasetClass, ...], palette: Palette) -> dict[int, int]:
    """New id of every old id that keeps a place."""
    new_of: dict[int, int] = {}
    for old, new in wanted.items():
        target = None if new is None else palette.by_name(new)
        if new is not None and target is None:
            raise _unknown(new, [entry.name for entry in palette.classes], _("the new classes"))
        found = list(classes) if old == _ALL_OTHERS else _named(old, classes)
        if not found:
            raise _unknown(old, [entry.name for entry in classes], _("the classes of the data set"))
        if old == _ALL_OTHERS:
            named = {entry.id for key in wanted if key != _ALL_OTHERS for entry in _named(key, classes)}
            found = [entry for entry in found if entry.id not in named]
        for entry in found:
            new_of.pop(entry.id, None)
            if target is not None:
                new_of[entry.id] = target.id
    return new_of


def _named(key: str, classes: tuple[DatasetClass, ...]) -> list[DatasetClass]:
    wanted = key.strip().lower()
    found = [entry for entry in classes if entry.name.strip().lower() == wanted]
    return found or [entry for entry in classes if str(entry.id) == wanted]


def _unknown(name: str, known: list[str], where: str) -> StudioError:
    near = difflib.get_close_matches(name, known, 1, 0.0)
    return StudioError(
        _('"{name}" is none of {where}.').format(name=name, where=where),
        _('Did you mean "{near}"?').format(near=near[0]) if near else "",
    )


def _table(new_of: dict[int, int]) -> np.ndarray:
    table = np.full(65536, UNPAINTED, np.uint8)
    for old, new in new_of.items():
        table[old] = new
    return table


def palette_of(name: str, entries: list[tuple[str, tuple[int, int, int] | None]]) -> Palette:
    """A class without a colour gets one that no other has, its hue as far as possible from those before."""
    taken = {color for _name, color in entries if color is not None}
    classes = []
    for index, (class_name, given) in enumerate(entries):
        color, step = given, index
        while color is None or (given is None and color in taken):
            red, green, blue = colorsys.hsv_to_rgb(
                step * 0.618034 % 1, 0.55 + 0.15 * (step % 3), 0.9 - 0.2 * (step % 2)
            )
            color, step = (round(red * 255), round(green * 255), round(blue * 255)), step + 1
        taken.add(color)
        classes.append(SemanticClass(index, class_name, color))
    return Palette(name, tuple(classes))
