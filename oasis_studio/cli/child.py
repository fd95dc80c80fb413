"""Running a part of the training package on our own terminal."""

from __future__ import annotations

import subprocess

from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


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
