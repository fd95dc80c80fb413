"""What a person should know of a data set besides its problems, in sentences."""

from __future__ import annotations

from oasis_studio.core.files.listing import PassedOver, Reason
from oasis_studio.i18n import _, ngettext
from oasis_training.datasets.model import LabelNotes, Meaning

_FIRST = 3


def reading_notes(notes: LabelNotes) -> list[str]:
    """How label maps were read where it is not evident, and which shapes have no area."""
    told = []
    greys = notes.readings[Meaning.GREYS]
    if greys:
        told.append(
            ngettext(
                "{count} label map has a palette of greys; its grey values are the ids.",
                "{count} label maps have a palette of greys; their grey values are the ids.",
                greys,
            ).format(count=greys)
        )
    if notes.flat:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(notes.flat.items()))
        told.append(_("Shapes without an area are not drawn: {kinds}.").format(kinds=kinds))
    return told


def passed_notes(passed: PassedOver) -> list[str]:
    """Which files were passed over, and why."""
    texts = {
        Reason.HIDDEN: _("Hidden files are passed over: {names}."),
        Reason.OTHER_KIND: _("Pictures of kinds that are not read are passed over: {names}."),
        Reason.DEAD_LINK: _("Links that lead nowhere are passed over: {names}."),
        Reason.SEEN: _("Links to folders that are read anyway are passed over: {names}."),
        Reason.TWIN: _("Of files that differ only in their ending one is used, and not: {names}."),
        Reason.REFUSED: _("Folders that cannot be read are passed over: {names}."),
    }
    told = []
    for reason, text in texts.items():
        paths = passed.of(reason)
        if paths:
            names = ", ".join(path.name for path in paths[:_FIRST]) + (", …" if len(paths) > _FIRST else "")
            told.append(text.format(names=f"{names} ({len(paths)})" if len(paths) > 1 else names))
    return told
