"""``python -m oasis_training.commands.reading MODEL DATA``: a reader, fitted to labelled photos, beside a model."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from pathlib import Path

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
from oasis_training.commands.training import parse_budget
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
    try:
        if arguments.threads:
            torch.set_num_threads(arguments.threads)
        _fit(arguments)
    except StudioError as error:
        print(_("error: {message}").format(message=error.message) + f"\n{error.hint}".rstrip(), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oasis-studio model reader", description=__doc__)
    parser.add_argument("model", help=_("id, name or folder of the model"))
    parser.add_argument(
        "data", type=Path, help=_("folder with images/ and labels/, or what the recipe's sources are in")
    )
    parser.add_argument("--recipe", type=Path, default=None, help=_("a reader's recipe; without one the usual values"))
    parser.add_argument("--images", type=int, default=None, help=_("how many crops are seen in all"))
    parser.add_argument("--anew", action="store_true", help=_("begin with the backbone, not with the model's reader"))
    parser.add_argument("--out", type=Path, default=None, help=_("folder that keeps the state of the work"))
    parser.add_argument("--budget", type=parse_budget, default=None, help=_("end and store the reader after this time"))
    parser.add_argument("--resume", action="store_true", help=_("go on where the last call stopped"))
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
    parser.add_argument("--threads", type=int, default=0)
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


def held_out_figures(reader: PhotoReader, pairs: list[Pair], recipe: ReaderRecipe, card: ModelCard) -> dict:
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
