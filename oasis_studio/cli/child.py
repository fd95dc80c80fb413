"""Verbs whose work is the training package's, which declares their options: it runs on our own terminal."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand

from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class HandedOn(TyperCommand):
    """A verb whose words are not looked at here: all of them, ``--help`` too, go on to another program."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the words in ``ctx.args`` as they are."""
        ctx.args = list(args)
        return []


def handed_to(module: str, *first: str) -> Callable[[typer.Context], None]:
    """The function of a :class:`HandedOn` verb: it runs ``module`` with the words ``first`` and all that follow."""

    def run(context: typer.Context) -> None:
        raise typer.Exit(run_module(module, *first, *context.args))

    return run


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
