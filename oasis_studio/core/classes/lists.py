"""The class lists that come with the program, and those in files that people name beside them."""

from __future__ import annotations

from pathlib import Path

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import resource


def shipped_lists() -> tuple[str, ...]:
    """The names of the lists that come with the program, in alphabetical order."""
    return tuple(sorted(path.stem for path in resource("classes").glob("*.json")))


def shipped_list(name: str) -> Palette | None:
    """The list of that name that comes with the program, or None."""
    return Palette.read(resource("classes", f"{name}.json")) if name in shipped_lists() else None


def find_list(name: str, beside: Path = Path()) -> Palette:
    """A list of the program by its name, or a JSON file of that name in the folder ``beside``; StudioError if none."""
    found = shipped_list(name)
    if found is not None:
        return found
    if not (beside / name).is_file():
        raise no_list(name)
    return Palette.read(beside / name)


def no_list(name: str) -> StudioError:
    """What is said of a name that is neither a list of the program nor a file."""
    return StudioError(
        _('There is no class list "{name}".').format(name=name),
        _("Use one of {names}, or a file.").format(names=", ".join(shipped_lists())),
    )
