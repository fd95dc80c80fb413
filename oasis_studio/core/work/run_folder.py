"""A training run's folder, as both sides of it see it: the trainer that works there, and whoever watches and steers.

Nothing here needs the other side to be alive: events are read from a file, commands are lines in a file, and whether
a trainer is at work is a lock that the system takes back when the trainer dies, however it dies.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

RECIPE_FILE = "recipe.json"
CLASSES_FILE = "classes.json"
RUN_FILE = "run.json"
EVENTS_FILE = "events.jsonl"
COMMANDS_FILE = "commands.txt"
LOCK_FILE = "running.lock"
STATE_FILE = "state.json"
MODEL_FOLDER = "model"
"""The average of the generator as it is now: what a preview shows, written anew with every one."""
BEST_FOLDER = "best"
"""The model with the best held-out metric so far."""

COMMANDS = ("pause", "resume", "preview", "stop", "discard")

_LOCKED_BYTE = 2**30  # beyond what is written, so that Windows lets others read the file
_PATIENCE = 1.0  # seconds: somebody who only looks holds the lock for an instant


class RunLock:
    """Held by the one trainer that works in ``folder``; the file says its process id."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE
        self._file: BinaryIO | None = None

    def __enter__(self) -> RunLock:
        """StudioError if another trainer is at work there."""
        file = self._path.open("a+b")
        end = time.monotonic() + _PATIENCE
        while not _lock(file):
            if time.monotonic() > end:
                file.close()
                raise StudioError(
                    _("A training is running in {folder} already.").format(folder=self._path.parent),
                    _("Watch or stop that one, or choose another folder."),
                )
            time.sleep(0.02)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid()}).encode())
        file.flush()
        self._file = file
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            self._file.truncate(0)
            _unlock(self._file)
            self._file.close()
            self._file = None


def is_running(folder: Path) -> bool:
    """Is a trainer at work in ``folder``?"""
    try:
        with (folder / LOCK_FILE).open("r+b") as file:
            if not _lock(file, is_shared=True):
                return True
            _unlock(file)
    except OSError:
        return False
    return False


def running_pid(folder: Path) -> int | None:
    """The process id of the trainer at work in ``folder``, or None."""
    if not is_running(folder):
        return None
    try:
        pid = json.loads((folder / LOCK_FILE).read_bytes())["pid"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if isinstance(pid, int) else None


def send_command(folder: Path, command: str) -> None:
    """Ask the trainer in ``folder`` for one of :data:`COMMANDS`; it looks once a step. StudioError if it cannot be."""
    if command not in COMMANDS:
        raise ValueError(f"{command!r} is none of {COMMANDS}")
    try:
        with (folder / COMMANDS_FILE).open("a", encoding="utf-8") as file:
            file.write(command + "\n")
    except OSError as error:
        raise StudioError(
            _("The training in {folder} cannot be reached: {error}.").format(folder=folder, error=error)
        ) from error


class LineReader:
    """Whole lines that were added to a file since the last look; a file that is not there yet has none."""

    def __init__(self, path: Path, from_end: bool = False) -> None:
        self._path = path
        self._offset = self._size() if from_end else 0

    def read(self) -> list[str]:
        size = self._size()
        if size < self._offset:
            self._offset = 0  # the file was begun anew
        if size == self._offset:
            return []
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = file.read(size - self._offset)
        except OSError:
            return []
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        return whole.decode("utf-8", "replace").splitlines()

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0


class EventReader:
    """Follows ``events.jsonl`` of a run: whoever attaches later reads what happened before, too."""

    def __init__(self, folder: Path) -> None:
        self._lines = LineReader(folder / EVENTS_FILE)

    def read(self) -> list[dict[str, Any]]:
        """Events that are new since the last call; a line that is none is passed over."""
        events = []
        for line in self._lines.read():
            with suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict) and isinstance(event.get("event"), str):
                    events.append(event)
        return events


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO, is_shared: bool = False) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        file.seek(_LOCKED_BYTE)
        with suppress(OSError):
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO, is_shared: bool = False) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
