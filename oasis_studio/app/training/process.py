"""The training that the window starts or finds: a process of its own, watched through its folder.

It neither needs this program nor ends with it. Whoever opens its folder later reads what happened and steers on.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from oasis_studio.app.training.progress import RunStatus, TrainingProgress
from oasis_studio.app.work.tool_run import failure_of
from oasis_studio.core.work.child import (
    EXPECTED_FAILURE,
    child_environment,
    module_command,
    without_our_libraries,
)
from oasis_studio.core.work.run_folder import EventReader, is_running, running_pid, send_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

LOOK_MS = 400
_LOG_FILE = "trainer.log"
_WINDOWS_FLAGS = 0x8 | 0x200 | 0x4000
"""Detached, a group of its own, below normal priority; subprocess has the names on Windows only."""


class TrainingProcess(QObject):
    """One run in ``folder``. :meth:`start` a trainer there, or :meth:`attach` to what is there already."""

    changed = Signal()
    """``progress`` is another one."""
    previewed = Signal(object)
    """Preview that has just come."""
    ended = Signal()
    """``progress.status`` says how. It can be started again."""

    def __init__(self, folder: Path, parent: QObject | None = None, python: Callable[[], str] = str) -> None:
        """``python``: which interpreter trains, "" for the program itself."""
        super().__init__(parent)
        self._python = python
        self.folder = folder
        self.progress = TrainingProgress()
        self._reader = EventReader(folder)
        self._child: subprocess.Popen[bytes] | None = None
        self._has_ended = False
        self._asked_to_end = ""
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def is_alive(self) -> bool:
        """Is there a trainer at work, or on its way?"""
        if self._child is not None and self._child.poll() is None:
            return True
        return is_running(self.folder)

    def start(self, command: list[str] | None = None) -> None:
        """Start a trainer in the folder, or go on where it stopped; StudioError if there is none to start."""
        python = self._python()
        command = command or module_command("oasis_training", str(self.folder), "--background", python=python)
        self._take_events()
        self.progress.status = RunStatus.STARTING
        self.progress.message = self.progress.hint = ""
        self._has_ended, self._asked_to_end = False, ""
        try:
            with (self.folder / _LOG_FILE).open("wb") as said, without_our_libraries():
                self._child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,  # its events are in the folder
                    stderr=said,
                    env=child_environment(python),
                    start_new_session=os.name != "nt",
                    creationflags=_WINDOWS_FLAGS if os.name == "nt" else 0,
                )
        except OSError as error:
            raise StudioError(_("The trainer cannot be started: {error}.").format(error=error)) from error
        self._timer.start()
        self.changed.emit()

    def attach(self) -> None:
        """Read what happened so far, and follow what happens from now on."""
        self.look()
        if not self.progress.status.is_end:
            self._timer.start()

    def detach(self) -> None:
        """Look no more; the trainer goes on."""
        self._timer.stop()

    def pause(self) -> None:
        self._send("pause")

    def resume(self) -> None:
        self._send("resume")

    def ask_preview(self) -> None:
        self._send("preview")

    def stop(self) -> None:
        """Finish the step, save, publish."""
        self._ask_to_end("stop")

    def discard(self) -> None:
        """End it and forget it: the folder goes once nobody works there."""
        if self.is_alive:
            self._ask_to_end("discard")
        else:
            self.progress.status = RunStatus.DISCARDED
            self._end()

    @Slot()
    def look(self) -> None:
        """Take in the events since the last look, and notice an end."""
        was_alive = self.is_alive  # before reading: what a trainer writes last is read for certain
        kinds = self._take_events()
        if kinds:
            self.changed.emit()
        if "preview" in kinds and self.progress.previews:
            self.previewed.emit(self.progress.previews[-1])
        if not was_alive and not self._has_ended:
            self._notice_end()

    def _take_events(self) -> set[str]:
        """The kinds of the events that came."""
        events = self._reader.read()
        for event in events:
            self.progress.take(event)
            if event["event"] == "started" and self._asked_to_end:
                self._send(self._asked_to_end)  # what was said before it listened was not heard
        if self._asked_to_end and not self.progress.status.is_end:
            self.progress.status = RunStatus.STOPPING
        return {event["event"] for event in events}

    def _notice_end(self) -> None:
        progress = self.progress
        if not progress.status.is_end:
            if self._exit_code() == EXPECTED_FAILURE:
                failure = failure_of(self._said(), True)
                progress.status, progress.message, progress.hint = RunStatus.FAILED, failure.message, failure.hint
            else:
                log.warning("the trainer in %s ended unexpectedly:\n%s", self.folder, "\n".join(self._said()[-40:]))
                progress.status = RunStatus.BROKEN
                progress.message = _("The training ended before it was finished.")
                progress.hint = _("Nothing that was saved is lost: it can go on from there.")
        self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._has_ended = True
        self._child = None
        if self.progress.status is RunStatus.DISCARDED:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.changed.emit()
        self.ended.emit()

    def kill(self) -> None:
        """End a trainer that does not answer; what it saved before stays."""
        pid = running_pid(self.folder)
        if self._child is not None:
            self._child.kill()
        elif pid is not None and sys.platform != "win32":
            import signal

            os.kill(pid, signal.SIGKILL)

    def _exit_code(self) -> int | None:
        return None if self._child is None else self._child.poll()

    def _said(self) -> list[str]:
        try:
            return (self.folder / _LOG_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _ask_to_end(self, command: str) -> None:
        self._send(command)
        self._asked_to_end = command
        self.progress.status = RunStatus.STOPPING
        self.changed.emit()

    def _send(self, command: str) -> None:
        send_command(self.folder, command)
