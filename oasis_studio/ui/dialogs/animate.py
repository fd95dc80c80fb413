"""Animate: which file, how long, how fast; then progress, with the frames as they come."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QWidget

from oasis_studio.app.regions.animation import FEWEST_FRAMES, MOST_FRAMES
from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.files.pictures.animation import AnimationKind
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.docks.region_texts import region_name
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.file_names import ask_save
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.questions.places import Places, Purpose
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.underlay import qimage

_PREVIEW = 240


class AnimateDialog(Form):
    """Closing it cancels what is under way."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(_("Animate"), _("Choose file…"), parent)
        self._studio, self._animation = studio, studio.animation
        self._keys = tuple(sorted(studio.session.regions.chosen)) or (WHOLE_IMAGE,)
        names = ", ".join(region_name(studio.session, key) for key in self._keys[:4])
        self.kind = QComboBox()
        for kind, text in _kinds().items():
            self.kind.addItem(text, kind)
        self.frames = NumberField(FEWEST_FRAMES, MOST_FRAMES)
        self.frames.setValue(48)
        self.frames.setSuffix(_(" frames"))
        self.per_second = NumberField(1, 60)
        self.per_second.setValue(24)
        self.per_second.setSuffix(_(" a second"))
        for field in (self.frames, self.per_second):
            field.setFixedWidth(140)
        self.rows.addRow(_("Loop"), QLabel(names))
        self.rows.addRow(_("Length"), self.frames)
        self.rows.addRow(_("Speed"), self.per_second)
        self.rows.addRow(_("Format"), self.kind)
        self.preview = QLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.hide()
        self.rows.addRow(self.preview)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.rows.addRow(self.progress)
        self.show_note(_("The noise of what is chosen goes once around a circle, so that the end meets the beginning."))
        animation = self._animation
        animation.progressed.connect(self._show_progress)
        animation.frame_made.connect(self._show_frame)
        animation.finished.connect(self._finish)
        animation.failed.connect(self._fail)
        animation.cancelled.connect(self._stop)

    def accept(self) -> None:
        """Ask for the file, then begin."""
        kind = AnimationKind(self.kind.currentData())  # Qt gives back a plain string
        places = Places(self._studio.session, self._studio.settings)
        proposal = places.proposal(kind.value or " " + _("frames"), Purpose.PHOTOS)
        name_filter = f"{self.kind.currentText()} (*{kind.value})" if kind.value else _("Folder") + " (*)"
        path = ask_save(self, _("Save animation"), name_filter, proposal)
        if path is None:
            return
        places.use(Purpose.PHOTOS, path)
        count, speed = self.frames.value(), self.per_second.value()
        if messages.attempt(self, lambda: self._animation.start(self._keys, path, count, speed)):
            self._set_busy(True)

    @property
    def loss(self) -> str:
        return _("What is under way stops, and what it made so far is lost.") if self._animation.is_running else ""

    def reject(self) -> None:
        """While frames are rendered this stops them, and the dialog stays."""
        if not self._animation.is_running:
            super().reject()
        elif self.may_leave():
            self._animation.cancel()

    def _set_busy(self, is_busy: bool) -> None:
        for widget in (self.kind, self.frames, self.per_second, self.accept_button):
            widget.setEnabled(not is_busy)
        self.progress.setVisible(is_busy)
        self.preview.setVisible(is_busy)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setMaximum(total)
        self.progress.setValue(done)

    def _show_frame(self, image_HW3: np.ndarray) -> None:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self.preview.setPixmap(QPixmap.fromImage(qimage(image_HW3)).scaled(_PREVIEW, _PREVIEW, keep, smooth))

    def _finish(self) -> None:
        super().accept()

    def _stop(self) -> None:
        self._set_busy(False)

    def _fail(self, error: StudioError) -> None:
        self._set_busy(False)
        messages.show_error(self, error)


def _kinds() -> dict[AnimationKind, str]:
    return {
        AnimationKind.MP4: _("MP4 video"),
        AnimationKind.GIF: _("GIF"),
        AnimationKind.WEBP: _("WebP"),
        AnimationKind.FRAMES: _("Folder of PNG frames"),
    }
