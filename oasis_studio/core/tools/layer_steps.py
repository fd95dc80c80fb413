"""What a person does with whole layers, made of the small commands. Each is one step for ``History.do``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.history.commands import (
    AddLayer,
    ChangeLayer,
    MoveLayer,
    PaintPatch,
    RemoveLayer,
    SetSeed,
    Together,
)
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels.raster import box_around
from oasis_studio.core.tools import region_heirs
from oasis_studio.core.tools.tool import check_paintable
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def repaint(layer: LabelLayer, after_HW: np.ndarray, title: str) -> PaintPatch | None:
    """The step that gives ``layer`` the labels ``after_HW`` (H, W) uint8; None if it has them."""
    box = box_around(layer.labels != after_HW)
    if box.is_empty:
        return None
    return PaintPatch(layer.id, box, layer.labels[box.slices].copy(), after_HW[box.slices].copy(), title)


def duplicate(document: Document, layer_id: int) -> Command:
    """A copy of a layer right above it, with the styles of its regions; their locks go over to the copies."""
    layer = document.layer(layer_id)
    copy = LabelLayer(
        _("{name} copy").format(name=layer.name),
        layer.labels.copy(),
        layer.is_visible,
        opacity=layer.opacity,
        group=layer.group,
        color_tag=layer.color_tag,
    )
    added = AddLayer(copy, document.layers.index(layer) + 1, _("Duplicate layer"))
    heirs = region_heirs.covered if layer.is_visible else region_heirs.styled_alike
    steps = heirs(document, layer.id, copy.id)
    return Together(added.title, (added, *steps)) if steps else added


def lift(document: Document, layer_id: int, selection: Selection, name: str, cuts: bool = True) -> Command | None:
    """The chosen pixels of a layer become a layer of their own right above; None if none of them is painted.

    With ``cuts`` they leave the old layer, otherwise they are copied. StudioError if that is locked or hidden.
    """
    layer = document.layer(layer_id)
    check_paintable(layer)
    chosen = selection.mask_HW & (layer.labels != UNPAINTED)
    if not chosen.any():
        return None
    added = LabelLayer(name, np.where(chosen, layer.labels, np.uint8(UNPAINTED)), group=layer.group)
    steps: list[Command] = [AddLayer(added, document.layers.index(layer) + 1)]
    rest = repaint(layer, np.where(chosen, np.uint8(UNPAINTED), layer.labels), "")
    if cuts and rest:
        steps.insert(0, rest)
    steps += region_heirs.styled_alike(document, layer.id, added.id)
    return Together(_("Cut to new layer") if cuts else _("Copy to new layer"), tuple(steps))


def merge_down(document: Document, layer_id: int) -> Command:
    """A layer goes into the one below it, which keeps its name; label map and locked pixels stay the same.

    StudioError if it is the lowest, or one of the two is locked or hidden.
    """
    upper = document.layer(layer_id)
    index = document.layers.index(upper)
    if index == 0:
        raise StudioError(
            _("There is no layer below “{name}”.").format(name=upper.name),
            _("Choose a layer that lies over another one."),
        )
    lower = document.layers[index - 1]
    for layer in (upper, lower):
        check_paintable(layer)
    merged = np.where(upper.labels != UNPAINTED, upper.labels, lower.labels)
    painted = repaint(lower, merged, "")
    steps: list[Command] = [painted] if painted else []
    steps += [RemoveLayer(layer_id), *region_heirs.merged(document, (lower, upper), lower.id)]
    return Together(_("Merge down"), tuple(steps))


def flatten(document: Document) -> Command | None:
    """All visible layers become one, with what was painted on none of them still unpainted; hidden ones stay.

    None if fewer than two layers are visible; StudioError if one of them is locked.
    """
    visible = [layer for layer in document.layers if layer.is_visible]
    if len(visible) < 2:
        return None
    labels = visible[0].labels.copy()
    for layer in visible:
        check_paintable(layer)
        np.copyto(labels, layer.labels, where=layer.labels != UNPAINTED)
    flat = LabelLayer(visible[0].name, labels)
    index = document.layers.index(visible[0])
    removed = [RemoveLayer(layer.id) for layer in visible]
    heirs = region_heirs.merged(document, visible, flat.id)
    return Together(_("Flatten"), (*removed, AddLayer(flat, index), *heirs))


def group(document: Document, layer_ids: Sequence[int], name: str) -> Command | None:
    """Layers become neighbours, in their order, right below the highest of them, as the group ``name``.

    The label map changes if layers between them are passed. None without layers.
    """
    members = [layer for layer in document.layers if layer.id in layer_ids]
    if not members:
        return None
    order = list(document.layers)
    steps: list[Command] = []
    for position, layer in enumerate(reversed(members[:-1]), 1):
        order.remove(layer)
        index = order.index(members[-position])
        order.insert(index, layer)
        steps.append(MoveLayer(layer.id, index))
    steps += [ChangeLayer(layer.id, "", group=name) for layer in members]
    return Together(_("Group layers"), tuple(steps))


def ungroup(document: Document, name: str) -> Command | None:
    """The layers of a group belong to none; None if it has no layers."""
    steps = [ChangeLayer(layer.id, "", group="") for layer in document.layers if layer.group == name]
    return Together(_("Ungroup layers"), tuple(steps)) if name and steps else None


def change_group(
    document: Document, name: str, title: str, is_visible: bool | None = None, is_locked: bool | None = None
) -> Command:
    """Show, hide, lock or unlock all layers of a group."""
    members = [layer for layer in document.layers if layer.group == name]
    return Together(
        title, tuple(ChangeLayer(each.id, "", is_visible=is_visible, is_locked=is_locked) for each in members)
    )


def restore(document: Document, snapshot: Snapshot) -> Command:
    """The label map of a snapshot as a new layer on top, and its seed."""
    layer = LabelLayer(snapshot.name, snapshot.labels_HW.copy())
    added = AddLayer(layer, len(document.layers))
    return Together(_("Restore snapshot"), (added, SetSeed(snapshot.seed)))
