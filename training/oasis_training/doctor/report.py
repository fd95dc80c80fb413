"""What the dataset doctor found, as a person reads it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from oasis_studio.i18n import _, decimal, ngettext
from oasis_training.doctor.doctor import Diagnosis

_FIRST = 20
"""Lines of each kind that are printed; the JSON has all."""


def print_diagnosis(found: Diagnosis, to: Console) -> None:
    """The regions and photos to look at first, photos unlike the others, and what could not be examined."""
    to.print(
        _("{pairs} pairs with {regions} regions, read by {model}; {suspected} regions look like another class.").format(
            pairs=len(found.photos), regions=len(found.regions), model=found.model, suspected=len(found.suspected)
        )
    )
    if found.unknown_classes:
        to.print(_("Classes that the model does not know: {names}.").format(names=", ".join(found.unknown_classes)))
    if found.suspected:
        to.print(_regions(found))
        to.print(_photos(found))
    if found.outliers:
        names = ", ".join(name for name, _amount in found.outliers[:_FIRST])
        to.print(_("Unlike all other photos: {names}").format(names=names))
    for name, reason in list(found.left_out.items())[:_FIRST]:
        to.print(_("left out: {name}: {reason}").format(name=name, reason=reason))
    to.print(_("A suspicion is a hint where to look: the model errs too."))


def _regions(found: Diagnosis) -> Table:
    left, right = (_("region of"), _("labelled"), _("reads as")), (_("share"), _("at"), _("suspicion"))
    table = _table(left, right)
    for entry in found.suspected[:_FIRST]:
        region, classes = entry.region, found.palette.classes
        names = (region.pair, classes[region.label].name, classes[entry.suspicion.instead].name)
        place = f"{region.point[0]}, {region.point[1]}"
        table.add_row(*names, f"{decimal(100 * region.share, 1)} %", place, decimal(entry.suspicion.score, 2))
    return _more(table, len(found.suspected))


def _photos(found: Diagnosis) -> Table:
    table = _table((_("photo"),), (_("suspected"),))
    suspected = [photo for photo in found.photos if photo.score > 0]
    for photo in suspected[:_FIRST]:
        table.add_row(photo.name, f"{decimal(100 * photo.share)} %")
    return _more(table, len(suspected))


def _table(left: tuple[str, ...], right: tuple[str, ...]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, caption_justify="left")
    for title in left:
        table.add_column(title, overflow="fold")
    for title in right:
        table.add_column(title, justify="right")
    return table


def _more(table: Table, count: int) -> Table:
    if count > _FIRST:
        more = count - _FIRST
        table.caption = ngettext("and {count} more", "and {count} more", more).format(count=more)
    return table
