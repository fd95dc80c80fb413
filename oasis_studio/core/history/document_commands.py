"""Commands for the document as a whole: its size, its reference photo, its notes and snapshots."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document, check_size
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.document.style import StyleTrail
from oasis_studio.core.history.history import Change
from oasis_studio.core.pixels.box import Box
from oasis_studio.i18n import _


@dataclass(frozen=True, eq=False)
class _Frame:
    """Everything of a document that has its size."""

    width: int
    height: int
    labels: dict[int, np.ndarray]
    reference: Reference | None
    snapshots: tuple[Snapshot, ...]
    guides: Guides
    styles: Mapping[RegionKey, StyleTrail]
    locks: Mapping[RegionKey, Lock]
    frame: object

    @property
    def nbytes(self) -> int:
        kept = [*self.labels.values(), *(snapshot.labels_HW for snapshot in self.snapshots)]
        return sum(labels.nbytes for labels in kept) + sum(lock.nbytes for lock in self.locks.values())


class _NewFrame(ABC):
    """A command after which everything that has the document's size has another one."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._before: _Frame | None = None

    @property
    def size_bytes(self) -> int:
        return self._before.nbytes if self._before else 0

    def apply(self, document: Document) -> Change:
        before = _Frame(
            document.width,
            document.height,
            {layer.id: layer.labels for layer in document.layers},
            document.reference,
            document.snapshots,
            document.guides,
            document.styles,
            document.locks,
            document.frame,
        )
        width, height = self._size(document)
        check_size(width, height)
        after = _Frame(
            width,
            height,
            {layer_id: self._labels(labels) for layer_id, labels in before.labels.items()},
            self._reference(document.reference, document) if document.reference else None,
            tuple(replace(each, labels_HW=self._labels(each.labels_HW)) for each in document.snapshots),
            self._guides(document),
            {key: self._trail(trail, document) for key, trail in document.styles.items()},
            {key: lock for key, old in document.locks.items() if (lock := self._lock(old, document)) is not None},
            object(),
        )
        self._before = before
        return _put(document, after)

    def revert(self, document: Document) -> Change:
        assert self._before is not None, "revert without apply"
        return _put(document, self._before)

    @abstractmethod
    def _size(self, document: Document) -> tuple[int, int]:
        """Width and height afterwards."""

    @abstractmethod
    def _labels(self, labels_HW: np.ndarray) -> np.ndarray:
        """A label map of the new size."""

    @abstractmethod
    def _reference(self, reference: Reference, document: Document) -> Reference:
        """Where the reference photo is afterwards."""

    @abstractmethod
    def _guides(self, document: Document) -> Guides:
        """Where the guides are afterwards."""

    @abstractmethod
    def _trail(self, trail: StyleTrail, document: Document) -> StyleTrail:
        """The styles of a region, with their gradients where they belong."""

    @abstractmethod
    def _lock(self, lock: Lock, document: Document) -> Lock | None:
        """What stays locked."""


class CropDocument(_NewFrame):
    """The canvas becomes ``box``, in document pixels; where that reaches beyond the old one nothing is painted.

    ``apply`` raises StudioError, and changes nothing, if no document may have that size.
    """

    def __init__(self, box: Box) -> None:
        super().__init__(_("Crop"))
        self._box = box

    def _size(self, document: Document) -> tuple[int, int]:
        return self._box.width, self._box.height

    def _labels(self, labels_HW: np.ndarray) -> np.ndarray:
        box = self._box
        inside = box.clipped(labels_HW.shape[1], labels_HW.shape[0])
        found = np.full((box.height, box.width), UNPAINTED, np.uint8)
        left, top = inside.left - box.left, inside.top - box.top
        found[top : top + inside.height, left : left + inside.width] = labels_HW[inside.slices]
        return found

    def _reference(self, reference: Reference, document: Document) -> Reference:
        return reference.moved(-self._box.left, -self._box.top)

    def _guides(self, document: Document) -> Guides:
        return document.guides.cropped(self._box)

    def _trail(self, trail: StyleTrail, document: Document) -> StyleTrail:
        return trail.placed(1, 1, -self._box.left, -self._box.top)

    def _lock(self, lock: Lock, document: Document) -> Lock | None:
        return lock.cropped(self._box)


class ScaleDocument(_NewFrame):
    """The whole drawing gets another size; every pixel takes the class of the nearest old one.

    Locked pixels cannot stay what they are at another size: the locks go.

    ``apply`` raises StudioError, and changes nothing, if no document may have that size.
    """

    def __init__(self, width: int, height: int) -> None:
        super().__init__(_("Resize"))
        self._width, self._height = width, height

    def _size(self, document: Document) -> tuple[int, int]:
        return self._width, self._height

    def _labels(self, labels_HW: np.ndarray) -> np.ndarray:
        height, width = labels_HW.shape
        rows = (2 * np.arange(self._height) + 1) * height // (2 * self._height)
        columns = (2 * np.arange(self._width) + 1) * width // (2 * self._width)
        # picking columns leaves them in another order in memory, which would make all later work several times slower
        return np.ascontiguousarray(labels_HW[rows][:, columns])

    def _reference(self, reference: Reference, document: Document) -> Reference:
        return reference.scaled(self._width / document.width, self._height / document.height)

    def _guides(self, document: Document) -> Guides:
        return document.guides.scaled(self._width / document.width, self._height / document.height)

    def _trail(self, trail: StyleTrail, document: Document) -> StyleTrail:
        return trail.placed(self._width / document.width, self._height / document.height, 0, 0)

    def _lock(self, lock: Lock, document: Document) -> Lock | None:
        return None


@dataclass(eq=False)
class SetReference:
    """Another reference photo, another place, opacity or visibility of it, or none."""

    reference: Reference | None
    title: str = field(default_factory=lambda: _("Reference photo"))
    _before: Reference | None = field(default=None, init=False)
    _bytes: int = field(default=0, init=False)

    @property
    def size_bytes(self) -> int:
        return self._bytes

    def apply(self, document: Document) -> Change:
        self._before, document.reference = document.reference, self.reference
        images = [each.image_HW3 for each in (self._before, self.reference) if each]
        is_shared = len(images) == 2 and images[0] is images[1]
        self._bytes = 0 if is_shared else sum(image.nbytes for image in images)
        return Change(reference=True)

    def revert(self, document: Document) -> Change:
        document.reference = self._before
        return Change(reference=True)


@dataclass(eq=False)
class SetNotes:
    """Another text of notes."""

    notes: str
    title: str = field(default_factory=lambda: _("Change notes"))
    _before: str = field(default="", init=False)

    @property
    def size_bytes(self) -> int:
        return len(self.notes) + len(self._before)

    def apply(self, document: Document) -> Change:
        self._before, document.notes = document.notes, self.notes
        return Change(notes=True)

    def revert(self, document: Document) -> Change:
        document.notes = self._before
        return Change(notes=True)


@dataclass(eq=False)
class TakeSnapshot:
    """Keep the label map and the seed of now under a name."""

    name: str
    title: str = field(default_factory=lambda: _("Take snapshot"))
    _snapshot: Snapshot | None = field(default=None, init=False)

    @property
    def size_bytes(self) -> int:
        return self._snapshot.labels_HW.nbytes if self._snapshot else 0

    def apply(self, document: Document) -> Change:
        self._snapshot = Snapshot(self.name, document.flatten(), document.seed)
        document.snapshots = (*document.snapshots, self._snapshot)
        return Change(notes=True)

    def revert(self, document: Document) -> Change:
        document.snapshots = document.snapshots[:-1]
        return Change(notes=True)


@dataclass(eq=False)
class RemoveSnapshot:
    """The snapshot with that place in the list goes; IndexError from ``apply`` if there is none."""

    index: int
    title: str = field(default_factory=lambda: _("Remove snapshot"))
    _before: tuple[Snapshot, ...] = field(default=(), init=False)

    @property
    def size_bytes(self) -> int:
        return self._before[self.index].labels_HW.nbytes if self._before else 0

    def apply(self, document: Document) -> Change:
        snapshots = list(document.snapshots)
        snapshots.pop(self.index)
        self._before, document.snapshots = document.snapshots, tuple(snapshots)
        return Change(notes=True)

    def revert(self, document: Document) -> Change:
        document.snapshots = self._before
        return Change(notes=True)


def _put(document: Document, frame: _Frame) -> Change:
    document.width, document.height = frame.width, frame.height
    for layer in document.layers:
        layer.labels = frame.labels[layer.id]
    document.reference, document.snapshots = frame.reference, frame.snapshots
    document.guides, document.styles, document.locks = frame.guides, frame.styles, frame.locks
    document.frame = frame.frame
    return Change(
        document.bounds,
        layers=True,
        size=True,
        reference=frame.reference is not None,
        notes=bool(frame.snapshots),
        guides=True,
        styles=bool(frame.styles),
        locks=True,
    )
