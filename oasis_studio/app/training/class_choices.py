"""Which class of the data becomes which class of the new model."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace
from typing import Any

from oasis_studio.app.training.data_findings import FoundClass
from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_MOST = 255


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
    taken = {entry.hex for entry in base.classes} if base else set()
    choices = []
    for entry in found:
        namesake = _namesake(entry.name, base) if base else None
        if namesake is not None:
            choices.append(ClassChoice(entry, namesake.name))
        elif entry.share == 0 and not keeps_empty:
            choices.append(ClassChoice(entry, ""))
        else:
            color = entry.color if entry.color and entry.color not in taken else _free_color(taken)
            taken.add(color)
            choices.append(ClassChoice(entry, entry.name, color))
    return choices


def retarget(choice: ClassChoice, target: str, base: Palette | None, taken: set[str]) -> ClassChoice:
    """The same class of the data with another target; a new class gets a colour that is not ``taken``."""
    is_new = bool(target) and (base is None or base.by_name(target) is None)
    color = (choice.color or choice.found.color or _free_color(taken)) if is_new else ""
    return replace(choice, target=target.strip(), color=color)


def palette_of(choices: list[ClassChoice], base: Palette | None, name: str) -> Palette:
    """All classes of ``base``, then the new ones in order; StudioError if there are none or too many."""
    classes = list(base.classes) if base else []
    known = {entry.name.lower() for entry in classes}
    for choice in choices:
        if choice.target and choice.target.lower() not in known:
            known.add(choice.target.lower())
            red, green, blue = (int(choice.color[place : place + 2], 16) for place in (1, 3, 5))
            classes.append(SemanticClass(len(classes), choice.target, (red, green, blue)))
    if not any(choice.target for choice in choices):
        raise StudioError(_("No class of the data is used."), _("Give at least one of them a class of the model."))
    if len(classes) > _MOST:
        raise StudioError(
            _("These would be {count} classes; a model can have {most}.").format(count=len(classes), most=_MOST),
            _("Join classes by giving them the same name, or leave some out."),
        )
    return replace(base, classes=tuple(classes)) if base else Palette(name, tuple(classes))


def map_json(choices: list[ClassChoice], palette: Palette) -> dict[str, Any]:
    """What ``dataset convert --map`` reads."""
    names = [choice.found.name.strip().lower() for choice in choices]
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


def _free_color(taken: set[str]) -> str:
    """A colour that no class has, its hue far from those before."""
    for step in range(len(taken), len(taken) + 1000):
        red, green, blue = colorsys.hsv_to_rgb(step * 0.618034 % 1, 0.55 + 0.15 * (step % 3), 0.9 - 0.2 * (step % 2))
        color = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
        if color not in taken:
            return color
    return "#808080"
