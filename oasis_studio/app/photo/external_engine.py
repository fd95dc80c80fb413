"""The networks in a process of another Python: the same questions and answers as in our own, over its pipes."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, cast

from oasis_studio.core.work.child import child_environment, module_command, without_our_libraries
from oasis_studio.core.work.jobs import Job, JobCancelled, Progress
from oasis_studio.core.work.request import SynthesisCancelled, SynthesisRequest, SynthesisResult
from oasis_studio.core.work.wire import PROTOCOL, WireError, read_frame, write_frame
from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

START_PATIENCE = 120.0
"""Seconds: an import of PyTorch from a cold disk, and a graphics card that wakes up."""
_CLOSE_PATIENCE = 5.0
_LOOK = 0.02
"""Seconds between looks whether an answer is still wanted."""
_LONGEST_TAIL = 2000
_SERVER = "oasis_studio.synthesis.service.serving"


class EngineLost(StudioError):  # noqa: N818 - what happened, as for MemoryShortage
    """The other process did not start, or ended: somebody else has to do the work."""


class ExternalEngine:
    """One process. It is a Renderer and a Workshop, but does one thing at a time; used by one thread."""

    def __init__(self, python: str, command: list[str] | None = None) -> None:
        """Start it, and wait until its PyTorch is there; EngineLost if that fails. ``command``: for tests."""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._frames: SimpleQueue[tuple[str, int, Any] | None] = SimpleQueue()
        self._number = 0
        self._python = python
        try:
            with without_our_libraries():
                self._process = subprocess.Popen(
                    command or module_command(_SERVER, python=python),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._said,
                    env=child_environment(python),
                    creationflags=subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0,
                )
        except OSError as error:
            raise self._lost(error.strerror or str(error)) from error
        self._reader = Thread(target=self._listen, name="external engine", daemon=True)
        self._reader.start()
        try:
            who = self._wait_ready()
        except EngineLost:
            self.close()
            raise
        self.device = str(who.get("device", ""))
        log.info("engine in %s: %s", python, who)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def render(self, request: SynthesisRequest, is_stale: Callable[[], bool]) -> SynthesisResult:
        """As the protocol of renderers says; EngineLost if the process ended."""
        answer = self._ask(request, is_stale, _nobody)
        if answer is None:
            raise SynthesisCancelled
        return cast(SynthesisResult, answer)

    def work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        """As the protocol of workshops says; EngineLost if the process ended."""
        answer = self._ask(job, is_stale, progress)
        if answer is None:
            raise JobCancelled
        return answer

    def close(self) -> None:
        """Let it end by itself; not for long. It may be called from any thread, and twice."""
        with contextlib.suppress(OSError, ValueError):
            cast(BinaryIO, self._process.stdin).close()
        try:
            self._process.wait(_CLOSE_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_CLOSE_PATIENCE)
        for stream in (self._process.stdout, self._said):
            cast(BinaryIO, stream).close()

    def _ask(self, value: object, is_stale: Callable[[], bool], progress: Progress) -> object | None:
        """The answer, or None if it was given up."""
        self._number += 1
        number, is_cancelled = self._number, False
        self._send("ask", number, value)
        while True:
            if not is_cancelled and is_stale():
                is_cancelled = True
                self._send("cancel", number)
            frame = self._next(_LOOK)
            if frame is None or frame[1] != number:
                continue
            kind, _number, told = frame
            if kind == "progress" and not is_cancelled:
                progress(told)
            elif kind == "answer":
                return told
            elif kind == "cancelled":
                return None
            elif kind == "failed":
                raise _failure(told)

    def _send(self, kind: str, number: int, value: object = None) -> None:
        try:
            write_frame(cast(BinaryIO, self._process.stdin), kind, number, value)
        except (OSError, ValueError) as error:
            if isinstance(error, WireError):
                raise
            raise self._lost(str(error)) from error

    def _next(self, seconds: float) -> tuple[str, int, Any] | None:
        """The next frame, or None if there was none in that time; EngineLost at the end of them."""
        try:
            frame = self._frames.get(timeout=seconds)
        except Empty:
            return None
        if frame is None:
            self._frames.put(None)  # so it stays
            raise self._lost(_("it ended"))
        return frame

    def _wait_ready(self) -> dict[str, Any]:
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            frame = self._next(0.5)
            if frame is not None:
                kind, _number, who = frame
                if kind == "ready" and isinstance(who, dict) and who.get("protocol") == PROTOCOL:
                    return who
                raise self._lost(_("it speaks another version's language"))
        raise self._lost(_("it did not answer"))

    def _listen(self) -> None:
        """In a thread: frames of the process, and None at their end."""
        try:
            while (frame := read_frame(cast(BinaryIO, self._process.stdout))) is not None:
                self._frames.put(frame)
        except Exception as error:  # noqa: BLE001 - the thread's border: whatever it is, nothing more can be read
            log.warning("what the engine in %s says cannot be read: %r", self._python, error)
        finally:
            self._frames.put(None)

    def _lost(self, reason: str) -> EngineLost:
        tail = self._last_words()
        log.warning("the engine in %s is lost: %s\n%s", self._python, reason, tail)
        return EngineLost(
            _("The Python environment {path} cannot go on: {reason}.").format(path=self._python, reason=reason),
            _("OASIS Studio renders by itself now. See Preferences > Device."),
            tail,
        )

    def _last_words(self) -> str:
        """The end of what it printed."""
        with contextlib.suppress(OSError, ValueError):
            end = self._said.seek(0, 2)
            self._said.seek(max(0, end - _LONGEST_TAIL))
            return self._said.read().decode("utf-8", "replace").strip()
        return ""


def _failure(told: object) -> StudioError:
    """The StudioError that was raised over there."""
    message, hint, detail, is_memory = cast(tuple[str, str, str, bool], told)
    if detail:
        log.info("failed in the other process: %s", detail)
    return (MemoryShortage if is_memory else StudioError)(message, hint, detail)


def _nobody(_found: object) -> None:
    pass
