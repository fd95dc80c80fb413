"""A check as a person reads it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oasis_studio.i18n import _, decimal, ngettext
from oasis_training.datasets.check import Findings
from oasis_training.datasets.model import UNKNOWN

_FIRST = 5
"""Names that are printed of every kind of problem; the JSON has all."""

_PIPE_WIDTH = 200
_BAR = 24


def console() -> Console:
    """stdout; a pipe gets long lines instead of a window's width."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def print_findings(found: Findings, to: Console) -> None:
    """What it is, the classes with their share of the pixels, and every kind of problem with what happens to it."""
    to.print(
        ngettext("{format}: {count} pair", "{format}: {count} pairs", found.pairs).format(
            format=found.format, count=found.pairs
        )
        + (_(", {count} of them usable").format(count=found.usable) if found.usable != found.pairs else "")
        + (_(", shortest side {side} pixels").format(side=found.smallest) if found.smallest else "")
    )
    for note in found.notes:
        to.print(note)
    to.print(_classes(found))
    if not found.has_class_list:
        to.print(_("No class list: the classes are the ids that occur. A classes.json beside the folders names them."))
    problems = _problems(found)
    if problems.row_count:
        to.print(problems)
    if found.is_sound:
        to.print(_("Ready for training."))


def _classes(found: Findings) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title, justify in (
        (_("id"), "right"),
        (_("class"), "left"),
        (_("share"), "right"),
        (_("pairs"), "right"),
        ("", "left"),
    ):
        table.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type] # both are valid words
    total = sum(found.pixels.values()) + sum(found.unknown.values()) + found.unlabelled_pixels
    largest = max(found.pixels.values(), default=1)
    for entry in found.classes:
        pixels = found.pixels[entry.id]
        bar = Text(
            "█" * round(_BAR * pixels / largest), style="#{:02x}{:02x}{:02x}".format(*(entry.color or (128, 128, 128)))
        )
        share = f"{decimal(100 * pixels / max(total, 1), 2)} %"
        table.add_row(str(entry.id), entry.name, share, str(found.maps[entry.id]), bar)
    table.add_row("", _("not labelled"), f"{decimal(100 * found.unlabelled_pixels / max(total, 1), 2)} %", "", "")
    return table


def _problems(found: Findings) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in (_("problem"), _("count"), _("where"), _("in a training")):
        table.add_column(title, overflow="fold")

    def add(title: str, entries: Sequence[str], effect: str, count: int | None = None) -> None:
        if entries:
            names = ", ".join(entries[:_FIRST]) + (", …" if len(entries) > _FIRST else "")
            table.add_row(title, str(len(entries) if count is None else count), names, effect)

    left_out = _("left out")
    add(_("unreadable"), [f"{name} ({message})" for name, message in found.unreadable], left_out)
    add(_("photo without labels"), [entry.name for entry in found.missing if entry.part == "labels"], left_out)
    add(_("labels without photo"), [entry.name for entry in found.missing if entry.part == "photo"], left_out)
    add(_("shape not drawn"), [f"{name} ({shape})" for name, shape in found.shapes], _("not labelled"))
    sizes = [f"{m.name} ({_size(m.photo)}, {_size(m.labels)})" for m in found.mismatches]
    add(_("labels of another size"), sizes, left_out)
    add(_("no labelled pixel"), found.blank, _("teaches nothing"))
    add(
        _("unknown id"), [_unknown(found, number) for number, _pixels in found.unknown.most_common()], _("not labelled")
    )
    add(_("empty class"), [entry.name for entry in found.empty_classes], _("never learned"))
    add(_("nearly equal photos"), [" = ".join(group) for group in found.duplicates], _("seen more often"))
    return table


def _unknown(found: Findings, number: int) -> str:
    name = _("other colours") if number == UNKNOWN else str(number)
    pixels = found.unknown[number]
    return ngettext("{name}: {pixels} pixel", "{name}: {pixels} pixels", pixels).format(name=name, pixels=pixels)


def _size(size: tuple[int, int]) -> str:
    return f"{size[1]}×{size[0]}"
