"""The notes of a drawing: free text that is saved with it."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.questions.form import Form


class NotesDialog(Form):
    """``text()`` is what was written."""

    def __init__(self, notes: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Notes"), _("Keep"), parent)
        self._before = notes
        self.field = QPlainTextEdit(notes)
        self.field.setPlaceholderText(_("What this drawing is for, what to try next, where its photos come from…"))
        self.field.setAccessibleName(_("Notes"))
        self.field.setTabChangesFocus(True)
        self.field.setMinimumSize(480, 240)
        self.rows.addRow(self.field)
        self.field.setFocus()

    @property
    def loss(self) -> str:
        return _("What you wrote is lost.") if self.text() != self._before else ""

    def text(self) -> str:
        return self.field.toPlainText()
