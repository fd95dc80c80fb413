"""The frame of a dialog: heading, rows, two buttons with verbs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.questions.careful import CarefulDialog
from oasis_studio.ui.widgets.text import label


class Form(CarefulDialog):
    """Subclasses fill ``rows``; ``accept_button`` carries the verb."""

    def __init__(self, title: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(400)
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(16)
        self.rows.setVerticalSpacing(12)
        self.rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.note = label("", "dim", wraps=True)
        self.note.hide()
        self.accept_button = QPushButton(verb)
        self.accept_button.setObjectName("primary")
        self.accept_button.setDefault(True)
        cancel = QPushButton(_("Cancel"))
        cancel.setAutoDefault(False)  # Enter accepts, wherever the focus is
        self.accept_button.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(self.rows)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addLayout(buttons)

    def show_note(self, text: str) -> None:
        """A sentence below the rows; "" for none."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
