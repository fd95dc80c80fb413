"""Fourth page: how long, with what it takes on this machine."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QProgressBar, QPushButton, QRadioButton, QVBoxLayout

from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.preparation import Estimate, TrainingPreparation
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.training.page import Page
from oasis_studio.ui.widgets.durations import duration, memory
from oasis_studio.ui.widgets.text import label


class LengthPage(Page):
    """The photos are copied and ten steps taken in the background; then every preset says its time."""

    def __init__(self, plan: TrainingPlan, preparation: TrainingPreparation) -> None:
        super().__init__(plan)
        self.title = _("Length")
        self.lead = _("Longer is better, up to a point. You can pause, stop early, and go on later.")
        self._preparation = preparation
        self._group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self._times = {}
        for name, title, text in presets():
            self.column.addWidget(self._card(name, title, text))
        self.column.addStretch(1)
        self._doing = label("", "dim", wraps=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.retry_button = QPushButton(_("Try again"))
        self.retry_button.clicked.connect(self._prepare)
        row = QHBoxLayout()
        row.addWidget(self._doing, 1)
        row.addWidget(self.retry_button)
        self.column.addLayout(row)
        self.column.addWidget(self.bar)
        preparation.told.connect(self._show_progress)
        preparation.estimated.connect(self._show_estimate)
        preparation.failed.connect(self._show_failure)

    def _card(self, name: str, title: str, text: str) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        choice = QRadioButton(title)
        choice.toggled.connect(lambda is_on, chosen=name: self._choose(chosen, is_on))
        self._group.addButton(choice)
        self.choices[name] = choice
        time = self._times[name] = label("", "")
        head = QHBoxLayout()
        head.addWidget(choice, 1)
        head.addWidget(time)
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        column.addLayout(head)
        note = label(text, "dim", wraps=True)
        note.setContentsMargins(22, 0, 0, 0)
        column.addWidget(note)
        return card

    @property
    def is_ready(self) -> bool:
        return self._preparation.fits

    def enter(self) -> None:
        self.choices[self.plan.preset or next(iter(self.choices))].setChecked(True)
        if self._preparation.fits and self._preparation.estimate is not None:
            self._show_estimate(self._preparation.estimate)
        else:
            self._prepare()

    def stop(self) -> None:
        if not self._preparation.fits:
            self._preparation.discard()

    def _choose(self, name: str, is_on: bool) -> None:
        if is_on:
            self.plan.preset = name

    def _prepare(self) -> None:
        self.retry_button.hide()
        self.bar.show()
        for time in self._times.values():
            time.setText(_("measuring…"))
        try:
            self._preparation.prepare()
        except StudioError as error:
            self._show_failure(error)
        self.readiness_changed.emit()

    def _show_progress(self, doing: str, done: int, total: int) -> None:
        self._doing.setObjectName("dim")
        self._doing.setText(doing)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _show_estimate(self, estimate: Estimate) -> None:
        for name, time in self._times.items():
            time.setText(_("about {time}").format(time=duration(estimate.seconds[name])))
        text = _("Measured here: {rate} photos a second on {device}, up to {memory} of memory.")
        device = _("the graphics card") if estimate.device.startswith(("cuda", "mps")) else _("the processor")
        rate = decimal(estimate.images_per_second, 1)
        self._doing.setText(text.format(rate=rate, device=device, memory=memory(estimate.memory_mb)))
        self.bar.hide()
        self.readiness_changed.emit()

    def _show_failure(self, error: StudioError) -> None:
        self._doing.setText(" ".join(filter(None, (error.message, error.hint))))
        self.bar.hide()
        self.retry_button.show()
        for time in self._times.values():
            time.setText("")
        self.readiness_changed.emit()


def presets() -> list[tuple[str, str, str]]:
    """Name, title and sentence, the shortest first."""
    return [
        ("try", _("A quick try"), _("Shows whether the photos and classes fit. Colours and mood change first.")),
        (
            "evening",
            _("An evening"),
            _("Textures of your photos appear. Good for a few dozen to a few hundred photos."),
        ),
        ("long", _("Overnight"), _("The best that this machine can do with many photos.")),
    ]
