"""What all commands of this package share: how they end, and the values that some of their options take."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_training.events import Events

DEVICES = ("auto", "cpu", "cuda", "mps")
"""Where a command may compute; "auto" takes the fastest that there is."""


def finish(work: Callable[[], object]) -> int:
    """Do ``work``; returns the exit code: 0 when it is done, 2 after an expected failure, 130 when interrupted."""
    try:
        work()
    except (StudioError, OSError) as error:
        return failed(error)
    except KeyboardInterrupt:
        return 130
    return 0


def failed(error: StudioError | OSError, events: Events | None = None) -> int:
    """Say on stderr, and to who follows ``events``, what went wrong and what helps; returns the exit code 2."""
    hint = getattr(error, "hint", "")
    if events is not None:
        events.write("failed", message=str(error), hint=hint)
    print(_("error: {message}").format(message=error) + (f"\n{hint}" if hint else ""), file=sys.stderr)
    return 2


def at_least(least: int) -> Callable[[str], int]:
    """The type of an option that is a whole number of ``least`` or more."""

    def number(text: str) -> int:
        if int(text) < least:
            raise ValueError(text)
        return int(text)

    number.__name__ = f"int >= {least}"  # what argparse calls it when it refuses one
    return number


def seconds(text: str) -> float:
    """The type of an option that is a time: ``90s``, ``25m`` or ``1.5h``, in seconds."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if match is None:
        raise argparse.ArgumentTypeError(_("“{text}” is not a time such as 90s, 25m or 1.5h").format(text=text))
    return float(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]]
