"""The document as a whole: its size and its reference photo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.core.history.document_commands import CropDocument, SetNotes, SetReference
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.dialogs.notes import NotesDialog
from oasis_studio.ui.dialogs.resize import ResizeDialog
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.questions.asking import ask


class DocumentActions(QObject):
    """What cannot be done is told in a message."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("edit.resize", _("Re&size drawing…"), self.resize, "edit", ("Ctrl+Alt+I",), starts_section=True),
            ActionSpec("edit.crop", _("Crop t&o the selection"), self.crop, "edit", ("Ctrl+Alt+X",)),
            ActionSpec("edit.notes", _("&Notes…"), self.write_notes, "edit", ("Ctrl+Alt+N",)),
            ActionSpec("edit.reference", _("Reference p&hoto…"), self.choose_reference, "edit", ("Ctrl+Shift+R",)),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        self._session.selection.changed.connect(self._show)
        self._show()

    def resize(self) -> None:
        self._session.settle()
        dialog = ResizeDialog(self._session.document, self._window)
        if ask(dialog) and (command := dialog.command()) is not None:
            messages.attempt(self._window, lambda: self._session.do(command))

    def write_notes(self) -> None:
        """Read and change the notes that are saved with the drawing."""
        dialog = NotesDialog(self._session.document.notes, self._window)
        if ask(dialog) and dialog.text() != self._session.document.notes:
            self._session.do(SetNotes(dialog.text()))

    def crop(self) -> None:
        self._session.settle()
        selection = self._session.selection.current
        if selection is not None:
            messages.attempt(self._window, lambda: self._session.do(CropDocument(selection.box)))

    def choose_reference(self) -> None:
        folder = self._session.path.parent if self._session.path else Path.home()
        path = file_names.ask_open(self._window, _("Reference photo"), file_names.opened_photo_filter(), folder)
        if path is not None:
            self.take_reference(path)

    def take_reference(self, path: Path) -> None:
        """Lay a photo under the labels."""
        document = self._session.document

        def lay() -> None:
            self._session.do(SetReference(Reference.fitted(read_photo(path), document.width, document.height, path)))

        messages.attempt(self._window, lay)

    def _show(self) -> None:
        if self._actions is not None:
            self._actions.allow("edit.crop", self._session.selection.current is not None, _("Nothing is selected."))
