"""What a person asks of a running training: through stdin, through a file in the run's folder, or by a signal."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from oasis_studio.core.run_folder import COMMANDS_FILE, LineReader
from oasis_training.ranks import Ranks


class Control:
    """``is_stopping`` finish, save and publish · ``is_discarding`` end at once and keep nothing · ``is_paused``.

    Look with :meth:`poll` once a step. stdin (watched if ``watch_stdin``) and ``commands.txt`` take the same lines;
    the end of stdin means stop. What an earlier run was told does not count.
    """

    def __init__(self, folder: Path, budget_seconds: float | None = None, watch_stdin: bool = False) -> None:
        self.is_stopping = False
        self.is_discarding = False
        self.is_paused = False
        self._wants_preview = False
        self._end = None if budget_seconds is None else time.monotonic() + budget_seconds
        self._lines = LineReader(folder / COMMANDS_FILE, from_end=True)
        if watch_stdin:
            threading.Thread(target=self._watch, name="stdin", daemon=True).start()

    def poll(self) -> None:
        """Take in what was asked since the last look."""
        for line in self._lines.read():
            self._obey(line.strip())
        if self._end is not None and time.monotonic() >= self._end:
            self.stop()

    def stop(self, *_signal: object) -> None:
        """Also a signal handler."""
        self.is_stopping = True

    def take_preview(self) -> bool:
        """Was a preview asked for? Asks once."""
        wanted, self._wants_preview = self._wants_preview, False
        return wanted

    def _obey(self, command: str) -> None:
        match command:
            case "stop":
                self.stop()
            case "discard":
                self.is_discarding = self.is_stopping = True
            case "pause":
                self.is_paused = True
            case "resume":
                self.is_paused = False
            case "preview":
                self._wants_preview = True
            case _:
                print(f"unknown command: {command}", file=sys.stderr)

    def _watch(self) -> None:
        while line := sys.stdin.readline():
            self._obey(line.strip())
        self.stop()


class SharedControl(Control):
    """What the first of several processes is told, all of them do, and at the same step."""

    def __init__(self, first: Control, ranks: Ranks) -> None:
        super().__init__(Path())
        self._first = first
        self._ranks = ranks

    def poll(self) -> None:
        first = self._first
        if self._ranks.is_first:
            first.poll()
        told = (first.is_stopping, first.is_discarding, first.is_paused, first.take_preview())
        self.is_stopping, self.is_discarding, self.is_paused, self._wants_preview = self._ranks.told_by_first(told)
