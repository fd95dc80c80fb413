"""Work that gives way to a person who paints."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_NICENESS = 10
_BELOW_NORMAL = 0x4000
_AUTOGROUP = Path("/proc/self/autogroup")


def lower_priority() -> None:
    """Let every other program of the person go first; where the system refuses, nothing changes."""
    with suppress(OSError, AttributeError):
        if sys.platform == "win32":
            kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows only
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
        else:
            os.nice(_NICENESS)
    with suppress(OSError):
        # Linux shares the processors between sessions first, and a run has one of its own: there niceness of the
        # process alone changes nothing.
        _AUTOGROUP.write_text(str(_NICENESS), encoding="ascii")
