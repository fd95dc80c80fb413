"""Drawings (.oasis) as plain arrays: layers, labels, regions, noise and locks; nothing else of the file is lost."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oasis_studio.api import arrays, locks
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.lock import USUAL_FEATHER, Lock
from oasis_studio.core.document.region_key import BACKGROUND_LAYER, RegionKey
from oasis_studio.core.document.regions import RegionMap
from oasis_studio.core.document.style import NO_TRAIL, Origin, OwnSeed, RegionStyle, Source, StoredVector
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.models.card import GENERATOR_FILE
from oasis_studio.core.models.library import default_library
from oasis_studio.core.models.style_noise import Styling, model_identity, noise_table
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

if TYPE_CHECKING:
    from oasis_studio.api.model import Model

BACKGROUND = ""
"""The name that stands for the layer of pixels that nobody painted."""


@dataclass(frozen=True)
class ProjectRegion:
    """All pixels of one class that one layer contributes: ``number`` in ``Project.region_map``, ``area`` in pixels."""

    number: int
    layer: str
    class_name: str
    area: int


def open_project(path: str | PathLike[str]) -> Project:
    """A drawing from its file; StudioError, in one sentence, for whatever is wrong with it."""
    found = read_project(Path(path))
    return Project(found.document, found.image_HW3, found.skipped)


def new_project(model: Model, layers: Any, *, seed: int | None = None, background: str | int = 0) -> Project:
    """A drawing for a model, not saved yet.

    ``layers`` is one label map (H, W), or a mapping from names to label maps of one size, from the bottom to the top;
    255 is where a layer shows what lies below it. ``background`` is the class, by name or id, of pixels that no layer
    paints; ``seed`` (0…2³¹ − 1) that of the whole image, by default the one that the model likes. StudioError for
    sizes that differ, or that no drawing can have (16 to 8192 pixels a side), and for unknown classes.

    >>> import numpy as np
    >>> from oasis_studio.api import open_model
    >>> sky = np.zeros((64, 96), np.uint8)
    >>> ground = np.full((64, 96), 255, np.uint8)
    >>> ground[40:] = 2
    >>> drawing = new_project(open_model("outdoor"), {"sky": sky, "ground": ground})
    >>> [(region.layer, region.class_name, region.area) for region in drawing.regions]
    [('sky', 'sky', 3840), ('ground', 'grass', 2304)]
    """
    named = layers if isinstance(layers, Mapping) else {_("Layer 1"): layers}
    maps = {str(name): arrays.label_map(labels, model.card) for name, labels in named.items()}
    if not maps:
        raise StudioError(_("A drawing needs a layer."))
    first = next(iter(maps.values()))
    palette, chosen = model.card.palette, model.card.first_seed if seed is None else arrays.seeds(seed)[0]
    document = Document(first.shape[1], first.shape[0], palette, model.card.id, seed=chosen)
    document.background = _class_id(background, palette)
    project = Project(document)
    for name, labels_HW in maps.items():
        project.add_layer(name, labels_HW)
    return project


class Project:
    """A drawing in memory. Arrays of ``layers`` can be painted on; :meth:`save` checks them.

    ``document`` is all that the program knows of it, ``photo_HW3`` the last photo (uint8 RGB) or None, ``skipped``
    says what was damaged in the file and left out.
    """

    def __init__(self, document: Document, photo_HW3: np.ndarray | None = None, skipped: str = "") -> None:
        self.document, self.photo_HW3, self.skipped = document, photo_HW3, skipped

    def __repr__(self) -> str:
        document = self.document
        return f"<Project {document.width}×{document.height}, {len(self.layers)} layers, model {document.model}>"

    @property
    def layers(self) -> list[LabelLayer]:
        """From the bottom to the top: ``name``, ``labels`` (H, W) uint8 255 for unpainted, ``is_visible`` and more."""
        return self.document.layers

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of their ids."""
        return tuple(entry.name for entry in self.document.palette.classes)

    @property
    def model(self) -> str:
        """The id of the model that renders it; that model may be missing here."""
        return self.document.model

    @property
    def seed(self) -> int:
        """Of the whole image, 0…2³¹ − 1."""
        return self.document.seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self.document.seed = arrays.seeds(seed)[0]

    @property
    def labels(self) -> np.ndarray:
        """(H, W) uint8: the topmost painted class that is visible, everywhere some class."""
        self._check()
        return self.document.flatten()

    @property
    def region_map(self) -> np.ndarray:
        """(H, W) uint16: the number of every pixel's region."""
        return self._map().ids_HW

    @property
    def regions(self) -> list[ProjectRegion]:
        """Those that have pixels, from the top of the picture to its bottom."""
        names = {layer.id: layer.name for layer in self.layers} | {BACKGROUND_LAYER: BACKGROUND}
        return [
            ProjectRegion(each.number, names[each.key.layer_id], self.classes[each.key.label], each.area)
            for each in self._map().regions
        ]

    @property
    def locks(self) -> dict[tuple[str, str], Lock]:
        """By (layer, class): the pixels that stay, each with ``mask_hw`` and ``pixels_hw3`` inside its ``box``."""
        names = {layer.id: layer.name for layer in self.layers} | {BACKGROUND_LAYER: BACKGROUND}
        return {
            (names.get(key.layer_id, BACKGROUND), self.classes[key.label]): lock
            for key, lock in self.document.locks.items()
        }

    def add_layer(self, name: str, labels_HW: Any) -> LabelLayer:
        """A copy of a label map as the new topmost layer; StudioError for another size or unknown classes."""
        labels = arrays.whole_numbers(labels_HW, _("The layer"))
        arrays.require_size(labels, (self.document.height, self.document.width), _("The layer"))
        _require_classes(labels, name, self.document.palette)
        layer = LabelLayer(name, labels.astype(np.uint8))
        self.layers.append(layer)
        return layer

    def scene(self, model: Model) -> dict[str, Any]:
        """What ``model.render`` takes to make the drawing's photo: ``model.render(**project.scene(model))``.

        The noise has a row for every region and for every step of a painted style; ``regions`` says which a pixel
        uses. StudioError if the drawing has classes that the model does not.
        """
        card, styling = model.card, Styling.of(self.document, model_identity(model.card))
        table = noise_table(self._map(), styling, card.noise_size)
        found: dict[str, Any] = {"labels_HW": self.labels, "locks": list(self.document.locks.values())}
        if card.noise_size:
            found |= {"noise": table.noise_RZ, "regions": table.regions_HW}
        elif card.capabilities.sees_instances:
            found["regions"] = table.regions_HW
        code = styling.image_code(card.capabilities.style_size)
        return found if code is None else found | {"style": code}

    def set_noise(self, layer: str, class_name: str, noise: Any, model: Model) -> None:
        """Give a region noise of its own: a seed (0…2³¹ − 1), or (Z,) float32 numbers for that model."""
        source: Source
        if isinstance(noise, int | np.integer):
            source = OwnSeed(arrays.seeds(int(noise))[0])
        else:
            vector = arrays.finite(noise, _("The noise"))
            if vector.shape != (model.noise_size,):
                raise StudioError(
                    _('The noise is {shape}; the last dimension of noise for the model "{name}" is {size}.').format(
                        shape=arrays.shape_of(vector), name=model.name, size=model.noise_size
                    )
                )
            source = StoredVector.of(vector, model_identity(model.card), Origin.SWATCH)
        key = self._key(layer, class_name)
        trail = self.document.styles.get(key, NO_TRAIL).after(RegionStyle(source))
        self.document.styles = {**self.document.styles, key: trail}

    def keep(self, layer: str, class_name: str, feather: int = USUAL_FEATHER) -> None:
        """Lock a region: its pixels stay as ``photo_HW3`` shows them. StudioError if there is no photo or region."""
        if self.photo_HW3 is None:
            raise StudioError(_("There is no photo yet whose pixels could be kept."))
        key = self._key(layer, class_name)
        found = locks.lock(self._map().mask(key), self.photo_HW3, feather)
        self.document.locks = {**self.document.locks, key: found}

    def release(self, layer: str, class_name: str) -> None:
        """Unlock a region; one that is not locked stays so."""
        key = self._key(layer, class_name)
        self.document.locks = {kept: lock for kept, lock in self.document.locks.items() if kept != key}

    def save(self, path: str | PathLike[str]) -> None:
        """Write all of it, whole or not at all; StudioError if a layer was painted with what is no class."""
        self._check()
        shape = (self.document.height, self.document.width)
        image_HW3 = None if self.photo_HW3 is None else arrays.photo(self.photo_HW3, shape)
        digest = ""
        with suppress(StudioError):  # the model is missing here, which does not matter to the drawing
            digest = default_library().find(self.model)[1].sha256.get(GENERATOR_FILE, "")
        write_project(Path(path), self.document, image_HW3, digest)

    def _map(self) -> RegionMap:
        self._check()
        return RegionMap(self.document)

    def _key(self, layer: str, class_name: str) -> RegionKey:
        """StudioError unless there is such a region; of several layers of one name the topmost that has it."""
        label = _class_id(class_name, self.document.palette)
        ids = [each.id for each in reversed(self.layers) if each.name == layer]
        ids += [BACKGROUND_LAYER] if layer == BACKGROUND else []
        regions = self._map()
        for key in (RegionKey(layer_id, label) for layer_id in ids):
            if regions.area(key):
                return key
        raise StudioError(
            _('The drawing shows nothing of the class "{name}" on the layer "{layer}".').format(
                name=class_name, layer=layer
            )
        )

    def _check(self) -> None:
        """StudioError if somebody put something into a layer that cannot be there."""
        for layer in self.layers:
            labels = arrays.whole_numbers(layer.labels, _("The layer"))
            arrays.require_size(labels, (self.document.height, self.document.width), _("The layer"))
            _require_classes(labels, layer.name, self.document.palette)
            layer.labels = np.ascontiguousarray(labels, np.uint8)


def _require_classes(labels: np.ndarray, name: str, palette: Palette) -> None:
    unknown = (labels < 0) | ((labels >= len(palette)) & (labels != UNPAINTED))
    if unknown.any():
        raise StudioError(
            _('The layer "{name}" has {count} pixels of classes that the drawing does not know: {ids}.').format(
                name=name, count=int(unknown.sum()), ids=", ".join(map(str, np.unique(labels[unknown])[:3]))
            )
        )


def _class_id(given: str | int, palette: Palette) -> int:
    """StudioError unless it is the id or the name of a class."""
    entry = palette.by_name(given) if isinstance(given, str) else None
    if entry is not None:
        return entry.id
    if isinstance(given, int | np.integer) and 0 <= given < len(palette):
        return int(given)
    raise StudioError(
        _('There is no class "{name}".').format(name=given),
        _("Choose one of: {names}.").format(names=", ".join(each.name for each in palette.classes)),
    )
