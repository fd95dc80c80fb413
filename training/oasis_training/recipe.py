"""A recipe: everything that decides a run, in one JSON file."""

from __future__ import annotations

import dataclasses
import difflib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_Kind = TypeVar("_Kind")
_MARGIN = 1.12
_MOST_SHOWN = 60
"""Letters of a wrong value in a message."""


@dataclass(frozen=True)
class Source:
    """A folder of pairs. ``weight`` how often its photos are drawn; ``weight_by`` a manifest column that scales it.

    ``ids`` gives the class of every id in the files (255: left out); without it the ids are the classes.
    """

    folder: str
    images: str = "images"
    labels: str = "labels"
    weight: float = 1.0
    weight_by: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Phase:
    """A stretch of training. ``size`` in pixels (square crops) · ``images`` seen in it · learning rates of Adam.

    ``scale`` is the short side of the photos that crops are taken from, in pixels; 0: 1.12 times the crop.
    ``discriminator_only`` trains D as a plain segmenter of real photos · ``rate_generator`` 0 trains D against the
    pictures of a generator that stays as it is, so that a new critic can judge before the generator follows it ·
    ``decay`` lets both rates run linearly to 0.
    """

    size: int
    images: int
    batch: int
    rate_generator: float = 2e-4
    rate_discriminator: float = 4e-4
    labelmix: float = 0.0
    augment: float = 0.7
    discriminator_only: bool = False
    decay: bool = False
    scale: int = 0

    @property
    def trains_generator(self) -> bool:
        """Whether the generator changes in this phase."""
        return not self.discriminator_only and self.rate_generator > 0

    @property
    def short_side(self) -> int:
        """Of the photos, in pixels."""
        return self.scale or round(self.size * _MARGIN)


@dataclass(frozen=True)
class Recipe:
    """``generator`` and ``discriminator`` are configurations of the networks without their class count."""

    name: str
    title: str
    classes: str
    sources: tuple[Source, ...]
    generator: dict[str, Any]
    discriminator: dict[str, Any]
    phases: tuple[Phase, ...]
    architecture: str = "oasis"
    """"oasis" or "spade": which networks, and with them which losses."""
    encoder: dict[str, Any] = field(default_factory=dict)
    """Configuration of SPADE's image encoder, where the generator takes a style code."""
    native_size: int = 256
    held_out: int = 10
    """One photo in this many is never trained on."""
    region_noise: float = 0.5
    """Share of images with one noise vector per class instead of one for all."""
    label_warp: float = 0.5
    """Probability that the label map given to the generator is bent."""
    uses_noise: bool = True
    """Off: there is neither noise nor a style code, and the same label map always gives the same photo."""
    balances_classes: bool = True
    """Off: every pixel counts the same, so that rare classes hardly count."""
    uses_labelmix: bool = True
    feature_matching: float = 10.0
    """SPADE: weight of the distance between the discriminator's features."""
    code_weight: float = 0.05
    """SPADE: weight of the KL divergence of the style code."""
    vgg: float = 0.0
    """Weight of the distance between VGG-19 features (10 in the published recipes); label maps are not bent then."""
    vgg_weights: str = ""
    """The person's own file of them: TorchScript, or safetensors with the names of torchvision."""
    perception: str = ""
    """"backbone": the distance of the backbone's features to the photo's counts, too; label maps are not bent then."""
    perception_weight: float = 1.0
    adapts_augmentation: bool = False
    """Raise the phase's probability while the discriminator knows the photos it was shown better than others."""
    diversity: float = 0.0
    """Weight of the mode-seeking term (Mao et al., CVPR 2019)."""
    appearance: float = 0.0
    """Weight of the term that ties the first noise numbers of a region to its colour, contrast and gradient."""
    class_weight_clip: float = 10.0
    """No class weighs more than this times the median weight; 0 = no limit."""
    beta_2: float = 0.999
    initial_gain: float = 1.0
    """Of the weights without spectral norm. The published recipe has 0.02, which takes long to grow."""
    average_half_life: int = 10_000
    """Half-life, in images, of the exponential moving average of the generator."""
    statistics_batches: int = 60
    preview_every: int = 4_000
    """Images between two previews; each measures the held-out metric, too."""
    patience: int = 0
    """End after this many measurements without a better one; 0 = never."""
    base: str = ""
    """A model of the library, or its folder, whose weights the run begins with; classes are matched by name."""
    save_minutes: float = 4.0
    seed: int = 42
    terms: str = ""
    credits: tuple[str, ...] = ()

    @property
    def images(self) -> int:
        """How many are seen in all phases."""
        return sum(phase.images for phase in self.phases)

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Recipe:
        """Raises StudioError naming what is wrong in it, and where."""
        recipe = filled(cls, data)
        for phase in recipe.phases:
            if phase.scale and phase.scale < phase.size:
                raise StudioError(
                    _("A phase takes crops of {size} pixels from photos of {scale}.").format(
                        size=phase.size, scale=phase.scale
                    )
                )
            if phase.discriminator_only and recipe.architecture != "oasis":
                raise StudioError(
                    _("Only OASIS has a discriminator that learns from photos alone (discriminator_only).")
                )
        if not recipe.sources or not recipe.phases:
            raise StudioError(_("A recipe needs at least one source and one phase."))
        return recipe

    @classmethod
    def read(cls, path: Path) -> Recipe:
        return cls.from_json(recipe_json(path))


def recipe_json(path: Path) -> dict[str, Any]:
    """The JSON object in a recipe's file; StudioError if there is none."""
    try:
        data = read_json(path)
    except StudioError as error:
        raise StudioError(_("Cannot read the recipe {path}.").format(path=path), error.message, error.detail) from error
    if not isinstance(data, dict):
        raise StudioError(_("Cannot read the recipe {path}.").format(path=path), _("A recipe is one JSON object."))
    return data


def filled(kind: type[_Kind], data: Any, place: str = "") -> _Kind:
    """An instance of the dataclass ``kind`` from JSON, whose values have the types of its fields.

    StudioError naming an unknown key and the nearest known one, what is missing, or the place of a wrong value, as in
    ``phases[0].size``; the names in it begin with ``place``.
    """
    if not isinstance(data, dict):
        raise _wrong(place, data)
    fields = {field.name: field for field in dataclasses.fields(cast(Any, kind))}
    for key in data:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, 1, 0.0)[0]
            raise StudioError(
                _('The recipe has an unknown key "{key}".').format(key=place + key),
                _('Did you mean "{near}"?').format(near=near),
            )
    missing = [name for name, field in fields.items() if _is_needed(field) and name not in data]
    if missing:
        names = ", ".join(place + name for name in missing)
        raise StudioError(_("The recipe is not complete: it lacks {names}.").format(names=names))
    types = get_type_hints(kind)
    return kind(**{key: _checked(types[key], value, place + key) for key, value in data.items()})


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _checked(kind: Any, value: Any, place: str) -> Any:
    """``value`` as the type of a field; lists become tuples."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return filled(kind, value, f"{place}.")
    if get_origin(kind) is tuple and isinstance(value, list | tuple):
        first, *others = get_args(kind)
        if others == [...] or len(value) == 1 + len(others):
            return tuple(_checked(first, each, f"{place}[{number}]") for number, each in enumerate(value))
    allowed: Any = (int, float) if kind is float else get_origin(kind) or kind
    if get_origin(kind) is tuple or not isinstance(value, allowed) or (isinstance(value, bool) and kind is not bool):
        raise _wrong(place, value)
    return value


def _wrong(place: str, value: Any) -> StudioError:
    shown = json.dumps(value, ensure_ascii=False, default=repr)[:_MOST_SHOWN]
    return StudioError(
        _('The recipe\'s "{name}" is not what it should be: {value}.').format(name=place.rstrip("."), value=shown)
    )
