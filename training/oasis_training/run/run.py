"""A run: its recipe with class list, its data and its folder, which can be continued with nothing else at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from oasis_studio.core.classes.lists import find_list
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.disk.distinct import require_distinct, would_be_lost
from oasis_studio.core.work.run_folder import BEST_FOLDER, CLASSES_FILE, MODEL_FOLDER, RECIPE_FILE, RUN_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home
from oasis_training.recipe import Recipe


@dataclass(frozen=True)
class Run:
    """``is_continued``: it was given by its folder, so it goes on where it stopped."""

    recipe: Recipe
    palette: Palette
    data: Path
    folder: Path
    is_continued: bool = False

    @classmethod
    def read(cls, given: Path, data: Path | None, out: Path | None) -> Run:
        """From a recipe, or from the folder of a run; StudioError naming what cannot be read."""
        is_folder = given.is_dir()
        path = given / RECIPE_FILE if is_folder else given
        if is_folder and not path.is_file():
            raise StudioError(_("There is no run in {folder}.").format(folder=given))
        recipe = Recipe.read(path)
        folder = out or (given if is_folder else home("runs") / recipe.name)
        if data is None:
            data = _remembered_data(given) if is_folder else Path()
        return cls(recipe, find_list(recipe.classes, path.parent), data, folder, is_folder)

    def require_distinct(self, given: Path) -> None:
        """Refuse to begin where something would be lost, with a StudioError.

        That is the recipe ``given``, its class list, its photos, and what else lies in a folder that is no run's.
        """
        if self.is_continued or (self.folder / RUN_FILE).exists():
            return
        read = [given, given.parent / self.recipe.classes, *(self.data / each.folder for each in self.recipe.sources)]
        for name in (CLASSES_FILE, RECIPE_FILE, MODEL_FOLDER, BEST_FOLDER):
            require_distinct(self.folder / name, read)
            if (self.folder / name).exists():
                raise would_be_lost(self.folder / name)

    def write(self) -> None:
        """Put into the folder all that is needed to go on from it."""
        recipe = replace(self.recipe, classes=CLASSES_FILE)
        for name, content in (
            (CLASSES_FILE, self.palette.to_json()),
            (RECIPE_FILE, recipe.to_json()),
            (RUN_FILE, {"data": str(self.data.resolve())}),
        ):
            write_json(self.folder / name, content)


def _remembered_data(folder: Path) -> Path:
    try:
        return Path(json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudioError(
            _("The run in {folder} does not say where its photos are.").format(folder=folder),
            _("Name their folder with --data."),
        ) from error
