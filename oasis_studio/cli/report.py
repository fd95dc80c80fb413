"""What the command line prints: results on stdout, progress and errors on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_PIPE_WIDTH = 200


def output() -> Console:
    """stdout; a pipe gets long lines instead of a window's width."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def progress_output() -> Console:
    """stderr, so that a result on stdout stays clean."""
    return Console(stderr=True, highlight=False)


def print_note(text: str) -> None:
    """One line that a person should know of, and that changes nothing."""
    print(_("note: {text}").format(text=text), file=sys.stderr)


@contextmanager
def render_progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; the function inside is told the steps done and the steps in all."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=progress_output(), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(_("Rendering"), total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def print_error(error: StudioError) -> None:
    """One line with what is wrong, and one with what to do, if there is something."""
    print(_("error: {message}").format(message=" ".join(error.message.split())), file=sys.stderr)
    if error.hint:
        print(" ".join(error.hint.split()), file=sys.stderr)
