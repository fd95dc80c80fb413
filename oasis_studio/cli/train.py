"""``oasis-studio train``: starts the trainer as a process of its own and shows how it is getting on.

The trainer writes JSON lines. On a terminal they become a progress display; otherwise they pass through. Ctrl+C
closes the trainer's stdin: it finishes its step, saves, publishes and ends.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import typer

from oasis_studio.api.processes import ask_to_stop, started
from oasis_studio.api.training import TRAINER
from oasis_studio.cli.child import run_module
from oasis_studio.cli.training_display import TrainingDisplay
from oasis_studio.core.work.child import module_command
from oasis_studio.i18n import _


def train(context: typer.Context) -> None:
    """Run the trainer to its end, which declares the options; its exit code becomes ours."""
    if {"-h", "--help"} & set(context.args):
        raise typer.Exit(run_module(TRAINER, *context.args))
    has_terminal = sys.stdout.isatty()
    command, errors = trainer_command(context.args), subprocess.STDOUT if has_terminal else None
    with started(command, errors) as child, _shown(has_terminal) as show:
        _forward_end_of_input(child)
        try:
            _follow(child, show)
        except KeyboardInterrupt:
            ask_to_stop(child)
            if has_terminal:
                show(_("Saving and publishing what is there; Ctrl+C again ends it at once."))
            _follow(child, show)
        code = child.wait()
    raise typer.Exit(code)


def trainer_command(given: list[str]) -> list[str]:
    """The trainer's command line: the same from a checkout, a wheel and the frozen program."""
    return module_command(TRAINER, "--watch-stdin", *given)


@contextmanager
def _shown(has_terminal: bool) -> Iterator[Callable[[str], None]]:
    """Where the trainer's lines go."""
    if has_terminal:
        with TrainingDisplay() as display:
            yield display.show
    else:
        yield lambda line: print(line, end="", flush=True)


def _follow(child: subprocess.Popen[str], show: Callable[[str], None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        show(line)


def _forward_end_of_input(child: subprocess.Popen[str]) -> None:
    """When we ourselves are stopped by closing a pipe on our stdin, pass that on."""
    if not _is_pipe(sys.stdin):
        return

    def watch() -> None:
        with suppress(OSError, ValueError):
            while sys.stdin.readline():
                pass
        ask_to_stop(child)

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _is_pipe(stream: object) -> bool:
    """A pipe or socket has somebody at the other end; a terminal or /dev/null has not."""
    try:
        mode = os.fstat(stream.fileno()).st_mode  # type: ignore[attr-defined] # whatever has none is caught
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
