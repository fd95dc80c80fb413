"""What a thread behind the window did not expect: a banner that says so, over a drawing that is still there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from oasis_studio.app.files.log_file import log_path
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.banner import Strip

log = logging.getLogger(__name__)


class FaultBanner(Strip):
    """Comes up with every fault that :meth:`take` hears of; ``save_report`` writes what may help to mend it."""

    _heard = Signal()

    def __init__(self, parent: QWidget, save_report: Callable[[], object]) -> None:
        self.report = QPushButton(_("Save a report…"))
        self.report.setObjectName("primary")
        super().__init__(parent, [self.report])
        self.report.clicked.connect(lambda: save_report())
        self._heard.connect(self._show_fault)

    def take(self, fault: threading.ExceptHookArgs) -> None:
        """In the place of ``threading.excepthook``: called in whatever thread failed."""
        if fault.exc_type is SystemExit:
            return
        if fault.thread is not None and fault.exc_value is not None:  # what a background worker passes on is in the log
            log.critical("unexpected error in the thread %r", fault.thread.name, exc_info=fault.exc_value)
        threading.__excepthook__(fault)
        self._heard.emit()

    @Slot()
    def _show_fault(self) -> None:
        hint = _("Your drawing is still open; save it to be safe. What happened is written in {log}.")
        self.tell(_("Something went wrong in the background."), hint.format(log=log_path()))
