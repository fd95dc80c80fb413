"""``oasis-studio VERB …``: the verbs together, and what the shell sees when one fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Annotated

import typer

from oasis_studio import __version__
from oasis_studio.cli import batch, benchmark, diagnose, model, render, segment, thumbnail, train
from oasis_studio.cli.child import HandedOn, handed_to
from oasis_studio.cli.report import print_error
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

FAILED = 2


def main(argv: list[str] | None = None, selftest: Callable[[], int] | None = None) -> int:
    """Run one verb; returns the exit code: 0 done, 2 an expected failure or wrong use, 130 interrupted.

    ``selftest`` uses the whole program, window included, so it comes from where all of it is known.
    """
    try:
        typer.main.get_command(_program(selftest))(args=argv, prog_name="oasis-studio")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except KeyboardInterrupt:
        return 130
    except StudioError as error:
        log.info("failed: %s", error.detail, exc_info=error)
        print_error(error)
        return FAILED
    return 0


def _program(selftest: Callable[[], int] | None) -> typer.Typer:
    program = typer.Typer(
        help=_("Paint a label map, see a photo. Without a verb the window opens."),
        no_args_is_help=True,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @program.callback()
    def _options(
        version: Annotated[
            bool, typer.Option("--version", callback=_show_version, is_eager=True, help=_("Show the version."))
        ] = False,
        language: Annotated[  # taken out of the arguments before the texts of this help are looked up
            str, typer.Option("--language", metavar=_("CODE"), help=_("Speak this language."))
        ] = "",
        safe: Annotated[
            bool, typer.Option("--safe", help=_("Default preferences, on the processor, shipped models only."))
        ] = False,
    ) -> None: ...

    program.command("render", help=_("Render one label map to a photo."))(render.render)
    program.command("segment", help=_("Read a photo as a label map, in a model's own classes."))(segment.segment)
    program.command("batch", help=_("Render all label maps of a folder."))(batch.batch)
    program.command("train", cls=HandedOn, help=_("Train or fine-tune a model with a recipe."))(train.train)
    evaluating = program.command("evaluate", cls=HandedOn, help=_("Measure how good models are, side by side."))
    evaluating(handed_to("oasis_training.commands.evaluation"))
    program.command("benchmark", help=_("Measure how fast a model is on this machine."))(benchmark.benchmark)
    program.command("thumbnail", help=_("Take the small picture out of a drawing or a model."))(thumbnail.thumbnail)
    program.command("diagnose", help=_("Write a report for whoever helps you."))(diagnose.diagnose)
    if selftest is not None:

        @program.command("selftest", help=_("Try everything once: window, stroke, photo, file, training."))
        def _selftest() -> None:
            raise typer.Exit(selftest())

    program.add_typer(_dataset(), name="dataset", help=_("Check labelled photos and convert them for training."))
    program.add_typer(model.verbs(), name="model", help=_("List, show, import, export and remove models."))
    return program


def _dataset() -> typer.Typer:
    """The verbs below ``dataset``."""
    group = typer.Typer(no_args_is_help=True)
    for verb, text in (
        ("check", _("Say what format labelled photos have and what is wrong with them.")),
        ("doctor", _("Rank photos and regions that are probably mislabelled.")),
        ("convert", _("Write labelled photos as the trainer reads them.")),
    ):
        group.command(verb, cls=HandedOn, help=text)(handed_to("oasis_training.commands.datasets", verb))
    return group


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(__version__)
        raise typer.Exit
