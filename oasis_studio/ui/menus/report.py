"""Help ▸ Save a report: what somebody who helps needs to know."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.sources import require_apart
from oasis_studio.app.studio import Studio
from oasis_studio.core.program.diagnosis import write_diagnosis
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec
from oasis_studio.ui.questions import file_names, messages

_NAME = "oasis-studio-report.zip"


class ReportActions(QObject):
    """Versions, device, log and settings in a file of the person's choice; nothing is sent anywhere."""

    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window, self._studio = window, studio

    def specs(self) -> list[ActionSpec]:
        return [ActionSpec("help.report", _("Save a &report…"), self.save, "help")]

    def save(self) -> None:
        """Ask where, and write it."""
        proposal = Path.home() / _NAME
        path = file_names.ask_save(self._window, _("Save a report"), _("Reports") + " (*.zip)", proposal)
        if path is None:
            return
        device = self._studio.feed.device or _("no photo was rendered yet")
        session = self._studio.session

        def write() -> None:
            require_apart(session, path)
            write_diagnosis(path, session.library, {"device": device})

        if messages.attempt(self._window, write):
            self.told.emit(_("Saved {name}. It holds no pictures.").format(name=path.name))
