"""``python -m oasis_training.commands.evaluation``: the work behind ``oasis-studio evaluate``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from rich.console import Console

from oasis_studio.core.disk.atomic import write_json
from oasis_studio.core.disk.distinct import is_same_file, require_distinct
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.rendering.device import choose_device
from oasis_training.commands.command import DEVICES, at_least, finish
from oasis_training.datasets.report import console
from oasis_training.evaluation.data_place import DataPlace
from oasis_training.evaluation.judging import find_judges, judge
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.report.page import write_page
from oasis_training.evaluation.report.table import print_judgement
from oasis_training.evaluation.scenes import Choice, read_scenes
from oasis_training.events import Events


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the work is done, 2 after an expected failure, 130 when interrupted."""
    use_language()
    arguments = _arguments(argv)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    return finish(lambda: _judge(arguments))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="oasis-studio evaluate", description=_("Measure how good models are, side by side.")
    )
    add = parser.add_argument
    add("places", nargs="+", metavar="MODEL… DATA", help=_("Models, and last the folder with labelled photos."))
    add("--recipe", type=Path, help=_("A recipe whose sources are in DATA: the photos it holds out are used."))
    add("--limit", type=at_least(8), default=300, help=_("Use no more label maps than this (default 300)."))
    add("--size", type=at_least(32), help=_("Pixels of the square pictures (default: the first model's own)."))
    all_pairs = _("Use every pair, not only held-out ones: for data no model was trained on.")
    add("--all", action="store_true", dest="takes_all", help=all_pairs)
    add("--classes", help=_("Class list of the data: a file, or a name."))
    readers = _("Model whose reader says what pictures show; may be given more than once.")
    add("--reader", action="append", default=[], help=readers)
    add("--json", type=Path, dest="json_file", help=_("Write all numbers to this file."))
    add("--events", action="store_true", help=_("Say what is being done as JSON lines, and print no table."))
    add("--report", type=Path, help=_("Write numbers and pictures to this HTML file."))
    inception = _("Your own TorchScript Inception: adds FID. It can run code: trust its source.")
    add("--inception", type=Path, help=inception)
    segmenter = _("Your own TorchScript segmenter: adds its mean IoU. Trust its source.")
    add("--own-segmenter", type=Path, help=segmenter)
    add("--device", default="auto", choices=DEVICES)
    add("--threads", type=int, default=0)
    return parser.parse_args(argv)


def _judge(arguments: argparse.Namespace) -> None:
    *models, place = arguments.places
    if not models:
        raise StudioError(_("Say which models and which data: evaluate MODEL [MODEL …] DATA."))
    data = DataPlace.read(Path(place), arguments.recipe)
    library = default_library()
    _require_outputs(arguments, [*(library.find(model)[0] for model in models), Path(place)])
    palette = data.palette(arguments.classes) or library.find(models[0])[1].palette
    painters = [Painter(library, model, palette, arguments.device) for model in models]
    size = arguments.size or min(painters[0].card.native_size)
    choice = Choice(data.sources, 1 if arguments.takes_all else data.held_out, arguments.limit)
    device = choose_device(arguments.device)
    judges = find_judges(library, palette, arguments.reader, device, arguments.inception, arguments.own_segmenter)
    with _status(arguments.events) as advance:
        advance(_("reading photos"))
        scenes = read_scenes(data.root, choice, palette, size)
        judgement = judge(scenes, painters, judges, place, advance)
    if not arguments.events:
        print_judgement(judgement, console())
    if arguments.report is not None:
        write_page(arguments.report, judgement, scenes.labels)
    if arguments.json_file is not None:
        write_json(arguments.json_file, judgement.to_json())


def _require_outputs(arguments: argparse.Namespace, places: list[Path]) -> None:
    """StudioError, before hours of work, if a report would be written over what is read or over the other report."""
    named = [Path(name) for name in (*arguments.reader, arguments.classes) if name]
    read = [*places, *named, arguments.recipe, arguments.inception, arguments.own_segmenter]
    wanted = [path for path in (arguments.report, arguments.json_file) if path is not None]
    for path in wanted:
        require_distinct(path, read)
    if len(wanted) == 2 and (wanted[0].resolve() == wanted[1].resolve() or is_same_file(*wanted)):
        raise StudioError(_("--report and --json name the same file."), _("Give each a name of its own."))


@contextmanager
def _status(as_events: bool) -> Iterator[Callable[[str], object]]:
    """What is being done, on stderr while somebody is watching, or as events on stdout."""
    if as_events:
        events = Events(None)
        yield lambda text: events.write("stage", text=text)
        return
    to = Console(stderr=True)
    if not to.is_terminal:
        yield lambda _text: None
        return
    with to.status("") as status:
        yield status.update


if __name__ == "__main__":
    sys.exit(main())
