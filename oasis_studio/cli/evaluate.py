"""``oasis-studio evaluate``: starts the training package, which knows how to judge pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oasis_studio.cli.child import run_module
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_MODULE = "oasis_training.evaluation"


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
    segmenter: Annotated[
        list[Path] | None, typer.Option(help=_("Folder of an evaluation segmenter; may be given more than once."))
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
    trains: Annotated[
        bool, typer.Option("--train-segmenter", help=_("Train the segmenter that judges, on the photos in DATA."))
    ] = False,
    out: Annotated[Path | None, typer.Option(help=_("Folder of the segmenter in training."))] = None,
    budget: Annotated[str | None, typer.Option(help=_("Stop that training after this time: 90s, 25m, 1.5h."))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=_("Go on where that training stopped."))] = False,
) -> None:
    """Judge models side by side, or train who judges them."""
    shared = _given(recipe=recipe, classes=classes, device=device)
    training = _given(out=out, budget=budget) + (["--resume"] if resume else [])
    judging = _given(limit=limit, size=size, json=json_file, report=report) + (["--all"] if takes_all else [])
    judging += _given(inception=inception) + ([f"--own-segmenter={own_segmenter}"] if own_segmenter else [])
    judging += [f"--segmenter={folder}" for folder in segmenter or []]
    if trains:
        if judging or len(places) != 1:
            raise StudioError(_("--train-segmenter takes DATA alone; models are judged by another call."))
        raise typer.Exit(run_module(_MODULE, "segmenter", *shared, *training, "--", *places))
    if training:
        raise StudioError(_("--out, --budget and --resume belong to --train-segmenter."))
    raise typer.Exit(run_module(_MODULE, "judge", *shared, *judging, "--", *places))


def _given(**options: object) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items() if value is not None]
