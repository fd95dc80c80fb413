"""Who gets the styles and locks of regions when layers are copied, or several become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import Lock, joined
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import NO_TRAIL, StyleTrail
from oasis_studio.core.history.history import Command
from oasis_studio.core.history.style_commands import SetLocks, SetTrails


def styled_alike(document: Document, from_id: int, to_id: int) -> list[Command]:
    """What gives the regions of one layer the styles that those of another have."""
    trails = {key._replace(layer_id=to_id): trail for key, trail in document.styles.items() if key.layer_id == from_id}
    return [SetTrails(trails)] if trails else []


def covered(document: Document, below_id: int, above_id: int) -> list[Command]:
    """What hands regions over to a copy on top of their layer: styles, and locks, for the copy is what one sees."""
    wanted: dict[RegionKey, Lock | None] = {}
    for key, lock in document.locks.items():
        if key.layer_id == below_id:
            wanted[key], wanted[key._replace(layer_id=above_id)] = None, lock
    return [*styled_alike(document, below_id, above_id), *([SetLocks(wanted, "")] if wanted else [])]


def merged(document: Document, layers: Sequence[LabelLayer], to_id: int) -> list[Command]:
    """What gives the regions of the one layer that ``layers`` (from the lowest) become their styles and locks.

    Of the regions of a class, the one with most pixels gives its style; all locked pixels stay locked.
    """
    trails: dict[RegionKey, StyleTrail] = {}
    for label, layer_id in _largest(layers).items():
        trail = document.styles.get(RegionKey(layer_id, label), NO_TRAIL)
        if trail != document.styles.get(RegionKey(to_id, label), NO_TRAIL):
            trails[RegionKey(to_id, label)] = trail
    steps: list[Command] = [SetTrails(trails)] if trails else []
    return steps + locked_together(document, {key: to_id for key in document.locks if _is_of(key, layers)})


def locked_together(document: Document, heirs: Mapping[RegionKey, int]) -> list[Command]:
    """What hands every lock to the region of its class on the layer that ``heirs`` names for it."""
    gathered: dict[RegionKey, list[Lock]] = {}
    for key, layer_id in heirs.items():
        gathered.setdefault(key._replace(layer_id=layer_id), []).append(document.locks[key])
    wanted: dict[RegionKey, Lock | None] = dict.fromkeys(heirs)
    wanted.update({key: joined(locks) for key, locks in gathered.items()})
    changed = {key: lock for key, lock in wanted.items() if lock is not document.locks.get(key)}
    return [SetLocks(changed, "")] if changed else []


def _is_of(key: RegionKey, layers: Sequence[LabelLayer]) -> bool:
    return any(key.layer_id == layer.id for layer in layers)


def _largest(layers: Sequence[LabelLayer]) -> dict[int, int]:
    """Of every class that is seen, the layer that shows most of it."""
    is_free_HW = np.ones(layers[0].labels.shape, bool)
    counts = []
    for layer in reversed(layers):
        counts.append(np.bincount(layer.labels[is_free_HW], minlength=256)[:UNPAINTED])
        is_free_HW &= layer.labels == UNPAINTED
    table = np.array(counts)
    return {label: layers[-1 - int(table[:, label].argmax())].id for label in np.flatnonzero(table.sum(0)).tolist()}
