"""The badge in the status bar while there is a training."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton

from oasis_studio.app.training.progress import RunStatus
from oasis_studio.app.training.training import Training
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.training.status_texts import status_role, status_title, time_left
from oasis_studio.ui.widgets import theme


class TrainingBadge(QPushButton):
    """State, share and time left; a click opens the monitor."""

    def __init__(self, training: Training) -> None:
        super().__init__()
        self._training = training
        self.setObjectName("badge")
        self.setToolTip(_("Show the training"))
        self.setAccessibleName(_("Training"))
        training.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        progress = self._training.progress
        self.setVisible(progress is not None)
        if progress is None:
            return
        parts = [status_title(progress.status)]
        if progress.status in (RunStatus.RUNNING, RunStatus.PAUSED):
            parts[0] += f" {decimal(100 * progress.share)} %"
        if left := time_left(progress):
            parts.append(left)
        self.setText("●  " + " · ".join(parts))
        self.setAccessibleName(_("Training: {state}").format(state=", ".join(parts)))
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        progress = self._training.progress
        role = status_role(progress.status) if progress else "dim"
        sheet = f"color: {getattr(theme.roles(), role)};"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)
