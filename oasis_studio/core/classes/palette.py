"""Semantic classes and their colours, as a model declares them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, local_name

UNPAINTED = 255
"""Label of a pixel nobody painted: the layer below shows."""


class Named(Protocol):
    """A class of any list, of a model's or of a data set's."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


def name_key(name: str) -> str:
    """What two names of one class have in common: neither case nor space around them counts."""
    return name.strip().lower()


@dataclass(frozen=True, slots=True)
class SemanticClass:
    """One entry of the palette: id in 0..254, English name, colour as 8-bit RGB."""

    id: int
    name: str
    color: tuple[int, int, int]

    @property
    def hex(self) -> str:
        return "#{:02x}{:02x}{:02x}".format(*self.color)

    @property
    def title(self) -> str:
        """The name in the person's language."""
        return local_name(self.name)

    def answers_to(self, words: str) -> bool:
        """Are these lower-case ``words`` a part of its name, in the person's language or in English?"""
        return words in self.title.lower() or words in self.name.lower()


@dataclass(frozen=True)
class Palette:
    """The classes of a model, in the order of their ids (which are 0..N-1).

    ``dont_care`` is the id that means "no label" in the model's data (0 in the published sets), or None.
    """

    name: str
    classes: tuple[SemanticClass, ...]
    dont_care: int | None = None

    def __len__(self) -> int:
        return len(self.classes)

    @cached_property
    def colors(self) -> np.ndarray:
        """(256, 3) uint8 look-up table; ids without a class are mid-grey."""
        table = np.full((256, 3), 128, np.uint8)
        for entry in self.classes:
            table[entry.id] = entry.color
        return table

    def by_name(self, name: str) -> SemanticClass | None:
        """The class called ``name``, ignoring case, or None."""
        wanted = name_key(name)
        return next((entry for entry in self.classes if name_key(entry.name) == wanted), None)

    def namesakes(self, others: Iterable[Named]) -> dict[int, int]:
        """By the ids of ``others``, our id of the class of the same name; those without a namesake are not in it."""
        ids = {name_key(entry.name): entry.id for entry in reversed(self.classes)}
        return {other.id: ids[name_key(other.name)] for other in others if name_key(other.name) in ids}

    def by_title(self, title: str) -> SemanticClass | None:
        """The class called ``title`` in the person's language, ignoring case, or None."""
        wanted = name_key(title)
        return next((entry for entry in self.classes if name_key(entry.title) == wanted), None)

    def to_json(self) -> dict[str, Any]:
        """The class-list form of the model card."""
        return {
            "name": self.name,
            "dont_care": self.dont_care,
            "classes": [{"id": c.id, "name": c.name, "color": c.hex} for c in self.classes],
        }

    @classmethod
    def from_json(cls, data: Any) -> Palette:
        """Read a class list; raises StudioError naming what is wrong."""
        try:
            classes = tuple(
                SemanticClass(int(c["id"]), str(c["name"]), _parse_color(c["color"])) for c in data["classes"]
            )
            name, dont_care = str(data["name"]), data.get("dont_care")
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise StudioError(
                _("This class list is not readable."),
                _('It needs "name", "dont_care" and "classes" with "id", "name" and "color" as #rrggbb each.'),
                repr(error),
            ) from error
        if [c.id for c in classes] != list(range(len(classes))) or not 1 <= len(classes) <= 255:
            raise StudioError(_("The classes of a list must be numbered 0, 1, 2 … without gaps (255 at most)."))
        if dont_care is not None and dont_care not in range(len(classes)):
            raise StudioError(_('"dont_care" must be null or one of the class ids.'))
        return cls(name, classes, dont_care)

    @classmethod
    def read(cls, path: Path) -> Palette:
        """Read a class list from a JSON file."""
        return cls.from_json(read_json(path))


def _parse_color(text: str) -> tuple[int, int, int]:
    digits = text.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(text)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
