"""The training package at work in a process of its own, which tells by JSON lines what happens."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from oasis_studio.api.cancelling import IsCancelled
from oasis_studio.core.program.language import VARIABLE
from oasis_studio.core.work.child import EXPECTED_FAILURE, child_environment, told_failure
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, language

Event = dict[str, Any]
"""``event`` says what happened, ``time`` when, in seconds since 1970; the rest depends on it."""

_NEW_PROCESS_GROUP = 0x200  # subprocess has the name on Windows only
_LOOK_SECONDS = 0.1
_LINES_KEPT = 40


@contextmanager
def started(command: list[str], stderr: int | IO[str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A process that ends when its stdin is closed; however the block ends, it does not outlive it.

    It hears of Ctrl+C through its stdin alone, while a terminal tells the whole group. StudioError if it cannot start.
    """
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=child_environment() | {VARIABLE: language()},  # its sentences are told as ours
            start_new_session=os.name != "nt",
            creationflags=_NEW_PROCESS_GROUP if os.name == "nt" else 0,
        )
    except OSError as error:
        raise StudioError(_("The trainer cannot be started: {error}.").format(error=error)) from error
    try:
        yield child
    except KeyboardInterrupt:
        child.kill()  # the second Ctrl+C: what was saved before stays
        raise
    finally:
        ask_to_stop(child)
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def ask_to_stop(child: subprocess.Popen[str]) -> None:
    """Close its stdin: a trainer finishes its step, saves, publishes and ends."""
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()


def run_to_end(
    command: list[str],
    take: Callable[[Event], object],
    is_cancelled: IsCancelled,
    stop: Callable[[subprocess.Popen[str]], object] = ask_to_stop,
) -> bool:
    """Run it and give ``take`` every event, in this thread; returns whether it was cancelled.

    ``stop`` is called once when ``is_cancelled()`` turns true or somebody presses Ctrl+C; the end is waited for. What
    ``take`` raises ends the process at once. StudioError with its own sentence if it fails.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        with started(command, said) as child:
            was_stopped = _follow(child, take, is_cancelled, stop)
            code = child.wait()
        said.seek(0)
        lines = said.read().splitlines()
    if code and (not was_stopped or code == EXPECTED_FAILURE):
        raise _failure(code, lines)
    return was_stopped


def _follow(
    child: subprocess.Popen[str],
    take: Callable[[Event], object],
    is_cancelled: IsCancelled,
    stop: Callable[[subprocess.Popen[str]], object],
) -> bool:
    """Until its stdout ends; returns whether it was stopped."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(child, lines), name="trainer", daemon=True)
    reader.start()
    was_stopped, interrupt = False, None
    try:
        while True:
            try:
                if not was_stopped and is_cancelled():
                    was_stopped = True
                    stop(child)
                if not _take_next(lines, take):
                    break
            except KeyboardInterrupt as error:
                if interrupt is not None:
                    raise
                was_stopped, interrupt = True, error
                stop(child)
    except BaseException:
        child.kill()
        raise
    finally:
        reader.join()
    if interrupt is not None:
        child.wait()
        raise interrupt
    return was_stopped


def _take_next(lines: queue.SimpleQueue[str | None], take: Callable[[Event], object]) -> bool:
    """False at the end; a line that is no event is passed over."""
    try:
        line = lines.get(timeout=_LOOK_SECONDS)
    except queue.Empty:
        return True
    if line is None:
        return False
    event = parsed(line)
    if event is not None:
        take(event)
    return True


def parsed(line: str) -> Event | None:
    """The event in a line; None for one that is only text."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def _read(child: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    assert child.stdout is not None
    with suppress(ValueError):  # closed meanwhile
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def _failure(code: int, lines: list[str]) -> StudioError:
    told = told_failure(lines) if code == EXPECTED_FAILURE else None
    if told is not None:
        return told
    return StudioError(_("This ended before it was done."), " ".join(lines[-1:]), "\n".join(lines[-_LINES_KEPT:]))
