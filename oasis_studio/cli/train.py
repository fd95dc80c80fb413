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
from pathlib import Path
from typing import Annotated

import typer

from oasis_studio.cli.training_display import TrainingDisplay
from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_NEW_PROCESS_GROUP = 0x200  # subprocess has the name on Windows only


def train(
    recipe: Annotated[
        Path, typer.Argument(help=_("The recipe, a JSON file; or the folder of a run that is to go on."))
    ],
    data: Annotated[Path | None, typer.Option(help=_("Folder with the photos and label maps."))] = None,
    out: Annotated[Path | None, typer.Option(help=_("Folder of the run (default: in your own runs)."))] = None,
    budget: Annotated[str | None, typer.Option(help=_("Stop and publish after this time: 90s, 25m, 1.5h."))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=_("Go on where the run stopped."))] = False,
    workers: Annotated[int, typer.Option(min=1, help=_("Processes that share every batch."))] = 1,
    device: Annotated[str | None, typer.Option(help=_("auto, cpu, cuda or mps."))] = None,
    background: Annotated[bool, typer.Option("--background", help=_("Let other programs go first."))] = False,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help=_("Write logs for TensorBoard."))] = False,
) -> None:
    """Run the trainer to its end; its exit code becomes ours."""
    if not recipe.exists():
        raise StudioError(_("There is no recipe {path}.").format(path=recipe))
    flags = [name for name, is_on in (("--background", background), ("--tensorboard", tensorboard)) if is_on]
    flags += ["--workers", str(workers)] if workers > 1 else []
    flags += ["--device", device] if device else []
    command = [*trainer_command(recipe, data, out, budget, resume), *flags]
    has_terminal = sys.stdout.isatty()
    with _started(command, has_terminal) as child, _shown(has_terminal) as show:
        try:
            _follow(child, show)
        except KeyboardInterrupt:
            _ask_to_stop(child)
            if has_terminal:
                show(_("Saving and publishing what is there; Ctrl+C again ends it at once."))
            _follow(child, show)
        code = child.wait()
    raise typer.Exit(code)


def trainer_command(recipe: Path, data: Path | None, out: Path | None, budget: str | None, resume: bool) -> list[str]:
    """The trainer's command line: the same from a checkout, a wheel and the frozen program."""
    command = module_command("oasis_training", str(recipe), "--watch-stdin")
    for option, value in (("--data", data), ("--out", out), ("--budget", budget)):
        if value is not None:
            command += [option, str(value)]
    return [*command, "--resume"] if resume else command


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
