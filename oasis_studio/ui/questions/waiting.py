"""Waiting for files that are being written, before the drawing may go."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from oasis_studio.app.files.jobs import FileJobs
from oasis_studio.i18n import _
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.widgets.text import label

_WIDTH = 360


class WaitingDialog(QDialog):
    """Ends by itself."""

    def __init__(self, jobs: FileJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("OASIS Studio"))
        self.setFixedWidth(_WIDTH)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(_("Writing files"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(label(_("One moment: your files are being written."), wraps=True))
        column.addWidget(bar)
        jobs.idle.connect(self.accept)

    def reject(self) -> None:
        """Escape does not stop it: a half written file helps nobody."""


def wait_for(jobs: FileJobs, parent: QWidget) -> None:
    """Until all is written; the window stays alive but takes nothing in."""
    if jobs.is_busy:
        dialog = WaitingDialog(jobs, parent)
        ask(dialog)
