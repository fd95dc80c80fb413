"""Label maps that are pictures: ids as grey or indexed pixels, or one colour a class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from oasis_studio.core.classes.nearest import packed, unpacked
from oasis_studio.core.files.label_maps.meaning import KnownClasses, Meaning, read_ids
from oasis_studio.core.files.label_maps.pixels import LabelPixels, decode_pixels
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.datasets.model import Blob, ClassList, LabelNotes
from oasis_training.datasets.photos import Photo, half
from oasis_training.datasets.shapes import check_size


def known_classes(listed: ClassList) -> KnownClasses:
    """What a class list tells a reader of label maps."""
    return KnownClasses(listed.classes, () if listed.unlabelled is None else (listed.unlabelled,))


@dataclass(frozen=True)
class LabelImage:
    """A picture or array of ids, or of the colours of ``known`` classes. Transparent pixels have no class.

    :mod:`oasis_studio.core.files.label_maps.meaning` says how its pixels are read.
    """

    blob: Blob
    known: KnownClasses = field(default_factory=KnownClasses)

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        ids, meaning = read_ids(pixels_of(self.blob), self.known)
        if notes is not None and meaning is Meaning.GREYS:
            notes.readings[meaning] += 1
        return ids


@dataclass(frozen=True)
class HalfLabels:
    """The half of a side-by-side pair that holds the labels, by the nearest colour of ``known`` classes."""

    blob: Blob
    side: Literal["left", "right"]
    known: KnownClasses

    def read(self, notes: LabelNotes | None = None) -> np.ndarray:
        return self.known.nearest(half(Photo(self.blob).read(), self.side))


def pixels_of(blob: Blob) -> LabelPixels:
    """The pixels of a label map as its file has them; StudioError if it is none."""
    return decode_pixels(blob.read(), blob.name, check_size)


def are_colored(blobs: Iterable[Blob]) -> bool:
    """Whether these label maps mean their colours: unequal channels, or palettes that differ from file to file."""
    known: dict[int, tuple[int, ...]] = {}
    for blob in blobs:
        try:
            pixels = pixels_of(blob)
        except StudioError:
            continue
        if pixels.is_grey:
            continue
        if pixels.rgb_HW3 is not None:
            return True
        if pixels.palette_K4 is None:
            continue
        for index in pixels.used.tolist():
            color = tuple(pixels.palette_K4[index, :3].tolist())
            if known.setdefault(index, color) != color:
                return True
    return False


def collect_colors(blobs: Iterable[Blob], limit: int) -> list[tuple[int, int, int]]:
    """All opaque colours of these label maps, sorted; StudioError if there are more than ``limit``."""
    found: set[int] = set()
    for blob in blobs:
        try:
            colors = pixels_of(blob).seen_colors()
        except StudioError:
            continue
        found.update(np.unique(packed(colors)).tolist())
        if len(found) > limit:
            raise StudioError(
                _("The label maps have more than {count} colours, so they cannot be one colour a class.").format(
                    count=limit
                ),
                _("Save them without smoothing, or list the classes and their colours in classes.json."),
            )
    return [(red, green, blue) for red, green, blue in unpacked(np.array(sorted(found), np.int32)).tolist()]
