"""Long work in a process of its own: progress, then its result or one clear sentence."""

from __future__ import annotations

import json
import logging
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from oasis_studio.core.work.child import (
    EXPECTED_FAILURE,
    child_environment,
    told_failure,
    without_our_libraries,
)
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

_PATIENCE_MS = 3_000
"""How long a tool that is no longer wanted may take to end by itself."""


class ToolRun(QObject):
    """Runs ``command`` once. It prints its result on stdout and JSON lines ``{"done": n, "total": m}`` on stderr.

    Exit code 2 is an expected failure: the last two lines of text on stderr are the sentence and the hint. Once its end
    was told it is deleted, with all that the command printed.
    """

    progressed = Signal(int, int)
    """Done, and how many in all (0: nobody knows)."""
    finished = Signal(str)
    """What it printed."""
    failed = Signal(object)
    """StudioError."""
    cancelled = Signal()

    def __init__(self, command: list[str], parent: QObject | None = None, python: str = "") -> None:
        """``python``: whose command it is, where it is not our own."""
        super().__init__(parent)
        self._command = command
        self._stderr = b""
        self._said: list[str] = []
        self._is_cancelled = False
        self._is_over = False
        self._process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in child_environment(python).items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardError.connect(self._read_progress)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._tell_start_failure)

    @property
    def is_running(self) -> bool:
        return not self._is_over and self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        with without_our_libraries():
            self._process.start(self._command[0], self._command[1:])
        self._process.closeWriteChannel()

    def cancel(self) -> None:
        """End it now; nothing is told but ``cancelled``. What it writes appears whole or not at all."""
        if self.is_running:
            self._is_cancelled = True
            self._process.kill()
            self._process.waitForFinished(_PATIENCE_MS)

    def _read_progress(self) -> None:
        self._stderr += bytes(self._process.readAllStandardError().data())
        *lines, self._stderr = self._stderr.split(b"\n")
        for line in lines:
            self._take(line.decode("utf-8", "replace").rstrip())

    def _take(self, line: str) -> None:
        progress = _progress(line)
        if progress is not None:
            self.progressed.emit(*progress)
        elif line:
            self._said.append(line)

    def _end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_progress()
        self._take(self._stderr.decode("utf-8", "replace").rstrip())
        self._be_over()
        if self._is_cancelled:
            self.cancelled.emit()
        elif status is QProcess.ExitStatus.NormalExit and code == 0:
            self.finished.emit(bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace"))
        else:
            self.failed.emit(failure_of(self._said, code == EXPECTED_FAILURE))

    def _tell_start_failure(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._be_over()
            reason = self._process.errorString()
            self.failed.emit(StudioError(_("The work could not be started: {reason}.").format(reason=reason)))

    def _be_over(self) -> None:
        self._is_over = True
        self.deleteLater()


def failure_of(said: list[str], is_expected: bool) -> StudioError:
    """What to tell about a tool that ended with an error, from the text it left on stderr."""
    told = told_failure(said) if is_expected else None
    if told is not None:
        return told
    log.error("a tool ended unexpectedly:\n%s", "\n".join(said[-40:]))
    return StudioError(
        _("This ended before it was done."), _("The log file has the details (Help > Show log)."), "\n".join(said[-40:])
    )


def _progress(line: str) -> tuple[int, int] | None:
    if not line.startswith("{"):
        return None
    try:
        data: Any = json.loads(line)
        return int(data["done"]), int(data.get("total") or 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
