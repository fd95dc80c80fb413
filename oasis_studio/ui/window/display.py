"""The connection to the screen, and one clear sentence where there is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QMessageLogContext, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from oasis_studio.i18n import _

FAILED = 2
_NO_DISPLAY = "could not connect to display"


class Application(QApplication):
    """On macOS a file that is opened from the desktop comes as an event, not as an argument."""

    file_opened = Signal(object)
    """Path."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def open_display() -> Application:
    """The Qt application. Where no window can be opened, Qt would abort: the process says why and ends with 2."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        said.append(text)
        if kind is QtMsgType.QtFatalMsg:
            print("\n".join(reason(said)), file=sys.stderr, flush=True)
            os._exit(FAILED)  # after this message Qt ends the process, whatever is raised here
        if kind is not QtMsgType.QtDebugMsg and not text.startswith("qt.qpa."):
            print(text, file=sys.stderr)

    previous = qInstallMessageHandler(hear)
    try:
        return Application(sys.argv[:1])
    finally:
        qInstallMessageHandler(previous)


def reason(said: list[str]) -> list[str]:
    """Sentence and hint, from what Qt said."""
    verbs = _("Without a window there are the verbs of the command line: oasis-studio --help.")
    if any(_NO_DISPLAY in text for text in said):
        return [_("error: There is no display to open a window on."), verbs]
    told = " ".join(said[-1].split()) if said else ""
    return [_("error: Qt cannot open a window here: {reason}").format(reason=told), verbs]
