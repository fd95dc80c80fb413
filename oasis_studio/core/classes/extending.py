"""A class list made of another one and of classes that come after its own."""

from __future__ import annotations

import colorsys
from collections.abc import Container, Iterable
from dataclasses import replace

from oasis_studio.core.classes.palette import UNPAINTED, Palette, SemanticClass, name_key
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Color = tuple[int, int, int]


def extended(base: Palette | None, name: str, entries: Iterable[tuple[str | None, Color | None]]) -> Palette:
    """All classes of ``base``, then those of ``entries`` that it has not, each name once and in their order.

    An entry is the name of a class and its RGB colour. The name None is passed over; a class without a colour gets one
    that no other has. Without a base the list is called ``name``. StudioError if there are no classes, or too many.
    """
    classes = base.classes if base else ()
    known = {name_key(entry.name) for entry in classes}
    new: dict[str, tuple[str, Color | None]] = {}
    for entry, color in entries:
        if entry is not None and name_key(entry) not in known:
            first, given = new.get(name_key(entry), (entry, None))
            new[name_key(entry)] = (first, given or color)
    count = len(classes) + len(new)
    if not 1 <= count <= UNPAINTED:
        raise StudioError(
            _("This makes {count} classes; a model can have 1 to {most}.").format(count=count, most=UNPAINTED),
            _("Join classes by giving them the same name, or leave some out."),
        )
    taken = {entry.color for entry in classes} | {color for _name, color in new.values() if color}
    added = []
    for number, (entry, given) in enumerate(new.values(), len(classes)):
        color = given or free_color(taken, number)
        taken.add(color)
        added.append(SemanticClass(number, entry, color))
    return replace(base, classes=(*classes, *added)) if base else Palette(name, tuple(added))


def free_color(taken: Container[Color], number: int) -> Color:
    """A colour that is not ``taken`` for the class of that number, its hue far from those of the numbers before."""
    while True:
        channels = colorsys.hsv_to_rgb(number * 0.618034 % 1, 0.55 + 0.15 * (number % 3), 0.9 - 0.2 * (number % 2))
        red, green, blue = (round(channel * 255) for channel in channels)
        if (red, green, blue) not in taken:
            return red, green, blue
        number += 1
