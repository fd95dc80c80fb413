"""Which class of the data becomes which class of the new model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from oasis_studio.app.training.data_findings import FoundClass
from oasis_studio.core.classes.extending import Color, extended, free_color
from oasis_studio.core.classes.palette import Palette, SemanticClass, name_key
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True)
class ClassChoice:
    """``target`` is the name of a class of the new model, "" for "not used"; ``color`` #rrggbb if it is a new one."""

    found: FoundClass
    target: str
    color: str = ""


def matched(found: tuple[FoundClass, ...], base: Palette | None, keeps_empty: bool) -> list[ClassChoice]:
    """Classes meet those of ``base`` by name; the others become new ones. ``keeps_empty``: also those without pixels.

    Without a base every class is new.
    """
    taken = {entry.color for entry in base.classes} if base else set()
    choices = []
    for entry in found:
        namesake = _namesake(entry.name, base) if base else None
        if namesake is not None:
            choices.append(ClassChoice(entry, namesake.name))
        elif entry.share == 0 and not keeps_empty:
            choices.append(ClassChoice(entry, ""))
        else:
            color = _rgb(entry.color) if entry.color else None
            if color is None or color in taken:
                color = free_color(taken, len(taken))
            taken.add(color)
            choices.append(ClassChoice(entry, entry.name, _hex(color)))
    return choices


def retarget(choice: ClassChoice, target: str, base: Palette | None, taken: set[str]) -> ClassChoice:
    """The same class of the data with another target; a new class gets a colour that is not ``taken`` (#rrggbb)."""
    is_new = bool(target) and (base is None or base.by_name(target) is None)
    free = _hex(free_color({_rgb(color) for color in taken if color}, len(taken)))
    color = (choice.color or choice.found.color or free) if is_new else ""
    return replace(choice, target=target.strip(), color=color)


def palette_of(choices: list[ClassChoice], base: Palette | None, name: str) -> Palette:
    """All classes of ``base``, then the new ones in order; StudioError if there are none or too many."""
    if not any(choice.target for choice in choices):
        raise StudioError(_("No class of the data is used."), _("Give at least one of them a class of the model."))
    return extended(base, name, [(c.target or None, _rgb(c.color) if c.color else None) for c in choices])


def map_json(choices: list[ClassChoice], palette: Palette) -> dict[str, Any]:
    """What ``dataset convert --map`` reads."""
    names = [name_key(choice.found.name) for choice in choices]
    entries: dict[str, str | None] = {}
    for choice, name in zip(choices, names, strict=True):
        key = choice.found.name if names.count(name) == 1 else str(choice.found.id)
        entries[key] = choice.target or None
    return {"classes": palette.to_json(), "map": entries}


def _namesake(name: str, base: Palette) -> SemanticClass | None:
    """By name; then without plural and what follows a comma, as published lists write it ("sea, water")."""
    known = base.by_name(name)
    if known is not None:
        return known
    wanted = _stems(name)
    return next((entry for entry in base.classes if wanted & _stems(entry.name)), None)


def _stems(name: str) -> set[str]:
    parts = name.lower().replace("_", " ").replace("-", " ").replace(";", ",").split(",")
    return {part.strip().removesuffix("s") for part in parts if part.strip()}


def _rgb(color: str) -> Color:
    """From #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
