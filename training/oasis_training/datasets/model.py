"""What a data set is, wherever it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from oasis_studio.core.disk.listing import PassedOver
from oasis_studio.core.files.label_maps.meaning import NO_CLASS as NO_CLASS
from oasis_studio.core.files.label_maps.meaning import UNKNOWN as UNKNOWN
from oasis_studio.core.files.label_maps.meaning import Meaning
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class DatasetClass:
    """A class of a data set; ``color`` as 8-bit RGB if the format defines one. Ids may have gaps."""

    id: int
    name: str
    color: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class ClassList:
    """Classes, and the id that means "not labelled" besides :data:`NO_CLASS`, if there is one."""

    classes: tuple[DatasetClass, ...]
    unlabelled: int | None = None


class Blob(Protocol):
    """The bytes of a file, on a disk or in an archive; ``name`` with its ending is for messages."""

    @property
    def name(self) -> str: ...

    def read(self) -> bytes:
        """StudioError if they cannot be had."""
        ...


class PhotoSource(Protocol):
    """A photo that is decoded when it is asked for."""

    def read(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB, upright; StudioError if it cannot be read."""
        ...

    def original(self) -> tuple[str, bytes] | None:
        """(ending, bytes) of a file that shows exactly this photo, or None if there is none."""
        ...


@dataclass
class LabelNotes:
    """What reading label maps found out besides the ids."""

    shapes: list[str] = field(default_factory=list)
    """Shapes that could not be drawn: what each is called, and why."""
    flat: Counter[str] = field(default_factory=Counter)
    """Shapes that have no area in the program they come from, by their kind."""
    readings: Counter[Meaning] = field(default_factory=Counter)
    """How label maps were read whose file says it in more than one way."""

    def sentences(self) -> list[str]:
        """What is to be known of how the label maps were read, besides shapes that could not be drawn."""
        told = []
        greys = self.readings[Meaning.GREYS]
        if greys:
            text = ngettext(
                "{count} label map has a palette of greys; its grey values are the ids.",
                "{count} label maps have a palette of greys; their grey values are the ids.",
                greys,
            )
            told.append(text.format(count=greys))
        if self.flat:
            kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(self.flat.items()))
            told.append(_("Shapes without an area are not drawn: {kinds}.").format(kinds=kinds))
        return told


class LabelSource(Protocol):
    """A label map that is decoded when it is asked for."""

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        """(H, W) uint8 or uint16 ids; what else is to be known goes to ``notes``. StudioError if it cannot be read."""
        ...


@dataclass(frozen=True)
class Broken:
    """A photo or label map that is known not to be readable; asking for it says why."""

    message: str

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        raise StudioError(self.message)

    def original(self) -> tuple[str, bytes] | None:
        raise StudioError(self.message)


@dataclass(frozen=True)
class SourcePair:
    """A photo and its label map. ``name`` is unique in the data set; ``weight``: how often it is drawn."""

    name: str
    photo: PhotoSource
    labels: LabelSource
    weight: float = 1.0


def broken_pair(name: str, message: str) -> SourcePair:
    """What stands in a data set for a pair that cannot be read, so that it is named and not lost."""
    return SourcePair(name, Broken(message), Broken(message))


@dataclass(frozen=True, slots=True)
class Missing:
    """A photo without label map, or the reverse; ``part`` says what is not there."""

    name: str
    part: Literal["photo", "labels"]


@dataclass(frozen=True)
class Dataset:
    """All pairs of a folder or stream.

    ``classes`` is empty where neither the format nor a class list says what they are. ``pairs`` can be gone through
    again unless ``is_stream``; a stream fills ``missing`` on the way. ``passed``: files that were not looked at.
    """

    format: str
    classes: tuple[DatasetClass, ...]
    pairs: Iterable[SourcePair]
    unlabelled: int | None = None
    missing: Sequence[Missing] = ()
    notes: tuple[str, ...] = ()
    is_stream: bool = False
    passed: PassedOver = field(default_factory=PassedOver)


class Reader(Protocol):
    """Knows one layout of labelled photos."""

    @property
    def format(self) -> str:
        """The name under which a person can ask for it."""
        ...

    @property
    def takes_class_list(self) -> bool:
        """The layout itself does not say what the classes are."""
        ...

    def detect(self, folder: Path) -> float:
        """How sure it is that ``folder`` is its layout: 0 (not at all) to 1. Looks at few files; never fails."""
        ...

    def read(self, folder: Path, given: ClassList | None = None) -> Dataset:
        """The data set; ``given`` stands in for a class list in the folder. StudioError if nothing can be read."""
        ...
