"""A question with a name for an answer."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.questions.form import Form


class NameDialog(Form):
    """A name that is empty cannot be accepted."""

    def __init__(self, parent: QWidget | None, title: str, verb: str, text: str, proposal: str) -> None:
        super().__init__(title, verb, parent)
        self.field = QLineEdit(proposal)
        self.field.setMaxLength(80)
        self.field.setAccessibleName(title)
        self.field.selectAll()
        self.field.textChanged.connect(lambda name: self.accept_button.setEnabled(bool(name.strip())))
        self.rows.addRow(title, self.field)
        self.show_note(text)


def ask_name(parent: QWidget | None, title: str, verb: str, text: str, proposal: str) -> str | None:
    """The name, or None for "not now"."""
    dialog = NameDialog(parent, title, verb, text, proposal)
    return dialog.field.text().strip() if ask(dialog) else None
