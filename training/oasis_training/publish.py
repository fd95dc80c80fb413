"""From a run to a model that the editor can open."""

from __future__ import annotations

import shutil
from pathlib import Path

from oasis_studio.core.card import PREVIEW_FILE, ModelCard
from oasis_studio.core.library import ModelLibrary
from oasis_studio.core.palette import Palette
from oasis_studio.synthesis.checkpoint import write_model
from oasis_training.dataset import Pair
from oasis_training.evaluation.card_figures import evaluate
from oasis_training.preview import write_sheet
from oasis_training.recipe import Recipe
from oasis_training.state import Progress
from oasis_training.step import Networks

_ID_FILE = "library-id"


def install(folder: Path, library: ModelLibrary) -> str:
    """Put ``folder/model`` into the library; a run that publishes again replaces its own model. Returns the id."""
    remembered = folder / _ID_FILE
    if remembered.is_file():
        model_id = remembered.read_text(encoding="utf-8").strip()
    else:
        model_id = library.free_id(folder.resolve().name)
    library.install(folder / "model", model_id)
    remembered.write_text(model_id + "\n", encoding="utf-8")
    return model_id


def publish(
    folder: Path,
    networks: Networks,
    recipe: Recipe,
    palette: Palette,
    progress: Progress,
    held_out: list[Pair],
    shown: list[Pair],
    size: int,
) -> Path:
    """Write the averaged generator and the discriminator with their card to ``folder/model``; returns that path.

    The figures of the card are of the pairs ``held_out``, its preview of the pairs ``shown``.
    """
    target, fresh = folder / "model", folder / "model.part"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    network = networks.average.network
    config = network.config
    card = ModelCard(
        id=recipe.name,
        name=recipe.title,
        architecture="oasis",
        generator=config.to_json(),
        discriminator=networks.discriminator.config.to_json(),
        palette=palette,
        native_size=(config.native_width, config.native_height),
        noise_size=config.noise,
        data={
            "sources": list(recipe.credits),
            "terms": recipe.terms,
            "images_seen": progress.images,
            "hours": round(progress.seconds / 3600, 2),
            "device": networks.device.type,
        },
        metrics=evaluate(network, held_out, size, networks.device) if len(held_out) >= 4 else {},
    )
    write_sheet(fresh / PREVIEW_FILE, network, shown, palette, size, networks.device)
    write_model(fresh, card, network, networks.discriminator, "fp16")
    shutil.rmtree(target, ignore_errors=True)
    fresh.replace(target)
    return target
