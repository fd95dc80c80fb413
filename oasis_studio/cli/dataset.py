"""``oasis-studio dataset``: starts the training package, which knows the formats of labelled photos."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oasis_studio.cli.child import run_module
from oasis_studio.i18n import _

_MODULE = "oasis_training.commands.datasets"

Source = Annotated[
    str, typer.Argument(metavar="FOLDER", help=_("Folder with labelled photos, a .tar file, pipe:COMMAND or -."))
]
FormatOption = Annotated[str | None, typer.Option("--format", help=_("Name of the format, if it is not seen."))]
ClassesOption = Annotated[
    str | None,
    typer.Option(help=_("Class list for formats that have none: a file, or outdoor8, ade20k, cityscapes, coco_stuff.")),
]


def verbs() -> typer.Typer:
    """The verbs below ``dataset``."""
    group = typer.Typer(no_args_is_help=True)
    group.command("check", help=_("Say what format labelled photos have and what is wrong with them."))(check)
    group.command("doctor", help=_("Rank photos and regions that are probably mislabelled."))(doctor)
    group.command("convert", help=_("Write labelled photos as the trainer reads them."))(convert)
    return group


def check(
    folder: Source,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print everything that was found as JSON."))] = False,
    format_name: FormatOption = None,
    classes: ClassesOption = None,
) -> None:
    """Exit code 0 once everything was looked at, whatever was found."""
    options = ["--json"] if as_json else []
    _run("check", [folder], [*options, *_given(format=format_name, classes=classes)])


def doctor(
    folder: Source,
    model: Annotated[str, typer.Option(help=_("The model that reads the photos."))],
    as_json: Annotated[bool, typer.Option("--json", help=_("Print everything that was found as JSON."))] = False,
    format_name: FormatOption = None,
    classes: ClassesOption = None,
    device: Annotated[str | None, typer.Option(help=_("auto, cpu, cuda or mps."))] = None,
) -> None:
    """Exit code 0 once everything was looked at, whatever was found."""
    options = ["--json"] if as_json else []
    _run("doctor", [folder], [*options, *_given(model=model, format=format_name, classes=classes, device=device)])


def convert(
    folder: Source,
    out: Annotated[Path, typer.Argument(help=_("Folder to write: images, labels, classes.json, manifest.csv."))],
    class_map: Annotated[
        Path | None, typer.Option("--map", help=_('JSON file: {"old class": "new class", "another": null}.'))
    ] = None,
    format_name: FormatOption = None,
    classes: ClassesOption = None,
    short_side: Annotated[int | None, typer.Option(min=1, help=_("Scale larger photos down to this."))] = None,
    limit: Annotated[int | None, typer.Option(min=1, help=_("Write no more pairs than this."))] = None,
    leave_out: Annotated[Path | None, typer.Option(help=_("JSON list of names of pairs to pass over."))] = None,
    fit_labels: Annotated[
        bool, typer.Option("--fit-labels", help=_("Scale a label map of another size to its photo."))
    ] = False,
) -> None:
    """Pairs that cannot be used are left out and named."""
    options = {"map": class_map, "format": format_name, "classes": classes, "short-side": short_side, "limit": limit}
    flags = ["--fit-labels"] if fit_labels else []
    _run("convert", [folder, str(out)], [*flags, *_given(**options, **{"leave-out": leave_out})])


def _given(**options: object) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items() if value is not None]


def _run(verb: str, places: list[str], options: list[str]) -> None:
    raise typer.Exit(run_module(_MODULE, verb, *options, "--", *places))
