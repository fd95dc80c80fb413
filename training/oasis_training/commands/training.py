"""``python -m oasis_training RECIPE --data DIR --out DIR``: one run, JSON lines on stdout."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import torch

from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.core.work.run_folder import RunLock
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.rendering.device import PRECISIONS, choose_device, has_fast_bf16
from oasis_training import state
from oasis_training.commands.command import DEVICES, at_least, failed, seconds
from oasis_training.events import Events
from oasis_training.learning.ranks import Ranks, join, leave
from oasis_training.run.control import Budget, Control, SharedControl
from oasis_training.run.freed_memory import keep_freed_memory
from oasis_training.run.launch import launch
from oasis_training.run.measure import measure
from oasis_training.run.priority import lower_priority
from oasis_training.run.run import Run
from oasis_training.run.tensorboard import open_log
from oasis_training.run.trainer import Trainer


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="oasis-studio train", description=_("Train or fine-tune a model with a recipe.")
    )
    add = parser.add_argument
    add("recipe", type=Path, help=_("The recipe, a JSON file; or the folder of a run that is to go on."))
    add("--data", type=Path, help=_("Folder with the photos and label maps."))
    add("--out", type=Path, help=_("Folder of the run (default: in your own runs)."))
    add("--budget", type=seconds, help=_("Stop and publish after this time: 90s, 25m, 1.5h."))
    add("--cpu-budget", type=seconds, help=_("the same in processor time, all threads"))
    add("--resume", action="store_true", help=_("Go on where the run stopped."))
    add("--start-from", help=_("begin with a published model's weights"))
    add("--device", default="auto", choices=DEVICES)
    add("--precision", default="auto", choices=PRECISIONS, help=_("of the convolutions"))
    add("--threads", type=int, default=0)
    add("--background", action="store_true", help=_("Let other programs go first."))
    add("--no-install", action="store_true", help=_("leave the model in the run's folder"))
    add("--watch-stdin", action="store_true", help=_("take commands from stdin; its end means stop"))
    add("--workers", type=at_least(1), default=1, help=_("Processes that share every batch."))
    add("--tensorboard", action="store_true", help=_("Write logs for TensorBoard."))
    add("--measure", action="store_true", help=_("take ten steps, say what they cost, and end"))
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when saved and published, 2 after an expected failure."""
    use_language()
    arguments = _arguments(argv)
    is_first = int(os.environ.get("RANK", "0")) == 0
    try:
        run = Run.read(arguments.recipe, arguments.data, arguments.out)
        if not arguments.measure:
            if is_first:  # the others would see what the first one has just begun to write
                run.require_distinct(arguments.recipe)
            run.folder.mkdir(parents=True, exist_ok=True)
    except (StudioError, OSError) as error:
        return failed(error)
    events = Events(None if arguments.measure else run.folder, is_silent=not is_first)
    try:
        _prepare(arguments)
        if arguments.measure:
            _measure(arguments, run, events)
        elif arguments.workers > 1 and "RANK" not in os.environ:
            return launch(arguments.workers, main, argv or sys.argv[1:], run.folder, arguments.watch_stdin)
        else:
            with RunLock(run.folder) if is_first else nullcontext():
                _train(arguments, run, events)
    except (StudioError, OSError) as error:
        return failed(error, events)
    return 0


def _prepare(arguments: argparse.Namespace) -> None:
    keep_freed_memory()
    if arguments.background:
        lower_priority()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)


def _measure(arguments: argparse.Namespace, run: Run, events: Events) -> None:
    device = choose_device(arguments.device)
    events.write("measured", **measure(run.recipe, run.palette, run.data, device, _uses_bf16(arguments, device)))


def _uses_bf16(arguments: argparse.Namespace, device: torch.device) -> bool:
    return arguments.precision == "bf16" or (arguments.precision == "auto" and has_fast_bf16(device))


def _train(arguments: argparse.Namespace, run: Run, events: Events) -> None:
    is_resumed = (arguments.resume or run.is_continued) and state.has_state(run.folder)
    if state.has_state(run.folder) and not is_resumed:
        raise StudioError(
            _("There is a run in {folder} already.").format(folder=run.folder),
            _("Continue it with --resume, or choose another folder with --out."),
        )
    if arguments.start_from:
        run = replace(run, recipe=replace(run.recipe, base=arguments.start_from))
    budget = Budget(arguments.budget, arguments.cpu_budget)
    control = Control(run.folder, budget, arguments.watch_stdin and "RANK" not in os.environ)
    signal.signal(signal.SIGINT, control.stop)
    signal.signal(signal.SIGTERM, control.stop)
    ranks = join()
    try:
        if ranks.size > 1:
            control = SharedControl(control, ranks)
        if ranks.is_first:
            run.write()
        if arguments.tensorboard and ranks.is_first:
            events.listen(open_log(run.folder))
        trainer = _trainer(arguments, run, events, ranks)
        if is_resumed:
            trainer.resume(keeps_precision=arguments.precision == "auto")
        elif run.recipe.base:
            trainer.start_from(default_library().find(run.recipe.base)[0])
        trainer.run(control)
    finally:
        leave(ranks)


def _trainer(arguments: argparse.Namespace, run: Run, events: Events, ranks: Ranks) -> Trainer:
    device = choose_device(arguments.device)
    if device.type == "cuda" and ranks.size > 1:
        device = torch.device("cuda", torch.cuda.current_device())
    bf16 = bool(ranks.told_by_first(_uses_bf16(arguments, device)))
    trainer = Trainer(run.recipe, run.palette, run.data, run.folder, device, bf16, ranks, events)
    trainer.library = None if arguments.no_install else default_library()
    return trainer
