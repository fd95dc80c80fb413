"""Edit: undo, redo, copy."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.canvas.photo_canvas import PhotoCanvas


class EditActions(QObject):
    """Callbacks of the Edit menu."""

    def __init__(self, window: QWidget, studio: Studio, photo: PhotoCanvas) -> None:
        super().__init__(window)
        self._session = studio.session
        self._feed = studio.feed
        self._photo = photo
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        session = self._session
        return [
            ActionSpec("edit.undo", _("&Undo"), session.undo, "edit", ("Ctrl+Z",)),
            ActionSpec("edit.redo", _("&Redo"), session.redo, "edit", ("Ctrl+Shift+Z", "Ctrl+Y")),
            ActionSpec("edit.copy_photo", _("&Copy photo"), self.copy_photo, "edit", ("Ctrl+C",), starts_section=True),
        ]

    def follow(self, actions: ActionTable) -> None:
        """Keep the actions' texts and marks as the session is."""
        self._actions = actions
        self._session.history_changed.connect(self._show_history)
        for signal in (self._session.document_opened, self._session.stroke_began, self._session.stroke_ended):
            signal.connect(self._show_history)
        self._feed.photo_shown.connect(self._show_photo)
        self._show_history()
        self._show_photo()

    def copy_photo(self) -> None:
        image = self._photo.image()
        if image is not None:
            QGuiApplication.clipboard().setImage(image.copy())  # the photo's memory is not the clipboard's

    def _show_history(self) -> None:
        history, actions = self._session.history, self._actions
        if actions is None:
            return
        undo, redo = actions["edit.undo"], actions["edit.redo"]
        actions.allow("edit.undo", history.can_undo or self._session.has_open_stroke, _("There is nothing to undo."))
        actions.allow("edit.redo", history.can_redo, _("There is nothing to redo."))
        undo.setText(_("&Undo {step}").format(step=history.undo_title).strip())
        redo.setText(_("&Redo {step}").format(step=history.redo_title).strip())

    def _show_photo(self) -> None:
        if self._actions is not None:
            self._actions.allow("edit.copy_photo", self._feed.image_HW3 is not None, _("There is no photo yet."))
