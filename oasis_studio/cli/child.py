"""Starting the training package as a process of its own: the program never imports it."""

from __future__ import annotations

import os
import subprocess
import sys

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line of a module: the same from a checkout, a wheel and the frozen program."""
    return [sys.executable, "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """Ours, with text in UTF-8 and line by line."""
    return os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def run_module(module: str, *arguments: str) -> int:
    """Run a module to its end on our own terminal, input included; returns its exit code.

    Ctrl+C reaches it through the terminal as it reaches us: it is waited for, and 130 returned.
    """
    try:
        child = subprocess.Popen(module_command(module, *arguments), env=child_environment())
    except OSError as error:
        raise StudioError(_("{name} cannot be started: {error}.").format(name=module, error=error)) from error
    try:
        return child.wait()
    except KeyboardInterrupt:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        return 130
