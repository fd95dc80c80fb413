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

from oasis_studio.cli.child import run_module
from oasis_studio.cli.training_display import TrainingDisplay
from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_MODULE = "oasis_training"
_NEW_PROCESS_GROUP = 0x200  # subprocess has the name on Windows only


def train(context: typer.Context) -> None:
    """Run the trainer to its end, which declares the options; its exit code becomes ours."""
    if {"-h", "--help"} & set(context.args):
        raise typer.Exit(run_module(_MODULE, *context.args))
    has_terminal = sys.stdout.isatty()
    with _started(trainer_command(context.args), has_terminal) as child, _shown(has_terminal) as show:
        try:
            _follow(child, show)
        except KeyboardInterrupt:
            _ask_to_stop(child)
            if has_terminal:
                show(_("Saving and publishing what is there; Ctrl+C again ends it at once."))
            _follow(child, show)
        code = child.wait()
    raise typer.Exit(code)


def trainer_command(given: list[str]) -> list[str]:
    """The trainer's command line: the same from a checkout, a wheel and the frozen program."""
    return module_command(_MODULE, "--watch-stdin", *given)


@contextmanager
def _started(command: list[str], has_terminal: bool) -> Iterator[subprocess.Popen[str]]:
    """The running trainer; however the block ends, its stdin is closed, and it does not outlive it."""
    # Ctrl+C in a terminal goes to the whole group; the trainer must hear of it through its stdin alone.
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if has_terminal else None,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=child_environment(),
            start_new_session=os.name != "nt",
            creationflags=_NEW_PROCESS_GROUP if os.name == "nt" else 0,
        )
    except OSError as error:
        raise StudioError(_("The trainer cannot be started: {error}.").format(error=error)) from error
    _forward_end_of_input(child)
    try:
        yield child
    except KeyboardInterrupt:
        child.kill()  # the second Ctrl+C: what was saved before stays
        raise
    finally:
        _ask_to_stop(child)
        child.wait()


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


def _ask_to_stop(child: subprocess.Popen[str]) -> None:
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()


def _forward_end_of_input(child: subprocess.Popen[str]) -> None:
    """When we ourselves are stopped by closing a pipe on our stdin, pass that on."""
    if not _is_pipe(sys.stdin):
        return

    def watch() -> None:
        with suppress(OSError, ValueError):
            while sys.stdin.readline():
                pass
        _ask_to_stop(child)

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _is_pipe(stream: object) -> bool:
    """A pipe or socket has somebody at the other end; a terminal or /dev/null has not."""
    try:
        mode = os.fstat(stream.fileno()).st_mode  # type: ignore[attr-defined] # whatever has none is caught
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
