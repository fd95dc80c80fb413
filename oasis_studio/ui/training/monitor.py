"""The window that watches a training: curves, samples, the open scene as it learns, and the reins."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.training.progress import RunStatus, TrainingProgress
from oasis_studio.app.training.training import Training
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.training.curves import Curves
from oasis_studio.ui.training.pictures import PictureView
from oasis_studio.ui.training.run_banner import RunBanner
from oasis_studio.ui.training.status_texts import loss_title, state_text, time_left
from oasis_studio.ui.training.strip import Strip
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.underlay import qimage

_SIZE = (1080, 700)
_HELD_OUT = "kernel_distance"
_GRADIENT = "gradient_"
"""Begins the names of gradients' norms: they are many times the losses, which would look like one flat line."""


class Monitor(QDialog):
    """Stays beside the editor; closing it changes nothing about the training."""

    discard_wanted = Signal()
    model_wanted = Signal(str)

    def __init__(self, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training = training
        self._shown_sheet: Path | None = None
        self.setObjectName("monitor")
        self.setWindowTitle(_("Training"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.banner = RunBanner(training)
        self.banner.model_wanted.connect(self.model_wanted)
        self.banner.discard_wanted.connect(self.discard_wanted)
        self._title = label("", "pageTitle")
        self._state = label("", "dim")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.facts = label("", "dim", wraps=True)
        self.losses = Curves(_("Losses"), _("The first numbers come after a few steps."))
        self.quality = Curves(
            _("Distance to held-out photos (less is better)"), _("Measured with every preview, once there is one.")
        )
        self.scene = PictureView(_("Your scene"), _("Your open scene appears here with the first preview."))
        self.samples = PictureView(
            _("Samples"), _("Photos that were held out appear here: label map, result, the photo itself.")
        )
        self.strip = Strip()
        self._moment = label("", "dim")
        self._notes = label("", "warning", wraps=True)
        self.pause_button = QPushButton(_("Pause"))
        self.preview_button = QPushButton(_("Preview now"))
        self.stop_button = QPushButton(_("Finish and keep the model"))
        self.stop_button.setToolTip(_("Ends the training and puts its best state so far into your library"))
        self._is_pausing = False
        self.discard_button = QPushButton(_("Discard…"))
        self._connect()
        self._lay_out()
        self._show()

    def _connect(self) -> None:
        for button in (self.pause_button, self.preview_button, self.stop_button, self.discard_button):
            button.setAutoDefault(False)
        self.pause_button.clicked.connect(self._pause_or_resume)
        self.preview_button.clicked.connect(self._ask_preview)
        self.stop_button.clicked.connect(self._stop)
        self.discard_button.clicked.connect(self.discard_wanted)
        self.strip.chosen.connect(self._show_moment)
        self._training.changed.connect(self._show)
        self._training.scene_shown.connect(self._show_previews)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        left = _card(self.losses, self.quality)
        scene_row = QHBoxLayout()
        scene_row.addWidget(label(_("Your scene"), "heading"), 1)
        scene_row.addWidget(self._moment)
        right = QFrame()
        right.setObjectName("card")
        column = QVBoxLayout(right)
        column.setContentsMargins(12, 8, 12, 12)
        column.addLayout(scene_row)
        column.addWidget(self.scene, 3)
        column.addWidget(label(_("Held-out photos: label map, result, photo"), "heading"))
        column.addWidget(self.samples, 2)
        column.addWidget(self.strip)
        middle = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=8)
        middle.addWidget(left)
        middle.addWidget(right)
        middle.setSizes([520, 540])
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.discard_button)
        buttons.addStretch(1)
        for button in (self.preview_button, self.pause_button, self.stop_button):
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(8)
        whole.addWidget(self.banner)
        whole.addLayout(head)
        whole.addWidget(self.bar)
        whole.addWidget(self.facts)
        whole.addWidget(middle, 1)
        whole.addWidget(self._notes)
        whole.addLayout(buttons)
        self.resize(*_SIZE)
        self.setMinimumSize(820, 560)

    # -- showing ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        progress = self._training.progress
        if progress is None:
            self.close()
            return
        self._title.setText(progress.title or _("Training"))
        self._state.setText(state_text(progress))
        self.bar.setValue(round(1000 * progress.share))
        self.facts.setText(_facts(progress))
        losses = {key: points for key, points in progress.losses.items() if not key.startswith(_GRADIENT)}
        self.losses.show_curves({key: (loss_title(key), points) for key, points in losses.items()})
        held_out = progress.metrics.get(_HELD_OUT, [])
        self.quality.show_curves({_HELD_OUT: (_("distance"), held_out)} if held_out else {})
        self._notes.setText("\n".join(dict.fromkeys(progress.notes)))
        self._notes.setVisible(bool(progress.notes))
        self._show_buttons(progress.status)
        self._show_previews()

    def _show_buttons(self, status: RunStatus) -> None:
        is_on = status in (RunStatus.RUNNING, RunStatus.PAUSED)
        self._is_pausing = self._is_pausing and status is RunStatus.RUNNING
        words = _("Pausing after this step…") if self._is_pausing else _("Pause")
        self.pause_button.setText(_("Resume") if status is RunStatus.PAUSED else words)
        self.pause_button.setEnabled(is_on and not self._is_pausing)
        self.preview_button.setEnabled(is_on)
        self.stop_button.setEnabled(is_on or status is RunStatus.STARTING)
        self.discard_button.setEnabled(not status.is_end and status is not RunStatus.STOPPING)

    def _show_previews(self) -> None:
        """The newest, unless the person is looking at an older one."""
        progress = self._training.progress
        if progress is None:
            return
        pictures = {scene.images: qimage(scene.image_HW3) for scene in self._training.scenes}
        if progress.status.is_end and self._training.process is not None:  # no more pictures of the scene will come
            for preview in progress.previews:
                if preview.images not in pictures and not self.strip.has_picture(preview.images):
                    pictures[preview.images] = QImage(str(self._training.process.folder / preview.sheet))
        self.strip.show_moments([preview.images for preview in progress.previews], pictures)
        self._show_moment()

    def _show_moment(self, _images: int = 0) -> None:
        progress, process, moment = self._training.progress, self._training.process, self.strip.moment
        if progress is None or process is None:
            return
        scene = next((scene for scene in self._training.scenes if scene.images == moment), None)
        self.scene.show_image(None if scene is None else qimage(scene.image_HW3))
        sheet = next((preview.sheet for preview in progress.previews if preview.images == moment), None)
        path = None if sheet is None else process.folder / sheet
        if path != self._shown_sheet:
            self._shown_sheet = path
            self.samples.show_image(None if path is None else QImage(str(path)))
        self._moment.setText("" if moment is None else _("after {count} photos").format(count=moment))

    # -- the reins ----------------------------------------------------------------------------------------------

    def _pause_or_resume(self) -> None:
        process = self._training.process
        if process is not None:
            self._is_pausing = process.progress.status is not RunStatus.PAUSED
            (process.pause if self._is_pausing else process.resume)()
            self._show_buttons(process.progress.status)

    def _ask_preview(self) -> None:
        if self._training.process is not None:
            self._training.process.ask_preview()

    def _stop(self) -> None:
        if self._training.process is not None:
            self._training.process.stop()


def _facts(progress: TrainingProgress) -> str:
    seen = _("{images} of {total} photos seen").format(images=progress.images, total=progress.total_images or "?")
    rate = ""
    if progress.images_per_second:
        rate = _("{rate} photos a second").format(rate=decimal(progress.images_per_second, 1))
    pairs = ""
    if progress.photos:
        pairs = _("{photos} photos to learn from, {held_out} held out").format(
            photos=progress.photos, held_out=progress.held_out
        )
    return " · ".join(part for part in (seen, rate, time_left(progress), pairs) if part)


def _card(*parts: QWidget) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(12, 8, 12, 12)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part, 1)
    return card
