"""From the classes of a data set to those of a training: numbered 0, 1, 2 …, joined or left out as a file says."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oasis_studio.core.classes.extending import extended
from oasis_studio.core.classes.lists import find_list
from oasis_studio.core.classes.palette import UNPAINTED, Palette, name_key
from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import DatasetClass

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
    palette = extended(None, name, [(entry.name, entry.color) for entry in ordered])
    return mapped({entry.id: entry.name for entry in ordered}, classes, palette)


def read_map(path: Path, classes: tuple[DatasetClass, ...], name: str) -> ClassMap:
    """The map in a JSON file, in one of two forms; StudioError naming what does not fit.

    ``{"old": "new", "other": null, "*": "rest"}`` makes the new classes, in this order. ``{"classes": …, "map": …}``
    goes to a class list (of the program by name, in a file beside the map, or written out); classes of equal names need
    no entry. An old class is named or given by its id; null and what is not mentioned is left out; ``*`` is for all
    others.
    """
    data = read_json(path)
    if not isinstance(data, dict) or not data:
        raise StudioError(_("The class map {path} is empty.").format(path=path))
    listed = data.get("classes")
    if isinstance(listed, str | dict):
        palette = find_list(listed, path.parent) if isinstance(listed, str) else Palette.from_json(listed)
        kept = {entry.id: entry.name for entry in classes if palette.by_name(entry.name)}
        found = new_names(_entries(path, data.get("map", {})), classes, kept)
    else:
        wanted = _entries(path, data)
        found = new_names(wanted, classes)
        colors = ((new, next((entry.color for entry in _named(old, classes)), None)) for old, new in wanted.items())
        palette = extended(None, name, colors)
    return mapped(found, classes, palette)


def read_names(path: Path) -> dict[str, str | None]:
    """What a JSON file calls the classes that it names, None for "left out"; StudioError if it is something else."""
    return _entries(path, read_json(path))


def new_names(
    wanted: dict[str, str | None], classes: tuple[DatasetClass, ...], kept: dict[int, str] | None = None
) -> dict[int, str | None]:
    """By old ids, the name of the class that each becomes, None for "left out".

    ``wanted`` names old classes by name or id, or by ``*`` all that are neither named nor ``kept``. StudioError if a
    class is not there.
    """
    found: dict[int, str | None] = dict(kept or {})
    for old, new in wanted.items():
        entries = _named(old, classes)
        if not entries and old != _ALL_OTHERS:
            raise _unknown(old, [entry.name for entry in classes], _("the classes of the data set"))
        found |= {entry.id: new for entry in entries}
    if _ALL_OTHERS in wanted:
        found = {entry.id: wanted[_ALL_OTHERS] for entry in classes} | found
    return found


def mapped(names: dict[int, str | None], classes: tuple[DatasetClass, ...], palette: Palette) -> ClassMap:
    """From old ids to the classes of ``palette`` that ``names`` has for them; StudioError if it has no such class."""
    table = np.full(65536, UNPAINTED, np.uint8)
    for old, name in names.items():
        target = None if name is None else palette.by_name(name)
        if name is not None and target is None:
            raise _unknown(name, [entry.name for entry in palette.classes], _("the new classes"))
        if target is not None:
            table[old] = target.id
    return ClassMap(palette, table, tuple(entry.name for entry in classes if names.get(entry.id) is None))


def _entries(path: Path, data: Any) -> dict[str, str | None]:
    if not isinstance(data, dict) or not all(value is None or isinstance(value, str) for value in data.values()):
        raise StudioError(
            _("The class map {path} must give every class a name or null.").format(path=path),
            _('For example: {"lawn": "grass", "person": null}'),
        )
    return {str(key): value for key, value in data.items()}


def _named(key: str, classes: tuple[DatasetClass, ...]) -> list[DatasetClass]:
    wanted = name_key(key)
    found = [entry for entry in classes if name_key(entry.name) == wanted]
    return found or [entry for entry in classes if str(entry.id) == wanted]


def _unknown(name: str, known: list[str], where: str) -> StudioError:
    near = difflib.get_close_matches(name, known, 1, 0.0)
    return StudioError(
        _('"{name}" is none of {where}.').format(name=name, where=where),
        _('Did you mean "{near}"?').format(near=near[0]) if near else "",
    )
