"""A photo read as labels: see what was read, and choose where it goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QRadioButton, QWidget

from oasis_studio.app.files.photo_labels import UNSURE, add_to_drawing, drawing_size, open_as_drawing
from oasis_studio.app.photo.critic import reading_refusal_of
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.files.pictures.photo import read_photo
from oasis_studio.core.work.jobs import Segmentation, SegmentJob
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.photo_picture import PhotoPicture
from oasis_studio.ui.widgets.text import label

_PREVIEW = 280


class PhotoLabelsDialog(Form):
    """StudioError if the photo cannot be read, or the model has no critic."""

    def __init__(self, studio: Studio, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(_("Labels from a photo"), _("Take the labels"), parent)
        self._session, self._path = studio.session, path
        if reason := reading_refusal_of(self._session):
            raise StudioError(reason)
        whole = read_photo(path)
        # The reference photo keeps no more; reading needs far less.
        self.image_HW3 = Reference.fitted(whole, whole.shape[1], whole.shape[0]).image_HW3
        self.found: Segmentation | None = None
        self.photo, self.labels = (
            PhotoPicture(_("The photo"), _PREVIEW),
            PhotoPicture(_("The labels that were read"), _PREVIEW),
        )
        self.work = QProgressBar()
        self.work.setRange(0, 0)
        self.into_new = QRadioButton()
        self.into_open = QRadioButton(_("Into this drawing, fitted into its middle"))
        self._lay_out()
        self.accept_button.setEnabled(False)
        self._task = studio.workbench.start(SegmentJob(self._session.document.model, self.image_HW3))
        self._task.finished.connect(self._take)
        self._task.failed.connect(self._fail)

    def _lay_out(self) -> None:
        height, width = self.image_HW3.shape[:2]
        new_width, new_height = drawing_size(width, height)
        self.into_new.setText(
            _("As a new drawing of {width} × {height} pixels").format(width=new_width, height=new_height)
        )
        self.into_new.setChecked(True)
        pictures = QHBoxLayout()
        pictures.setSpacing(8)
        for each in (self.photo, self.labels):
            pictures.addWidget(each)
        self.photo.show_image(self.image_HW3)
        text = _("{name}, {width} × {height} pixels").format(name=self._path.name, width=width, height=height)
        self.rows.addRow(label(text))
        self.rows.addRow(pictures)
        self.rows.addRow(self.work)
        self.rows.addRow(self.into_new)
        self.rows.addRow(self.into_open)
        self.show_note(_("Reading the photo…"))

    def accept(self) -> None:
        if self.found is None:
            return
        apply = open_as_drawing if self.into_new.isChecked() else add_to_drawing
        found = self.found
        if self.into_new.isChecked() and not self._may_leave():
            return
        if messages.attempt(self, lambda: apply(self._session, self.image_HW3, found, self._path)):
            super().accept()

    def done(self, result: int) -> None:
        if not self._task.is_over:
            self._task.cancel()
        super().done(result)

    def _may_leave(self) -> bool:
        if not self._session.is_modified:
            return True
        answer = messages.ask_unsaved(self, self._session.title)
        if answer is messages.Answer.SAVE:
            self.show_note(_("Close this, save the drawing, and try again."))
        return answer is messages.Answer.DISCARD

    def _take(self, found: Segmentation) -> None:
        self.found = found
        self.work.setRange(0, 1)
        self.work.setValue(1)
        self.work.hide()
        self.labels.show_image(self._session.document.palette.colors[found.labels_HW])
        share = 100 * float((found.sure_HW < UNSURE).mean())
        text = _("{share} % of the pixels are unsure; they lie on a layer “Check me” above the others.")
        self.show_note(
            text.format(share=decimal(share)) if share >= 0.5 else _("Every pixel was read with confidence.")
        )
        self.accept_button.setEnabled(True)

    def _fail(self, error: StudioError) -> None:
        self.work.hide()
        self.show_note(f"{error.message} {error.hint}".strip())
