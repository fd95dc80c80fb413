"""From a run to a model that the editor can open."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import CARD_FILE, MODEL_FILES, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_training.learning.networks import Networks
from oasis_training.recipe import Recipe
from oasis_training.state import Progress

_ID_FILE = "library-id"


@dataclass(frozen=True)
class Publisher:
    """Writes models into the run's ``folder``; ``parent`` is the id of the model the run began with."""

    folder: Path
    recipe: Recipe
    palette: Palette
    parent: str | None = None

    def write(
        self,
        name: str,
        generator: SynthesisNetwork[Any],
        networks: Networks,
        progress: Progress,
        metrics: dict[str, Any],
    ) -> Path:
        """Write a settled ``generator`` and the discriminator with their card to ``folder/name``; returns that path."""
        fresh = self.folder / f"{name}.part"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        config = generator.config
        card = ModelCard(
            id=self.recipe.name,
            name=self.recipe.title,
            architecture=generator.architecture,
            generator=config.to_json(),
            discriminator=networks.discriminator.config.to_json(),
            palette=self.palette,
            native_size=(config.native_width, config.native_height),
            noise_size=config.noise,
            data={
                "sources": list(self.recipe.credits),
                "terms": self.recipe.terms,
                "images_seen": progress.images,
                "hours": round(progress.seconds / 3600, 2),
                "device": networks.device.type,
            },
            metrics=metrics,
            parent=self.parent,
        )
        write_model(fresh, card, generator, networks.discriminator, "fp16", networks.encoder)
        return _put(fresh, self.folder / name)

    def copy(self, name: str, to: str) -> Path:
        """The model ``name`` as it is now becomes ``to``, too."""
        fresh = self.folder / f"{to}.part"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self.folder / name, fresh)
        return _put(fresh, self.folder / to)


def _put(fresh: Path, target: Path) -> Path:
    """Move the files over, one by one and the card last: at every moment ``target`` holds a whole model.

    A folder cannot take the place of another in one step, and somebody may be rendering with it.
    """
    target.mkdir(exist_ok=True)
    for name in sorted(MODEL_FILES, key=lambda name: name == CARD_FILE):
        if (fresh / name).is_file():
            (fresh / name).replace(target / name)
    shutil.rmtree(fresh, ignore_errors=True)
    return target


def install(folder: Path, model: Path, library: ModelLibrary) -> str:
    """Put ``model`` into the library; the run in ``folder`` replaces what it published before. Returns the id."""
    remembered = folder / _ID_FILE
    if remembered.is_file():
        model_id = remembered.read_text(encoding="utf-8").strip()
    else:
        model_id = library.free_id(folder.resolve().name)
    library.install(model, model_id)
    remembered.write_text(model_id + "\n", encoding="utf-8")
    return model_id
