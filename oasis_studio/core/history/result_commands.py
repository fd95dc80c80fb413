"""Commands for photos that were kept: stars, names, removing, and going back to the drawing of one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.style import NO_TRAIL
from oasis_studio.core.history.commands import AddLayer, RemoveLayer, SetModel, SetSeed, Together
from oasis_studio.core.history.document_commands import ScaleDocument
from oasis_studio.core.history.history import Change, Command
from oasis_studio.core.history.style_commands import SetLocks, SetStyles, SetTrails
from oasis_studio.i18n import _


@dataclass(eq=False)
class ChangeResults:
    """A star or a name for the results with those ids; None leaves it. Those that are gone by now are left out."""

    ids: frozenset[int]
    title: str
    is_starred: bool | None = None
    name: str | None = None
    _before: dict[int, Result] = field(default_factory=dict, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        self._before = {each.id: each for each in document.results if each.id in self.ids}
        document.results = tuple(self._changed(each) if each.id in self.ids else each for each in document.results)
        return Change(results=True)

    def revert(self, document: Document) -> Change:
        document.results = tuple(self._before.get(each.id, each) for each in document.results)
        return Change(results=True)

    def _changed(self, result: Result) -> Result:
        return replace(
            result,
            is_starred=result.is_starred if self.is_starred is None else self.is_starred,
            name=result.name if self.name is None else self.name,
        )


@dataclass(eq=False)
class RemoveResults:
    """The results with those ids go; taken back, each comes to its old place among those there are by then."""

    ids: frozenset[int]
    title: str = field(default_factory=lambda: _("Delete results"))
    _removed: tuple[Result, ...] = field(default=(), init=False)
    _bytes: int | None = field(default=None, init=False)

    @property
    def size_bytes(self) -> int:
        return self._bytes or 0

    def apply(self, document: Document) -> Change:
        self._removed = tuple(each for each in document.results if each.id in self.ids)
        if self._bytes is None:
            self._bytes = sum(each.nbytes for each in self._removed)
        document.results = tuple(each for each in document.results if each.id not in self.ids)
        return Change(results=True)

    def revert(self, document: Document) -> Change:
        document.results = tuple(sorted((*document.results, *self._removed), key=lambda each: each.id))
        return Change(results=True)


@dataclass(frozen=True, eq=False)
class RestoreScene(Together):
    """The drawing becomes another: size, model, layers, seed, styles and locks; notes, reference, snapshots stay."""

    @classmethod
    def of(cls, document: Document, scene: Document, class_map: np.ndarray | None = None) -> RestoreScene:
        """``scene`` is nobody else's: its layers become the document's, so it can be restored once.

        ``class_map`` (256,) uint8 gives the ids in the scene's palette, for the snapshots, where that is another.
        """
        steps: list[Command] = [
            SetLocks(dict.fromkeys(document.locks)),
            SetTrails(dict.fromkeys(document.styles, NO_TRAIL)),
            *(RemoveLayer(layer.id) for layer in document.layers),
        ]
        if (scene.width, scene.height) != (document.width, document.height):
            steps.append(ScaleDocument(scene.width, scene.height))
        wanted = (scene.model, scene.palette, scene.background)
        if wanted != (document.model, document.palette, document.background):
            steps.append(SetModel(*wanted, class_map))
        steps += [AddLayer(layer, index) for index, layer in enumerate(scene.layers)]
        steps += [SetSeed(scene.seed), SetTrails(scene.styles), SetLocks(scene.locks)]
        return cls(_("Restore scene"), tuple(steps))


def restore_styles(document: Document, regions: RegionMap, scene: Document) -> Command:
    """Seed and styles of a scene with the same classes, for the regions that both have; labels stay as they are.

    Locked regions keep their styles. ``regions`` are the document's. Layers are told by their names, or else by their
    places.
    """
    homes, there = _homes(document, scene), {region.key for region in regions.regions}
    styles = {WHOLE_IMAGE: scene.styles.get(WHOLE_IMAGE, NO_TRAIL).style}
    for region in RegionMap(scene).regions:
        key = RegionKey(homes.get(region.key.layer_id, -1), region.key.label)
        if key in there and key not in document.locks:
            styles[key] = scene.styles.get(region.key, NO_TRAIL).style
    changed = {key: style for key, style in styles.items() if style != document.styles.get(key, NO_TRAIL).style}
    return Together(_("Restore noise and styles"), (SetSeed(scene.seed), SetStyles(changed)))


def _homes(document: Document, scene: Document) -> dict[int, int]:
    """The layers of ``document`` by the ids of the scene's layers that they were."""
    homes, free = {BACKGROUND_LAYER: BACKGROUND_LAYER}, list(document.layers)
    for layer in scene.layers:
        twin = next((each for each in free if each.name == layer.name), None)
        if twin is not None:
            homes[layer.id] = twin.id
            free.remove(twin)
    for layer, other in zip(scene.layers, document.layers, strict=False):
        if layer.id not in homes and other in free:
            homes[layer.id] = other.id
    return homes
