"""``python -m oasis_training RECIPE --data DIR --out DIR``: one run, JSON lines on stdout."""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
from pathlib import Path

import torch

from oasis_studio.core.library import default_library
from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.paths import home, resource
from oasis_studio.synthesis.device import choose_device, has_fast_bf16
from oasis_training import state
from oasis_training.events import Events, StopFlag
from oasis_training.recipe import Recipe
from oasis_training.trainer import Trainer


def parse_budget(text: str) -> float:
    """``90s``, ``25m`` or ``1.5h`` in seconds."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 90s, 25m or 1.5h")
    return float(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]]


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oasis_training", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, default=Path())
    parser.add_argument("--out", type=Path, default=None, help="run folder (default: in the person's own runs)")
    parser.add_argument("--budget", type=parse_budget, default=None, help="stop, save and publish after this time")
    parser.add_argument("--resume", action="store_true", help="go on where the run in --out stopped")
    parser.add_argument("--start-from", type=Path, default=None, help="begin with a published model's weights")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--no-install", action="store_true", help="leave the model in the run's folder")
    parser.add_argument("--watch-stdin", action="store_true", help="stop when stdin is closed")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when saved and published, 2 after an expected failure."""
    arguments = _arguments(argv)
    try:
        recipe = Recipe.read(arguments.recipe)
        folder: Path = arguments.out or home("runs") / recipe.name
        folder.mkdir(parents=True, exist_ok=True)
    except (StudioError, OSError) as error:
        return _failed(error)
    try:
        _train(arguments, recipe, folder)
    except (StudioError, OSError) as error:
        return _failed(error, Events(folder))
    return 0


def _failed(error: StudioError | OSError, events: Events | None = None) -> int:
    hint = getattr(error, "hint", "")
    if events is not None:
        events.write("failed", message=str(error), hint=hint)
    print(f"error: {error}" + (f"\n{hint}" if hint else ""), file=sys.stderr)
    return 2


def _train(arguments: argparse.Namespace, recipe: Recipe, folder: Path) -> None:
    if state.has_state(folder) and not arguments.resume:
        raise StudioError(
            _("There is a run in {folder} already.").format(folder=folder),
            _("Continue it with --resume, or choose another folder with --out."),
        )
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    stop = StopFlag(arguments.budget, arguments.watch_stdin)
    signal.signal(signal.SIGINT, stop.close)
    signal.signal(signal.SIGTERM, stop.close)
    palette = _palette(recipe, arguments.recipe.parent)
    device = choose_device(arguments.device)
    (folder / "recipe.json").write_text(json.dumps(recipe.to_json(), indent=2), encoding="utf-8")
    trainer = Trainer(recipe, palette, arguments.data, folder, device, bf16=has_fast_bf16(device))
    if arguments.resume and state.has_state(folder):
        trainer.resume()
    elif arguments.start_from is not None:
        trainer.start_from(arguments.start_from)
    trainer.library = None if arguments.no_install else default_library()
    trainer.run(stop)


def _palette(recipe: Recipe, beside: Path) -> Palette:
    """A class list of the program by name, or a JSON file beside the recipe."""
    shipped = resource("classes", f"{recipe.classes}.json")
    return Palette.read(shipped if shipped.is_file() else beside / recipe.classes)


if __name__ == "__main__":
    sys.exit(main())
