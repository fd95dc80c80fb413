"""``python -m oasis_training.evaluation judge|segmenter``: the work behind ``oasis-studio evaluate``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from rich.console import Console

from oasis_studio.core.files.atomic import write_atomically
from oasis_studio.core.language import use_language
from oasis_studio.core.library import default_library
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home
from oasis_studio.synthesis.device import choose_device
from oasis_training import state
from oasis_training.__main__ import parse_budget
from oasis_training.datasets.report import console
from oasis_training.evaluation.data_place import DataPlace, read_classes
from oasis_training.evaluation.judging import find_judges, judge
from oasis_training.evaluation.page import write_page
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.scenes import Choice, read_scenes
from oasis_training.evaluation.segmenter_recipe import SegmenterRecipe
from oasis_training.evaluation.segmenter_training import SegmenterTraining
from oasis_training.evaluation.table import print_judgement
from oasis_training.events import StopFlag
from oasis_training.recipe import Source


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the work is done, 2 after an expected failure, 130 when interrupted."""
    use_language()
    arguments = _arguments(argv)
    try:
        if arguments.threads:
            torch.set_num_threads(arguments.threads)
        arguments.run(arguments)
    except (StudioError, OSError) as error:
        hint = getattr(error, "hint", "")
        print(_("error: {message}").format(message=error) + (f"\n{hint}" if hint else ""), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oasis-studio evaluate", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    training = verbs.add_parser("segmenter")
    training.set_defaults(run=_train_segmenter)
    training.add_argument("data", type=Path)
    training.add_argument("--recipe", type=Path, default=None)
    training.add_argument("--classes", default=None)
    training.add_argument("--out", type=Path, default=None)
    training.add_argument("--images", type=int, default=None)
    training.add_argument("--seed", type=int, default=None)
    training.add_argument("--budget", type=parse_budget, default=None)
    training.add_argument("--resume", action="store_true")
    judging = verbs.add_parser("judge")
    judging.set_defaults(run=_judge)
    judging.add_argument("places", nargs="+", metavar="MODEL… DATA")
    judging.add_argument("--recipe", type=Path, default=None)
    judging.add_argument("--classes", default=None)
    judging.add_argument("--segmenter", type=Path, action="append", default=[])
    judging.add_argument("--size", type=int, default=None)
    judging.add_argument("--limit", type=int, default=300)
    judging.add_argument("--all", action="store_true", dest="takes_all")
    judging.add_argument("--inception", type=Path, default=None)
    judging.add_argument("--own-segmenter", type=Path, default=None)
    judging.add_argument("--report", type=Path, default=None)
    judging.add_argument("--json", type=Path, default=None, dest="json_file")
    for verb in (training, judging):
        verb.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
        verb.add_argument("--threads", type=int, default=0)
    return parser.parse_args(argv)


def _train_segmenter(arguments: argparse.Namespace) -> None:
    data: Path = arguments.data
    if arguments.recipe is not None:
        recipe = SegmenterRecipe.read(arguments.recipe)
    else:
        data = data.resolve()
        classes = arguments.classes or "classes.json"
        recipe = SegmenterRecipe(data.name, classes, (Source(data.name),))
        data = data.parent
    given = {name: getattr(arguments, name) for name in ("images", "seed") if getattr(arguments, name) is not None}
    recipe = dataclasses.replace(recipe, **given)
    folder: Path = arguments.out or home("segmenters") / recipe.name
    if state.has_state(folder) and not arguments.resume:
        raise StudioError(
            _("There is a segmenter in training in {folder} already.").format(folder=folder),
            _("Continue it with --resume, or choose another folder with --out."),
        )
    beside = arguments.recipe.parent if arguments.recipe else arguments.data
    palette = read_classes(recipe.classes, beside)
    folder.mkdir(parents=True, exist_ok=True)
    stop = StopFlag(arguments.budget, watch_stdin=False)
    signal.signal(signal.SIGINT, stop.close)
    signal.signal(signal.SIGTERM, stop.close)
    training = SegmenterTraining(recipe, palette, data, folder, choose_device(arguments.device))
    if arguments.resume and state.has_state(folder):
        training.resume()
    training.run(stop)


def _judge(arguments: argparse.Namespace) -> None:
    *models, place = arguments.places
    if not models:
        raise StudioError(_("Say which models and which data: evaluate MODEL [MODEL …] DATA."))
    data = DataPlace.read(Path(place), arguments.recipe)
    library = default_library()
    palette = data.palette(arguments.classes) or library.find(models[0])[1].palette
    painters = [Painter(library, model, palette, arguments.device) for model in models]
    size = arguments.size or min(painters[0].card.native_size)
    choice = Choice(data.sources, 1 if arguments.takes_all else data.held_out, arguments.limit)
    device = choose_device(arguments.device)
    judges = find_judges(palette, arguments.segmenter, device, arguments.inception, arguments.own_segmenter)
    with _status() as advance:
        advance(_("reading photos"))
        scenes = read_scenes(data.root, choice, palette, size)
        judgement = judge(scenes, painters, judges, place, advance)
    print_judgement(judgement, console())
    if arguments.report is not None:
        write_page(arguments.report, judgement, scenes.labels)
    if arguments.json_file is not None:
        text = json.dumps(judgement.to_json(), indent=2, ensure_ascii=False) + "\n"
        write_atomically(arguments.json_file, lambda stream: stream.write(text.encode()))


@contextmanager
def _status() -> Iterator[Callable[[str], object]]:
    """What is being done, on stderr while somebody is watching."""
    to = Console(stderr=True)
    if not to.is_terminal:
        yield lambda _text: None
        return
    with to.status("") as status:
        yield status.update


if __name__ == "__main__":
    sys.exit(main())
