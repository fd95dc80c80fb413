"""What happens in a run: one JSON object a line on stdout and in ``events.jsonl``."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from oasis_studio.core.work.run_folder import EVENTS_FILE

Listener = Callable[[str, dict[str, Any]], None]


class Events:
    """Writes the lines that ``training/README.md`` lists. Without a folder they go to stdout alone."""

    def __init__(self, folder: Path | None, is_silent: bool = False) -> None:
        """``is_silent``: somebody else of several processes tells."""
        self._path = None if folder is None else folder / EVENTS_FILE
        self._is_silent = is_silent
        self._listeners: list[Listener] = []
        if self._path is not None and not is_silent:
            _end_line(self._path)

    def listen(self, listener: Listener) -> None:
        """Let ``listener`` hear every event, too."""
        self._listeners.append(listener)

    def write(self, kind: str, **values: Any) -> None:
        """Append one event; neither a reader that went away nor a full disk stops the training."""
        if self._is_silent:
            return
        for listener in self._listeners:
            listener(kind, values)
        line = json.dumps({"event": kind, "time": round(time.time(), 1), **values})
        if self._path is not None:
            with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        try:
            print(line, flush=True)
        except BrokenPipeError:
            sys.stdout = None  # type: ignore[assignment]  # print() then writes nowhere


def _end_line(path: Path) -> None:
    """A trainer that was killed may have left half a line, which would spoil the next one."""
    with suppress(OSError), path.open("rb+") as file:
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")


class StopFlag:
    """True once the parent closed stdin, the time budget is spent, or Ctrl+C was pressed once."""

    def __init__(self, budget_seconds: float | None, watch_stdin: bool) -> None:
        self._end = None if budget_seconds is None else time.monotonic() + budget_seconds
        self._closed = False
        if watch_stdin:
            self._start_watching()

    def _start_watching(self) -> None:
        def watch() -> None:
            while sys.stdin.readline():
                pass
            self._closed = True

        threading.Thread(target=watch, name="stdin", daemon=True).start()

    def close(self, *_signal: object) -> None:
        self._closed = True

    def __bool__(self) -> bool:
        return self._closed or (self._end is not None and time.monotonic() >= self._end)
