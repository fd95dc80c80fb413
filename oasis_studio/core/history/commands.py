"""Everything a person can undo, each as one :class:`~oasis_studio.core.history.history.Command`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import itemgetter
from typing import TypeVar

import cv2
import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import ColorTag, LabelLayer
from oasis_studio.core.document.lock import Lock, joined
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.document.style import StyleTrail
from oasis_studio.core.history.history import Change, Command
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.i18n import _

T = TypeVar("T")

_CELL = 512
"""Side, in pixels, of the cells in which changed boxes are put together."""

_LAYER_PROPERTIES = ("name", "is_visible", "is_locked", "opacity", "group", "color_tag")


@dataclass(frozen=True, eq=False)
class PaintPatch:
    """Labels inside ``box`` of a layer went from ``before`` to ``after``, both (h, w) uint8."""

    layer_id: int
    box: Box
    before: np.ndarray
    after: np.ndarray
    title: str

    @property
    def size_bytes(self) -> int:
        return self.before.nbytes + self.after.nbytes

    def apply(self, document: Document) -> Change:
        return self._put(document, self.after)

    def revert(self, document: Document) -> Change:
        return self._put(document, self.before)

    def _put(self, document: Document, labels: np.ndarray) -> Change:
        document.layer(self.layer_id).labels[self.box.slices] = labels
        return Change(labels=self.box)


@dataclass(frozen=True, eq=False)
class Together:
    """Several commands that are one step for the person, done in order and taken back in reverse order."""

    title: str
    commands: tuple[Command, ...]

    @property
    def size_bytes(self) -> int:
        return sum(command.size_bytes for command in self.commands)

    def apply(self, document: Document) -> Change:
        return _united([command.apply(document) for command in self.commands])

    def revert(self, document: Document) -> Change:
        return _united([command.revert(document) for command in reversed(self.commands)])


@dataclass(eq=False)
class AddLayer:
    """A layer comes in at ``index`` (0 is the bottom)."""

    layer: LabelLayer
    index: int
    title: str = field(default_factory=lambda: _("Add layer"))
    _box: Box | None = field(default=None, init=False)

    @property
    def size_bytes(self) -> int:
        return self.layer.labels.nbytes

    def apply(self, document: Document) -> Change:
        document.layers.insert(self.index, self.layer)
        return self._change()

    def revert(self, document: Document) -> Change:
        document.layers.remove(self.layer)
        return self._change()

    def _change(self) -> Change:
        if self._box is None:  # whenever the step is undone or done again, the layer is as it was
            self._box = _painted(self.layer)
        return Change(labels=self._box, layers=True)


@dataclass(eq=False)
class RemoveLayer:
    """A layer goes; KeyError from ``apply`` if the document has none with that id."""

    layer_id: int
    title: str = field(default_factory=lambda: _("Remove layer"))
    _layer: LabelLayer | None = field(default=None, init=False)
    _index: int = field(default=0, init=False)
    _box: Box = field(default=EMPTY, init=False)

    @property
    def size_bytes(self) -> int:
        return self._layer.labels.nbytes if self._layer else 0

    def apply(self, document: Document) -> Change:
        is_first = self._layer is None
        self._layer = document.layer(self.layer_id)
        self._index = document.layers.index(self._layer)
        del document.layers[self._index]
        if is_first:  # whenever the step is undone or done again, the layer is as it was
            self._box = _painted(self._layer)
        return Change(labels=self._box, layers=True)

    def revert(self, document: Document) -> Change:
        assert self._layer is not None, "revert without apply"
        document.layers.insert(self._index, self._layer)
        return Change(labels=self._box, layers=True)


@dataclass(eq=False)
class MoveLayer:
    """A layer goes to place ``index`` of the list without it (0 is the bottom)."""

    layer_id: int
    index: int
    title: str = field(default_factory=lambda: _("Move layer"))
    _old_index: int = field(default=0, init=False)
    _box: Box | None = field(default=None, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        self._old_index = document.layers.index(document.layer(self.layer_id))
        return self._put(document, self.index)

    def revert(self, document: Document) -> Change:
        return self._put(document, self._old_index)

    def _put(self, document: Document, index: int) -> Change:
        layer = document.layer(self.layer_id)
        document.layers.remove(layer)
        document.layers.insert(index, layer)
        if self._box is None:  # whenever the step is undone or done again, the layer is as it was
            self._box = _painted(layer)
        return Change(labels=self._box, layers=True)


@dataclass(eq=False)
class ChangeLayer:
    """Name, visibility, lock, opacity, group or colour tag of a layer; None leaves a property as it is."""

    layer_id: int
    title: str
    name: str | None = None
    is_visible: bool | None = None
    is_locked: bool | None = None
    opacity: float | None = None
    group: str | None = None
    color_tag: ColorTag | None = None
    _before: dict[str, object] = field(default_factory=dict, init=False)
    _box: Box | None = field(default=None, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        layer = document.layer(self.layer_id)
        wanted = {key: getattr(self, key) for key in _LAYER_PROPERTIES}
        wanted = {key: value for key, value in wanted.items() if value is not None}
        self._before = {key: getattr(layer, key) for key in wanted}
        return self._put(layer, wanted)

    def revert(self, document: Document) -> Change:
        return self._put(document.layer(self.layer_id), self._before)

    def _put(self, layer: LabelLayer, values: dict[str, object]) -> Change:
        changes_labels = values.get("is_visible", layer.is_visible) != layer.is_visible
        for key, value in values.items():
            setattr(layer, key, value)
        if changes_labels and self._box is None:  # whenever the step is undone or done again, the layer is as it was
            self._box = _painted(layer)
        return Change(labels=self._box if changes_labels and self._box else EMPTY, layers=True)


@dataclass(eq=False)
class SetSeed:
    """Another seed, 0..MAX_SEED: same labels, another photo."""

    seed: int
    title: str = field(default_factory=lambda: _("Change seed"))
    _before: int = field(default=0, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        self._before, document.seed = document.seed, self.seed
        return Change(seed=True)

    def revert(self, document: Document) -> Change:
        document.seed = self._before
        return Change(seed=True)


@dataclass(eq=False)
class SetModel:
    """Another model with its palette and background class.

    ``class_map`` (256,) uint8 gives the new id of every old one; None keeps the ids. Unpainted stays unpainted, and
    an id that the new palette lacks becomes ``background``: no document ever holds an unknown class. Styles and locks
    go with their regions; locked pixels stay as they are.
    """

    model: str
    palette: Palette
    background: int
    class_map: np.ndarray | None = None
    title: str = field(default_factory=lambda: _("Change model"))
    _before: tuple[str, Palette, int] | None = field(default=None, init=False)
    _labels: dict[int, np.ndarray] = field(default_factory=dict, init=False)
    _snapshots: tuple[Snapshot, ...] = field(default=(), init=False)
    _regions: tuple[Mapping[RegionKey, StyleTrail], Mapping[RegionKey, Lock]] = field(default=({}, {}), init=False)

    @property
    def size_bytes(self) -> int:
        kept = [*self._labels.values(), *(snapshot.labels_HW for snapshot in self._snapshots)]
        return sum(labels.nbytes for labels in kept)

    def apply(self, document: Document) -> Change:
        self._before = (document.model, document.palette, document.background)
        document.model, document.palette, document.background = self.model, self.palette, self.background
        table = np.arange(256, dtype=np.uint8) if self.class_map is None else self.class_map.astype(np.uint8)
        table[table >= len(self.palette)] = self.background
        table[UNPAINTED] = UNPAINTED
        for layer in document.layers:
            mapped = cv2.LUT(layer.labels, table)
            if not np.array_equal(mapped, layer.labels):
                self._labels[layer.id] = layer.labels.copy()
                layer.labels[:] = mapped
        self._snapshots = document.snapshots
        document.snapshots = tuple(
            replace(snapshot, labels_HW=cv2.LUT(snapshot.labels_HW, table)) for snapshot in document.snapshots
        )
        self._regions = (document.styles, document.locks)
        document.styles = _relabelled(document.styles, table, itemgetter(0))
        document.locks = _relabelled(document.locks, table, joined)
        return self._change(document)

    def revert(self, document: Document) -> Change:
        assert self._before is not None, "revert without apply"
        document.model, document.palette, document.background = self._before
        document.styles, document.locks = self._regions
        for layer_id, labels in self._labels.items():
            document.layer(layer_id).labels[:] = labels
        document.snapshots = self._snapshots
        return self._change(document)

    def _change(self, document: Document) -> Change:
        regions, notes = any(self._regions), bool(self._snapshots)
        return Change(labels=document.bounds, model=True, notes=notes, styles=regions, locks=regions)


def _relabelled(
    values: Mapping[RegionKey, T], table: np.ndarray, unite: Callable[[Sequence[T]], T]
) -> dict[RegionKey, T]:
    """Under the new ids of their classes; ``unite`` says what is left where two classes become one."""
    found: dict[RegionKey, list[T]] = {}
    for key, value in values.items():
        new = key if key == WHOLE_IMAGE else key._replace(label=int(table[key.label]))
        found.setdefault(new, []).append(value)
    return {key: unite(several) for key, several in found.items()}


def _painted(layer: LabelLayer) -> Box:
    """Box around the painted pixels of a layer."""
    left, top, width, height = cv2.boundingRect((layer.labels != UNPAINTED).view(np.uint8))
    return Box(left, top, left + width, top + height)


def _united(changes: list[Change]) -> Change:
    labels = EMPTY
    for change in changes:
        labels = labels.united(change.labels)
    areas = _gathered([area for change in changes for area in change.areas or (change.labels,) if not area.is_empty])
    if 2 * sum(area.width * area.height for area in areas) > labels.width * labels.height:
        areas = ()
    flags = {entry.name: any(getattr(change, entry.name) for change in changes) for entry in fields(Change)[2:]}
    return Change(labels, areas, **flags)


def _gathered(boxes: list[Box]) -> tuple[Box, ...]:
    """Boxes around those that begin in the same cell of a coarse grid: few, and hardly larger together."""
    cells: dict[tuple[int, int], Box] = {}
    for box in boxes:
        cell = (box.left // _CELL, box.top // _CELL)
        cells[cell] = cells.get(cell, EMPTY).united(box)
    return tuple(cells.values())
