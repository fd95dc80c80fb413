"""``oasis-studio evaluate``: starts the training package, which knows how to judge pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oasis_studio.cli.child import run_module
from oasis_studio.i18n import _

_MODULE = "oasis_training.commands.evaluation"


def evaluate(
    places: Annotated[
        list[str],
        typer.Argument(metavar="MODEL… DATA", help=_("Models, and last the folder with labelled photos.")),
    ],
    recipe: Annotated[
        Path | None, typer.Option(help=_("A recipe whose sources are in DATA: the photos it holds out are used."))
    ] = None,
    limit: Annotated[int | None, typer.Option(min=8, help=_("Use no more label maps than this (default 300)."))] = None,
    size: Annotated[
        int | None, typer.Option(min=32, help=_("Pixels of the square pictures (default: the first model's own)."))
    ] = None,
    takes_all: Annotated[
        bool, typer.Option("--all", help=_("Use every pair, not only held-out ones: for data no model was trained on."))
    ] = False,
    classes: Annotated[str | None, typer.Option(help=_("Class list of the data: a file, or a name."))] = None,
    reader: Annotated[
        list[str] | None,
        typer.Option(help=_("Model whose reader says what pictures show; may be given more than once.")),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help=_("Write all numbers to this file."))] = None,
    report: Annotated[Path | None, typer.Option(help=_("Write numbers and pictures to this HTML file."))] = None,
    inception: Annotated[
        Path | None,
        typer.Option(help=_("Your own TorchScript Inception: adds FID. It can run code: trust its source.")),
    ] = None,
    own_segmenter: Annotated[
        Path | None, typer.Option(help=_("Your own TorchScript segmenter: adds its mean IoU. Trust its source."))
    ] = None,
    device: Annotated[str | None, typer.Option(help=_("auto, cpu, cuda or mps."))] = None,
) -> None:
    """Judge models side by side."""
    given = _given(recipe=recipe, classes=classes, device=device, limit=limit, size=size, json=json_file)
    given += _given(report=report, inception=inception) + (["--all"] if takes_all else [])
    given += [f"--own-segmenter={own_segmenter}"] if own_segmenter else []
    given += [f"--reader={name}" for name in reader or []]
    raise typer.Exit(run_module(_MODULE, *given, "--", *places))


def _given(**options: object) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items() if value is not None]
