"""``python -m oasis_training.evaluation segmenter``: the work behind ``oasis-studio evaluate``."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
from pathlib import Path

import torch

from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home, resource
from oasis_studio.synthesis.device import choose_device
from oasis_training import state
from oasis_training.__main__ import parse_budget
from oasis_training.evaluation.segmenter_recipe import SegmenterRecipe
from oasis_training.evaluation.segmenter_training import SegmenterTraining
from oasis_training.events import StopFlag
from oasis_training.recipe import Source


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the work is done, 2 after an expected failure, 130 when interrupted."""
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
    for verb in (training,):
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


def read_classes(name: str, beside: Path) -> Palette:
    """A class list of the program by name, or a JSON file of that name in the folder ``beside``."""
    shipped = resource("classes", f"{name}.json")
    return Palette.read(shipped if shipped.is_file() else beside / name)


if __name__ == "__main__":
    sys.exit(main())
