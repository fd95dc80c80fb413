"""The composition root: a window, or a verb of the command line."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from oasis_studio.app.session.settings import read_settings
from oasis_studio.core.disk.openable import is_openable
from oasis_studio.core.program.language import use_language
from oasis_studio.core.work.jobs import Workshop
from oasis_studio.core.work.request import Renderer
from oasis_studio.errors import StudioError
from oasis_studio.paths import home, resource
from oasis_studio.synthesis.rendering.waiting import wait_without_spinning

if TYPE_CHECKING:
    from oasis_studio.core.models.library import ModelLibrary

VERBS = frozenset(
    {
        "render",
        "segment",
        "batch",
        "train",
        "evaluate",
        "model",
        "dataset",
        "benchmark",
        "diagnose",
        "selftest",
        "thumbnail",
    }
)
SAFE = "--safe"
LANGUAGE = "--language"
_CHILDREN = ("oasis_training",)
"""Packages whose modules the frozen program runs for itself: it has no Python beside it that could."""


def main(argv: list[str] | None = None) -> int:
    """Open the window, with a file in it if one is named; verbs and options go to the command line."""
    multiprocessing.freeze_support()
    wait_without_spinning()
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) > 1 and arguments[0] == "-m" and arguments[1].split(".")[0] in _CHILDREN:
        return _run_module(arguments[1], arguments[2:])
    asked, arguments = _take_language(arguments)
    is_safe = arguments[:1] == [SAFE]
    named = arguments[1:] if is_safe else arguments
    try:
        use_language(asked, "" if is_safe else read_settings().language)
    except StudioError as error:
        print(f"{error}\n{error.hint}", file=sys.stderr)
        return 2
    if not named or _is_file(named):
        return _open_window(Path(named[0]) if named else None, is_safe)
    from oasis_studio.cli import main as run_verb  # the command line needs no Qt, the window no typer

    return run_verb(arguments, _test_oneself)


def _take_language(arguments: list[str]) -> tuple[str, list[str]]:
    """The language asked for before anything else ("" for none), and the other arguments."""
    if arguments[:1] == [LANGUAGE]:
        return (arguments[1] if len(arguments) > 1 else "?"), arguments[2:]
    if arguments and arguments[0].startswith(f"{LANGUAGE}="):
        return arguments[0].partition("=")[2] or "?", arguments[1:]
    return "", arguments


def _is_file(arguments: list[str]) -> bool:
    name = arguments[0]
    return len(arguments) == 1 and name not in VERBS and is_openable(Path(name))


def _run_module(module: str, arguments: list[str]) -> int:
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)  # ends by SystemExit
    return 0


def _open_window(file: Path | None, is_safe: bool = False) -> int:
    """``is_safe``: with default preferences, on the processor, with the shipped models only."""
    from oasis_studio.core.models.library import ModelLibrary, default_library
    from oasis_studio.ui.window.application import run

    library = ModelLibrary(resource("models"), home("models-safe")) if is_safe else default_library()
    device = "cpu" if is_safe else "auto"
    workshop = _workshop_opener(library, device)
    return run(library, _renderer_opener(library, device), file, is_safe, open_workshop=workshop)


def _renderer_opener(library: ModelLibrary, device: str) -> Callable[[], Renderer]:
    def open_renderer() -> Renderer:
        from oasis_studio.synthesis.engine.renderer import EngineRenderer  # imports torch, behind the window

        return EngineRenderer(library, device)

    return open_renderer


def _workshop_opener(library: ModelLibrary, device: str) -> Callable[[], Workshop]:
    def open_workshop() -> Workshop:
        from oasis_studio.synthesis.service.workshop import NetworkWorkshop  # torch

        return NetworkWorkshop(library, device)

    return open_workshop


def _test_oneself() -> int:
    """The program used by itself, in folders that are gone afterwards."""
    from oasis_studio.core.models.library import default_library
    from oasis_studio.ui.window.application import run, run_offscreen_without_display
    from oasis_studio.ui.window.selftest import SelfTest

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["OASIS_STUDIO_HOME"] = folder
        run_offscreen_without_display()
        library = default_library()
        return run(library, _renderer_opener(library, "cpu"), loop=SelfTest())


if __name__ == "__main__":
    raise SystemExit(main())
