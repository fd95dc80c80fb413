"""Where labelled photos are, which of them are held out, and what their ids mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oasis_studio.core.classes.lists import find_list
from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.recipe import Source, filled, recipe_json

_HELD_OUT = 10
_CLASSES = "classes.json"


@dataclass(frozen=True)
class DataPlace:
    """``sources`` below ``root`` · ``held_out`` as in a recipe · ``classes``: a name, or a file in ``beside``."""

    root: Path
    sources: tuple[Source, ...]
    held_out: int
    classes: str | None
    beside: Path

    @classmethod
    def read(cls, data: Path, recipe: Path | None) -> DataPlace:
        """A folder of pairs, or with the recipe of a training or a segmenter the folder that its sources are in.

        A folder of pairs is called in both cases what the recipe calls it, so that the same photos are held out.
        """
        if not data.is_dir():
            raise StudioError(_("There is no folder {folder}.").format(folder=data))
        if recipe is None:
            folder = data.resolve()
            if not (folder / "images").is_dir() or not (folder / "labels").is_dir():
                raise StudioError(
                    _("{folder} has no images/ and labels/.").format(folder=data),
                    _("Name a --recipe whose sources are in it, or write it anew with: oasis-studio dataset convert."),
                )
            classes = _CLASSES if (folder / _CLASSES).is_file() else None
            return cls(folder.parent, (Source(folder.name),), _HELD_OUT, classes, folder)
        try:
            facts = recipe_json(recipe)
            sources = tuple(filled(Source, source) for source in facts["sources"])
            return cls(data, sources, int(facts.get("held_out", _HELD_OUT)), str(facts["classes"]), recipe.parent)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StudioError(
                _("Cannot read the recipe {path}.").format(path=recipe),
                _("It names its sources and its classes."),
                repr(error),
            ) from error

    def palette(self, name: str | None = None) -> Palette | None:
        """The class list ``name``, or the data's own; None if it has none."""
        wanted = name or self.classes
        return None if wanted is None else find_list(wanted, self.beside)
