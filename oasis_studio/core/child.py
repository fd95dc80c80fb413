"""How the training package is started as a process of its own: the program never imports it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FROZEN = "oasis-studio"
"""Of the frozen programs, the one that can talk through pipes on every system."""


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line of a module: the same from a checkout, a wheel and the frozen program."""
    program = Path(sys.executable)
    if getattr(sys, "frozen", False):
        program = program.with_name(_FROZEN + program.suffix)
    return [str(program), "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """Ours, with text in UTF-8 and line by line."""
    return os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
