"""What a person asks of a running training: through stdin, through a file in the run's folder, or by a signal."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from oasis_studio.core.work.run_folder import COMMANDS_FILE, LineReader
from oasis_training.learning.ranks import Ranks


@dataclass(frozen=True)
class Budget:
    """How long a run may take from now on, in seconds of the clock and of all its threads' work; None: any time."""

    seconds: float | None = None
    processor_seconds: float | None = None


class Control:
    """``is_stopping`` finish, save and publish · ``is_discarding`` end at once and keep nothing · ``is_paused``.

    Look with :meth:`poll` once a step. stdin (watched if ``watch_stdin``) and ``commands.txt`` take the same lines;
    the end of stdin means stop. What an earlier run was told does not count.
    """

    def __init__(self, folder: Path, budget: Budget = Budget(), watch_stdin: bool = False) -> None:
        self.is_stopping = False
        self.is_discarding = False
        self.is_paused = False
        self._wants_preview = False
        self._ends = [
            (clock, clock() + seconds)
            for clock, seconds in (
                (time.monotonic, budget.seconds),
                (time.process_time, budget.processor_seconds),
            )
            if seconds is not None
        ]
        self._lines = LineReader(folder / COMMANDS_FILE, from_end=True)
        if watch_stdin:
            threading.Thread(target=self._watch, name="stdin", daemon=True).start()

    def poll(self) -> None:
        """Take in what was asked since the last look."""
        for line in self._lines.read():
            self._obey(line.strip())
        if any(clock() >= end for clock, end in self._ends):
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
