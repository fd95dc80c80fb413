"""What decides the training of an evaluation segmenter: one JSON file, or a folder of pairs and the defaults."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.recipe import Source, filled


@dataclass(frozen=True)
class SegmenterRecipe:
    """``sources`` and ``held_out`` as in a training's recipe, so that both hold out the same photos.

    ``images`` seen in all, in batches of ``batch``, crops of ``size`` pixels taken from photos up to ``widest`` times
    that; the learning rate rises to ``rate`` and falls to 0.
    """

    name: str
    classes: str
    sources: tuple[Source, ...]
    held_out: int = 10
    images: int = 24_000
    batch: int = 16
    size: int = 128
    widest: float = 1.5
    rate: float = 2e-3
    decay: float = 0.02
    colour: float = 0.5
    """Probability of each change of brightness, saturation and contrast."""
    seed: int = 7
    terms: str = ""
    credits: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SegmenterRecipe:
        """StudioError naming an unknown key and the nearest known one."""
        sources = tuple(filled(Source, source) for source in data.get("sources", ()))
        recipe = filled(cls, data | {"sources": sources, "credits": tuple(data.get("credits", ()))})
        if not recipe.sources:
            raise StudioError(_("A recipe needs at least one source."))
        return recipe

    @classmethod
    def read(cls, path: Path) -> SegmenterRecipe:
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise StudioError(_("Cannot read the recipe {path}: {error}.").format(path=path, error=error)) from error
