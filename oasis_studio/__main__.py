"""The composition root: a window, or a verb of the command line."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from oasis_studio.core.request import Renderer
from oasis_studio.synthesis.waiting import wait_without_spinning

VERBS = frozenset({"render", "segment", "batch", "train", "evaluate", "model", "dataset", "benchmark"})
_OPENED_IN_WINDOW = (".oasis", ".ora", ".png")


def main(argv: list[str] | None = None) -> int:
    """Open the window, with a file in it if one is named; verbs and options go to the command line."""
    multiprocessing.freeze_support()
    wait_without_spinning()
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or _is_file(arguments):
        return _open_window(Path(arguments[0]) if arguments else None)
    from oasis_studio.cli import main as run_verb  # the command line needs no Qt, the window no typer

    return run_verb(arguments)


def _is_file(arguments: list[str]) -> bool:
    name = arguments[0]
    return len(arguments) == 1 and name not in VERBS and Path(name).suffix.lower() in _OPENED_IN_WINDOW


def _open_window(file: Path | None) -> int:
    from oasis_studio.core.library import default_library
    from oasis_studio.ui.application import run

    library = default_library()

    def open_renderer() -> Renderer:
        from oasis_studio.synthesis.engine.renderer import EngineRenderer  # imports torch, behind the window

        return EngineRenderer(library)

    return run(library, open_renderer, file)


if __name__ == "__main__":
    raise SystemExit(main())
