"""The banner that says why a training ended, and offers what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from oasis_studio.app.training.progress import RunStatus, TrainingProgress
from oasis_studio.app.training.training import Training
from oasis_studio.i18n import _
from oasis_studio.ui.questions import messages
from oasis_studio.ui.widgets.text import label


class RunBanner(QFrame):
    """Hidden unless the run was cut off, failed, or is finished and its model waits to be used."""

    model_wanted = Signal(str)
    """Id of the model that the drawing is to be rendered with."""
    discard_wanted = Signal()

    def __init__(self, training: Training) -> None:
        super().__init__()
        self._training = training
        self._dismissed: TrainingProgress | None = None
        self.setObjectName("banner")
        self.message = label("", "bannerMessage", wraps=True)
        self.hint = label("", "bannerHint", wraps=True)
        self.use_button = self._button(_("Use it in this document"), self._use)
        self.resume_button = self._button(_("Go on training"), self._resume)
        for button in (self.use_button, self.resume_button):
            button.setObjectName("primary")
        self.discard_button = self._button(_("Discard"), self.discard_wanted.emit)
        self.leave_button = self._button(_("Leave it"), self._leave)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.message)
        words.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in (self.discard_button, self.leave_button, self.resume_button, self.use_button):
            row.addWidget(button)
        training.changed.connect(self._show)
        self._show()

    def _button(self, text: str, work: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: work())
        return button

    def _show(self) -> None:
        progress = self._training.progress
        shown = progress is not None and progress is not self._dismissed
        status = progress.status if progress else None
        is_bad = status in (RunStatus.BROKEN, RunStatus.FAILED)
        is_done = status is RunStatus.FINISHED and bool(progress and progress.model_id)
        self.setVisible(shown and (is_bad or is_done))
        if progress is None or not shown:
            return
        name = progress.title
        if is_done:
            self.message.setText(_("“{name}” is finished and in your library.").format(name=name))
            self.hint.setText(_("Classes keep their places by name."))
        else:
            self.message.setText(_("“{name}”: {problem}").format(name=name, problem=progress.message))
            self.hint.setText(progress.hint)
        self.hint.setVisible(bool(self.hint.text()))
        self.setProperty("kind", "good" if is_done else "bad")
        self.style().unpolish(self)
        self.style().polish(self)
        self.use_button.setVisible(is_done)
        self.resume_button.setVisible(is_bad)
        self.discard_button.setVisible(is_bad)

    def _use(self) -> None:
        progress = self._training.progress
        if progress is not None:
            self.model_wanted.emit(progress.model_id)

    def _resume(self) -> None:
        messages.attempt(self.window(), self._training.go_on)

    def _leave(self) -> None:
        self._training.forget()
