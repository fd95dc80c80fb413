"""``python -m oasis_training.commands.datasets check|convert|doctor``: the work behind ``oasis-studio dataset``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from oasis_studio.core.disk.whole_files import read_json
from oasis_studio.core.models.library import default_library
from oasis_studio.core.program.language import use_language
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_training.commands.command import DEVICES, at_least, finish
from oasis_training.datasets.check import check
from oasis_training.datasets.class_lists import named_class_list
from oasis_training.datasets.convert import Choice, classes_of, convert
from oasis_training.datasets.formats import formats, open_dataset
from oasis_training.datasets.mapping import read_map, renumbered
from oasis_training.datasets.model import Dataset
from oasis_training.datasets.report import console, print_findings


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the work is done, whatever was found; 2 after an expected failure, 130 when interrupted."""
    use_language()
    arguments = _arguments(argv)
    return finish(lambda: arguments.run(arguments))


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="oasis-studio dataset", description=_("Check labelled photos and convert them for training.")
    )
    verbs = parser.add_subparsers(required=True)
    checking = verbs.add_parser("check", help=_("Say what format labelled photos have and what is wrong with them."))
    checking.set_defaults(run=_check)
    converting = verbs.add_parser("convert", help=_("Write labelled photos as the trainer reads them."))
    converting.set_defaults(run=_convert)
    doctoring = verbs.add_parser("doctor", help=_("Rank photos and regions that are probably mislabelled."))
    doctoring.set_defaults(run=_doctor)
    lists = _("Class list for formats that have none: a file, or outdoor8, ade20k, cityscapes, coco_stuff.")
    for verb in (checking, converting, doctoring):
        verb.add_argument(
            "source", metavar="FOLDER", help=_("Folder with labelled photos, a .tar file, pipe:COMMAND or -.")
        )
        verb.add_argument("--format", choices=formats(), help=_("Name of the format, if it is not seen."))
        verb.add_argument("--classes", help=lists)
        verb.add_argument("--watched", action="store_true", help=argparse.SUPPRESS)
    for verb in (checking, doctoring):
        verb.add_argument(
            "--json", action="store_true", dest="as_json", help=_("Print everything that was found as JSON.")
        )
    doctoring.add_argument("--model", required=True, help=_("The model that reads the photos."))
    doctoring.add_argument("--device", default="auto", choices=DEVICES)
    add = converting.add_argument
    add("out", type=Path, help=_("Folder to write: images, labels, classes.json, manifest.csv."))
    add("--map", type=Path, help=_('JSON file: {"old class": "new class", "another": null}.'))
    add("--short-side", type=at_least(1), help=_("Scale larger photos down to this."))
    add("--limit", type=at_least(1), help=_("Write no more pairs than this."))
    add("--leave-out", type=Path, help=_("JSON list of names of pairs to pass over."))
    add("--fit-labels", action="store_true", help=_("Scale a label map of another size to its photo."))
    return parser.parse_args(argv)


def _check(arguments: argparse.Namespace) -> None:
    dataset = _open(arguments)
    with _progress(dataset, _("Checking"), arguments.watched) as advance:
        found = check(dataset, advance)
    if arguments.as_json:
        print(json.dumps({"source": arguments.source} | found.to_json(), indent=2, ensure_ascii=False))
    else:
        print_findings(found, console())


def _doctor(arguments: argparse.Namespace) -> None:
    from oasis_studio.synthesis.photos.reading import PhotoReader
    from oasis_studio.synthesis.rendering.device import choose_device  # torch, which the other verbs do not need
    from oasis_training.doctor.doctor import diagnose
    from oasis_training.doctor.report import print_diagnosis

    folder, card = default_library().find(arguments.model)
    reader = PhotoReader.open(folder, card, choose_device(arguments.device))
    dataset = _open(arguments)
    with _progress(dataset, _("Examining"), arguments.watched) as advance:
        found = diagnose(dataset, reader, card.palette, card.id, advance)
    if arguments.as_json:
        print(json.dumps({"source": arguments.source} | found.to_json(), indent=2, ensure_ascii=False))
    else:
        print_diagnosis(found, console())


def _convert(arguments: argparse.Namespace) -> None:
    dataset = _open(arguments)
    name = arguments.out.resolve().name
    classes = classes_of(dataset)
    class_map = renumbered(classes, name) if arguments.map is None else read_map(arguments.map, classes, name)
    choice = Choice(arguments.short_side, arguments.limit, _names(arguments.leave_out), arguments.fit_labels)
    with _progress(dataset, _("Writing"), arguments.watched) as advance:
        written = convert(dataset, arguments.out, class_map, choice, advance)
    text = ngettext("{count} pair written to {folder}.", "{count} pairs written to {folder}.", written.pairs)
    print(text.format(count=written.pairs, folder=arguments.out))
    if class_map.left_out:
        print(_("Classes that are no longer there: {names}.").format(names=", ".join(class_map.left_out)))
    for note in written.notes.sentences():
        print(note)
    for pair, shape in written.shapes:
        print(_("not drawn: {name}: {shape}").format(name=pair, shape=shape), file=sys.stderr)
    for pair, reason in written.left_out:
        print(_("left out: {name}: {reason}").format(name=pair, reason=reason), file=sys.stderr)


def _open(arguments: argparse.Namespace) -> Dataset:
    given = None if arguments.classes is None else named_class_list(arguments.classes)
    return open_dataset(arguments.source, arguments.format, given)


def _names(path: Path | None) -> frozenset[str]:
    """Names of pairs from a JSON list."""
    if path is None:
        return frozenset()
    names = read_json(path)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise StudioError(_("{path} must be a JSON list of names.").format(path=path))
    return frozenset(names)


class _Told:
    """Prints how far it is, ten times a second at most."""

    def __init__(self, total: int) -> None:
        self._done, self._total, self._told = 0, total, 0.0
        self._tell()

    def __call__(self) -> None:
        self._done += 1
        if time.monotonic() - self._told > 0.1 or self._done == self._total:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        print(json.dumps({"done": self._done, "total": self._total}), file=sys.stderr, flush=True)


@contextmanager
def _progress(dataset: Dataset, title: str, is_watched: bool) -> Iterator[Callable[[], object]]:
    """A bar on stderr while somebody sits at the terminal; JSON lines there for a program that watches."""
    if is_watched:
        yield _Told(len(dataset.pairs) if isinstance(dataset.pairs, list) else 0)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        total = len(dataset.pairs) if isinstance(dataset.pairs, list) else None
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


if __name__ == "__main__":
    sys.exit(main())
