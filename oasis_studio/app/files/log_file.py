"""The log file of the program."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from oasis_studio.paths import home

CRASH_FILE = "crash.log"


def log_path() -> Path:
    """The file that the program's log goes to."""
    return home("logs") / "oasis-studio.log"


def open_log() -> Path | None:
    """Send the program's log to its file, kept under 2 MB; None if the folder cannot be written to."""
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True, errors="replace"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger("oasis_studio")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    with contextlib.suppress(OSError):  # where even Python cannot go on, it says here where it was
        faulthandler.enable(path.with_name(CRASH_FILE).open("a", encoding="utf-8"))
    return path
