"""Named styles, kept for each model and passed on in files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from oasis_studio import paths
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.document.style import StoredVector
from oasis_studio.core.files.projects.region_json import source_json, vector_of
from oasis_studio.core.models.style_noise import seed_of
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

SUFFIX = ".swatches"
_FORMAT = 1
_MOST_BYTES = 64 * 2**20
MOST_SWATCHES = 1000


class ForeignSwatchesError(StudioError):
    """Swatches of another model. ``seeds`` are (name, seed) pairs that can stand in for them."""

    def __init__(self, name: str, found: Sequence[StoredVector]) -> None:
        super().__init__(
            _("The swatches in {name} were made with another model; here they would mean something else.").format(
                name=name
            ),
            _("Their seeds can be used instead: they look different, but are always the same."),
        )
        self.seeds = [(swatch.name, seed_of(swatch)) for swatch in found]


class SwatchBook:
    """The swatches of one model, by name, in the order they were added; every change is written at once.

    A book that was never written in starts with those that come with the model, the file ``first``.
    """

    def __init__(self, model: str, folder: Path | None = None, first: Path | None = None) -> None:
        self.model = model
        name = model if len(model) == 64 and model.isalnum() else hashlib.sha256(model.encode()).hexdigest()
        self._path = (folder or paths.home("swatches")) / (name[:32] + SUFFIX)
        start = self._path if self._path.exists() else first
        found = read_swatches(start) if start is not None and start.exists() else []
        self._swatches = {each.name: each for each in found if start is self._path or each.model == model}

    @property
    def swatches(self) -> list[StoredVector]:
        return list(self._swatches.values())

    def add(self, swatch: StoredVector) -> None:
        """Keep a swatch; one of that name is replaced. StudioError if the disk refuses."""
        if len(self._swatches) >= MOST_SWATCHES and swatch.name not in self._swatches:
            raise StudioError(_("There are {count} swatches already; remove some.").format(count=MOST_SWATCHES))
        self._write({**self._swatches, swatch.name: swatch})

    def remove(self, name: str) -> None:
        self._write({key: each for key, each in self._swatches.items() if key != name})

    def take_in(self, path: Path) -> int:
        """Add the swatches of a file; ForeignSwatchesError if they belong to another model; returns how many."""
        found = read_swatches(path)
        foreign = [each for each in found if each.model != self.model]
        if foreign:
            raise ForeignSwatchesError(path.name, foreign)
        self._write({**self._swatches, **{each.name: each for each in found}})
        return len(found)

    def free_name(self, wanted: str) -> str:
        """That name, or the next number after it."""
        name, number = wanted, 1
        while name in self._swatches:
            number += 1
            name = f"{wanted} {number}"
        return name

    def _write(self, swatches: dict[str, StoredVector]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudioError(
                _("The folder for swatches cannot be made: {reason}.").format(reason=error.strerror or error)
            ) from error
        write_swatches(self._path, list(swatches.values()))
        self._swatches = swatches


def write_swatches(path: Path, swatches: Sequence[StoredVector]) -> None:
    """Save atomically; StudioError if the disk refuses."""
    write_json(path, {"format": _FORMAT, "swatches": [source_json(swatch) for swatch in swatches]})


def read_swatches(path: Path) -> list[StoredVector]:
    """The swatches of a file; StudioError, in one sentence, for whatever is wrong with it."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise StudioError(_("{name} is too large to hold swatches.").format(name=path.name))
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
        if data["format"] > _FORMAT:
            raise StudioError(
                _("{name} was saved by a newer version of OASIS Studio.").format(name=path.name),
                _("Install that version to use it."),
            )
        return [vector_of(entry) for entry in data["swatches"][:MOST_SWATCHES]]
    except OSError as error:
        raise StudioError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise StudioError(
            _("{name} holds no swatches, or some of its numbers are none.").format(name=path.name),
            _("Swatches are exported from the regions panel."),
            repr(error),
        ) from error
