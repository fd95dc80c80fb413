"""``python -m oasis_training.commands.reading MODEL DATA``: a reader, fitted to labelled photos, beside a model."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from pathlib import Path
from typing import Any

import torch

from oasis_studio.core.models.card import ModelCard, ReaderCard
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home
from oasis_studio.synthesis.models.checkpoint import add_reader, open_reader
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_studio.synthesis.rendering.device import choose_device
from oasis_training import state
from oasis_training.commands.command import DEVICES, at_least, finish, seconds
from oasis_training.events import Events, StopFlag
from oasis_training.pairs.dataset import Pair, find_pairs, split
from oasis_training.pairs.labelled_photos import read_labelled
from oasis_training.reading.fitting import ReaderFitting
from oasis_training.reading.measured import reading_figures
from oasis_training.reading.recipe import ReaderRecipe
from oasis_training.recipe import Source

_MOST_JUDGED = 256


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the reader is stored, 2 after an expected failure, 130 when interrupted."""
    use_language()
    arguments = _arguments(argv)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    return finish(lambda: _fit(arguments))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="oasis-studio model reader",
        description=_("Fit a reader of photos to labelled photos and store it with a model."),
    )
    add = parser.add_argument
    add("model", help=_("Id, name or folder of the model."))
    add("data", type=Path, metavar="DATA", help=_("Photos in images/, label PNGs in labels/."))
    add("--recipe", type=Path, help=_("A reader's recipe, whose sources are in DATA."))
    add("--images", type=at_least(8), help=_("How many crops are seen in all."))
    anew = _("Begin with the backbone, not with the reader that the model has.")
    add("--anew", action="store_true", help=anew)
    add("--out", type=Path, help=_("Folder that keeps the state of the work."))
    add("--budget", type=seconds, help=_("Stop and store the reader after this time: 90s, 25m, 1.5h."))
    add("--resume", action="store_true", help=_("Go on where the last call stopped."))
    add("--device", default="auto", choices=DEVICES)
    add("--threads", type=int, default=0)
    return parser.parse_args(argv)


def _fit(arguments: argparse.Namespace) -> None:
    library, device = default_library(), choose_device(arguments.device)
    folder, card = library.find(arguments.model)
    recipe, data = _recipe(arguments, card)
    work: Path = arguments.out or home("readers") / card.id
    if state.has_state(work) and not arguments.resume:
        raise StudioError(
            _("A reader is being fitted in {folder} already.").format(folder=work),
            _("Continue it with --resume, or choose another folder with --out."),
        )
    pairs, held_out = split(find_pairs(data, recipe.sources), recipe.held_out)
    work.mkdir(parents=True, exist_ok=True)
    events = Events(work)
    begin_with = open_reader(folder, card) if card.reader is not None and not arguments.anew else None
    fitting = ReaderFitting(recipe, card.palette, pairs, work, device, begin_with)
    if arguments.resume and state.has_state(work):
        fitting.resume()
    events.write("started", recipe=recipe.name, device=str(device), photos=len(fitting.photos), held_out=len(held_out))
    stop = StopFlag(arguments.budget, watch_stdin=False)
    signal.signal(signal.SIGINT, stop.close)
    signal.signal(signal.SIGTERM, stop.close)
    fitting.run(lambda: bool(stop), events)
    if fitting.photos.problems:
        events.write("left_out", **fitting.photos.problems.to_json())
    _store(folder, card, fitting, held_out, events)


def _recipe(arguments: argparse.Namespace, card: ModelCard) -> tuple[ReaderRecipe, Path]:
    """The recipe, and the folder that its sources are in."""
    data: Path = arguments.data.resolve()
    if arguments.recipe is not None:
        recipe = ReaderRecipe.read(arguments.recipe)
    else:
        recipe, data = ReaderRecipe(card.id, card.palette.name, (Source(data.name),)), data.parent
    return (recipe if arguments.images is None else dataclasses.replace(recipe, images=arguments.images)), data


def _store(folder: Path, card: ModelCard, fitting: ReaderFitting, held_out: list[Pair], events: Events) -> None:
    """Measure the reader on held-out photos, store it, and say so."""
    recipe, progress = fitting.recipe, fitting.progress
    facts = {
        "sources": list(recipe.credits),
        "terms": recipe.terms,
        "photos": len(fitting.photos),
        "images_seen": progress.images,
        "minutes": round(progress.seconds / 60, 1),
    }
    reader = PhotoReader(fitting.network, recipe.sides, fitting.device)
    figures = held_out_figures(reader, held_out, recipe, card)
    add_reader(folder, card, fitting.network, ReaderCard({}, recipe.sides, facts, figures))
    events.write("metric", images=progress.images, **figures)
    events.write("published", folder=str(folder), images=progress.images)


def held_out_figures(reader: PhotoReader, pairs: list[Pair], recipe: ReaderRecipe, card: ModelCard) -> dict[str, Any]:
    """How well held-out photos of the recipe's first source are read, and under ``others`` those of every other one.

    At most 256 photos of each source count.
    """
    found = {}
    for source in recipe.sources:
        own = [pair for pair in pairs if pair.name.startswith(f"{source.folder}/")][:_MOST_JUDGED]
        if own:
            photos = read_labelled(own, recipe.short, len(card.palette))
            found[source.folder] = reading_figures(reader, photos, card.palette)
    if not found:
        return {}
    (first, figures), *others = found.items()
    return figures | {"source": first, "others": dict(others)}


if __name__ == "__main__":
    sys.exit(main())
