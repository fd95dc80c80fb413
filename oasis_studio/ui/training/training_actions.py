"""Train: fine-tune, watch, steer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.settings import write_settings
from oasis_studio.app.studio import Studio
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.preparation import TrainingPreparation
from oasis_studio.app.training.progress import RunStatus
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.training.check_page import CheckPage
from oasis_studio.ui.training.classes_page import ClassesPage
from oasis_studio.ui.training.data_page import DataPage
from oasis_studio.ui.training.length_page import LengthPage
from oasis_studio.ui.training.runs_dialog import RunsDialog
from oasis_studio.ui.training.start_page import StartPage
from oasis_studio.ui.training.wizard import Wizard


class TrainingActions(QObject):
    """Callbacks of the Train menu. ``wizard`` and ``monitor`` are the open windows, or None."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window, self._studio = window, studio
        self._session, self._training = studio.session, studio.training
        self._actions: ActionTable | None = None
        self.wizard: Wizard | None = None
        self.monitor: QWidget | None = None

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("train.fine_tune", _("&Fine-tune a model…"), self.fine_tune, "train", ("Ctrl+Alt+T",)),
            ActionSpec("train.monitor", _("&Show the training"), self.show_monitor, "train", ("Ctrl+Alt+M",)),
            ActionSpec("train.pause", _("&Pause"), self.pause_or_resume, "train", starts_section=True),
            ActionSpec("train.stop", _("Finish and keep the model"), self.stop, "train"),
            ActionSpec("train.discard", _("&Discard the training…"), self.discard, "train"),
            ActionSpec("train.runs", _("&Earlier trainings…"), self.show_runs, "train", starts_section=True),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        self._training.changed.connect(self._show)
        self._show()

    # -- starting -----------------------------------------------------------------------------------------------

    def fine_tune(self, folder: Path | None = None) -> None:
        """Open the wizard, or bring it to the front; ``folder`` is data to begin with."""
        if self._training.is_alive:
            self.show_monitor()
            return
        if self.wizard is not None:
            self.wizard.raise_()
            self.wizard.activateWindow()
            return
        plan = TrainingPlan(self._session.library, folder)
        plan.base = self._session.card
        preparation = TrainingPreparation(plan, self, self._training.python())
        pages = [
            DataPage(plan, self._studio.settings),
            CheckPage(plan),
            ClassesPage(plan),
            LengthPage(plan, preparation),
            start := StartPage(plan, preparation),
        ]
        wizard = self.wizard = Wizard(pages, self._window)
        wizard.start_wanted.connect(lambda: preparation.make(plan.preset, plan.title, start.credit.text()))
        preparation.made.connect(self._begin)
        preparation.failed.connect(wizard.refuse)
        wizard.finished.connect(preparation.discard)
        wizard.finished.connect(preparation.deleteLater)
        wizard.finished.connect(self._forget_wizard)
        wizard.show()

    def _begin(self, folder: Path) -> None:
        try:
            self._training.begin(folder)
        except StudioError as error:
            if self.wizard is not None:
                self.wizard.refuse(error)
            return
        if self.wizard is not None:
            self.wizard.accept()
        self.show_monitor()

    def _forget_wizard(self) -> None:
        self.wizard = None
        write_settings(self._studio.settings)

    # -- watching -----------------------------------------------------------------------------------------------

    def show_monitor(self) -> None:
        if self._training.process is None:
            return
        if self.monitor is None:
            from oasis_studio.ui.training.monitor import Monitor  # pyqtgraph takes long to import

            monitor = self.monitor = Monitor(self._training, self._window)
            monitor.discard_wanted.connect(self.discard)
            monitor.model_wanted.connect(self.use_model)
            monitor.destroyed.connect(self._forget_monitor)
        self.monitor.show()
        self.monitor.raise_()
        self.monitor.activateWindow()

    def show_runs(self) -> None:
        """What lies on the disk; a run that was shown and is gone is watched no more."""
        ask(RunsDialog(self.monitor or self._window))
        process = self._training.process
        if process is not None and not process.folder.is_dir():
            self._training.forget()

    def _forget_monitor(self) -> None:
        self.monitor = None

    def pause_or_resume(self) -> None:
        process = self._training.process
        if process is not None:
            work = process.resume if process.progress.status is RunStatus.PAUSED else process.pause
            messages.attempt(self._window, work)

    def stop(self) -> None:
        if self._training.process is not None:
            messages.attempt(self._window, self._training.process.stop)

    def discard(self) -> None:
        """Throw the run away, once the person said so."""
        process = self._training.process
        if process is not None and messages.ask_discard_training(self.monitor or self._window, process.progress.title):
            messages.attempt(self._window, process.discard)

    def use_model(self, model_id: str) -> None:
        """Render the drawing with a finished model; classes go by name."""

        def switch() -> None:
            self._session.switch_model(self._session.library.find(model_id)[1])

        if messages.attempt(self._window, switch):
            self._training.forget()

    def may_close(self) -> bool:
        """May the window be closed? Asks before the wizard goes with it, and what becomes of a training that runs."""
        if self.wizard is not None and not self.wizard.may_leave():
            return False
        if not self._training.is_alive or self._training.process is None:
            return True
        answer = messages.ask_training(self._window)
        if answer is messages.TrainingAnswer.STOP:
            self._training.process.stop()
        return answer is not messages.TrainingAnswer.CANCEL

    def _show(self) -> None:
        progress = self._training.progress
        status = progress.status if progress else None
        is_on = status in (RunStatus.RUNNING, RunStatus.PAUSED)
        if self._actions is not None:
            none = _("No training is running.")
            self._actions.allow("train.monitor", progress is not None, none)
            self._actions["train.pause"].setText(_("&Resume") if status is RunStatus.PAUSED else _("&Pause"))
            self._actions.allow("train.pause", is_on, none)
            self._actions.allow("train.stop", is_on or status is RunStatus.STARTING, none)
            can_end = progress is not None and status is not RunStatus.STOPPING
            self._actions.allow("train.discard", can_end, none)
