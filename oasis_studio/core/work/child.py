"""How our packages are started as processes of their own: by this program, or by a Python that the person chose."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_FROZEN = "oasis-studio"
"""Of the frozen programs, the one that can talk through pipes on every system."""
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def module_command(module: str, *arguments: str, python: str = "") -> list[str]:
    """The command line of a module: the same from a checkout, a wheel and the frozen program.

    ``python`` is another environment's interpreter ("" for ourselves); it needs :func:`child_environment` too.
    """
    if python:
        return [python, "-P", "-m", module, *arguments]
    program = Path(sys.executable)
    if is_frozen():
        program = program.with_name(_FROZEN + program.suffix)
    return [str(program), "-m", module, *arguments]


EXPECTED_FAILURE = 2
"""Exit code of a process that says on stderr what went wrong."""

CACHE_SIZES = ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY")
"""From these oneDNN and PyTorch's layer over it read how many prepared convolutions they keep, 1024 if unsaid.

A process that renders sets them for itself; one that trains needs more of them.
"""


def child_environment(python: str = "") -> dict[str, str]:
    """Ours, with text in UTF-8 and line by line; for another ``python`` without our libraries, with our sources."""
    ours = {name: value for name, value in os.environ.items() if name not in CACHE_SIZES}
    environment = ours | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
    if not python:
        return environment
    if is_frozen():  # its start put our libraries before the system's, and kept what was there
        for name in _LIBRARY_PATHS:
            before = environment.pop(f"{name}_ORIG", None)
            environment.pop(name, None)
            if before:
                environment[name] = before
    for name in [name for name in environment if name.startswith("_PYI_") or name == "PYTHONHOME"]:
        del environment[name]
    environment["PYTHONPATH"] = os.pathsep.join(str(folder) for folder in source_folders())
    return environment


def told_failure(said: Sequence[str]) -> StudioError | None:
    """The sentence and the hint that one of our processes left in the lines of its stderr; it speaks our language."""
    start = _("error: {message}").partition("{")[0]
    place = next((number for number, line in enumerate(said) if line.startswith(start)), None)
    if place is None:
        return None
    return StudioError(said[place].removeprefix(start), " ".join(said[place + 1 :]))


def is_frozen() -> bool:
    """Are we the program of an installer, which has no Python beside it?"""
    return bool(getattr(sys, "frozen", False))


def source_folders() -> list[Path]:
    """Where another Python finds our two packages, and nothing else; empty in an installed wheel.

    There they lie among the packages of our own Python, which another one must not see.
    """
    if is_frozen():
        return [Path(getattr(sys, "_MEIPASS", "")) / "sources"]
    checkout = Path(__file__).resolve().parents[3]
    return [checkout, checkout / "training"] if (checkout / "training" / "oasis_training").is_dir() else []


@contextmanager
def without_our_libraries() -> Iterator[None]:
    """A process started in this block looks for libraries as if we had not started it. Only Windows needs it."""
    if sys.platform != "win32" or not is_frozen():
        yield
        return
    kernel = ctypes.WinDLL("kernel32")
    kernel.SetDllDirectoryW(None)
    try:
        yield
    finally:
        kernel.SetDllDirectoryW(str(getattr(sys, "_MEIPASS", "")))
