"""What happens in a run: one JSON object a line on stdout and in ``events.jsonl``."""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from oasis_studio.core.run_folder import EVENTS_FILE


class Events:
    """Writes the lines that ``training/README.md`` lists. Without a folder they go to stdout alone."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / EVENTS_FILE

    def write(self, kind: str, **values: Any) -> None:
        """Append one event; neither a reader that went away nor a full disk stops the training."""
        line = json.dumps({"event": kind, "time": round(time.time(), 1), **values})
        if self._path is not None:
            with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        try:
            print(line, flush=True)
        except BrokenPipeError:
            sys.stdout = None  # type: ignore[assignment]  # print() then writes nowhere


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
