"""What decides the fitting of a reader: one JSON file, or a folder of pairs and the defaults."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.recipe import Source, filled, recipe_json


@dataclass(frozen=True)
class ReaderRecipe:
    """``sources`` and ``held_out`` as in a training's recipe, so that both hold out the same photos.

    ``images`` are seen in all, in batches of ``batch`` crops of ``size`` pixels. Photos are scaled to the short side
    ``short`` and then by a random factor between ``zoom[0]`` and ``zoom[1]``. The learning rate of the decoder rises
    to ``rate`` and falls to 0 along half a cosine; ``rate_backbone`` > 0 trains a copy of the backbone, too.
    """

    name: str
    classes: str
    sources: tuple[Source, ...]
    held_out: int = 10
    images: int = 7_200
    batch: int = 8
    size: int = 176
    short: int = 256
    zoom: tuple[float, float] = (0.85, 1.5)
    width: int = 96
    """Channels of the decoder."""
    rate: float = 1.5e-3
    rate_backbone: float = 0.0
    decay: float = 0.01
    colour: float = 0.8
    """Probability of each change of brightness, saturation and contrast."""
    smoothing: float = 0.05
    """Of the labels: the share of certainty that is spread over all classes."""
    class_weight_clip: float = 3.0
    """No class weighs more than this times a class of the average weight."""
    sides: tuple[int, ...] = (224, 288)
    """Short sides at which photos are read with it, in pixels."""
    seed: int = 7
    terms: str = ""
    credits: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ReaderRecipe:
        """Raises StudioError naming what is wrong in it, and where."""
        recipe = filled(cls, data)
        if not recipe.sources:
            raise StudioError(_("A recipe needs at least one source."))
        return recipe

    @classmethod
    def read(cls, path: Path) -> ReaderRecipe:
        """StudioError if the file cannot be read, or is no recipe."""
        return cls.from_json(recipe_json(path))
