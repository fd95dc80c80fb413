"""Train > Label photos: from photo to photo with two keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDockWidget, QFileDialog, QWidget

from oasis_studio.app.session.settings import write_settings
from oasis_studio.app.studio import Studio
from oasis_studio.app.training.dataset_doctor import Suspect
from oasis_studio.core.files.projects.autosave import Labelled
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.questions import messages

_LENT = {"label.next": ("D", "model.dice"), "label.previous": ("A", "")}
"""Keys that step through photos while a folder is open, and the action that has them otherwise."""


class LabellingActions(QObject):
    """While a folder is open, D and A step through its photos; the dice keeps its button."""

    def __init__(self, window: QWidget, studio: Studio, may_leave: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._studio = window, studio
        self._labelling, self._doctor = studio.labelling, studio.doctor
        self._may_leave = may_leave
        self._actions: ActionTable | None = None
        self._kept: dict[str, list[QKeySequence]] = {}

    def specs(self) -> list[ActionSpec]:
        step = self._labelling.step
        return [
            ActionSpec("train.label", _("&Label photos…"), self.open, "train", starts_section=True),
            ActionSpec("label.next", _("Next photo"), lambda: self._try(partial(step, 1)), keys=("Alt+D",)),
            ActionSpec("label.previous", _("Previous photo"), lambda: self._try(partial(step, -1)), keys=("Alt+A",)),
            ActionSpec("label.save", _("Save the pair"), lambda: self._try(self._labelling.save), keys=("Alt+Return",)),
            ActionSpec("label.guess", _("Let the model read the photo"), self._labelling.guess, keys=("Alt+G",)),
            ActionSpec("label.mistakes", _("Find &mistakes…"), lambda: self._try(self._doctor.find), "train"),
            ActionSpec("label.close", _("Stop la&belling"), self._labelling.close_folder, "train"),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        self._labelling.changed.connect(self._show)
        for signal in (self._doctor.changed, self._studio.session.model_changed, self._studio.session.document_opened):
            signal.connect(self._show)
        for failed in (self._labelling.failed, self._doctor.failed):
            failed.connect(lambda error: messages.show_error(self._window, error))
        self._show()

    def open(self) -> None:
        settings = self._studio.settings
        start = next((Path(name) for name in [*settings.data_places, *settings.recent_data]), Path.home())
        name = QFileDialog.getExistingDirectory(self._window, _("Folder of photos to label"), str(start))
        if name and self._may_leave():
            self.open_folder(Path(name))

    def open_folder(self, folder: Path) -> None:
        """Begin labelling there, and show the panel."""
        if self._try(lambda: self._labelling.open_folder(folder)):
            write_settings(self._studio.settings)
            self._show_panel()

    def _show_panel(self) -> None:
        dock = self._window.findChild(QDockWidget, "dataset")
        if dock is not None:
            dock.show()
            dock.raise_()

    def take_up(self, labelled: Labelled) -> None:
        """A drawing that was recovered is the label map of that photo: labelling goes on there."""
        if self._try(lambda: self._labelling.take_up(labelled)):
            self._show_panel()

    def go_to(self, index: int) -> None:
        """Open that photo of the folder; of a drawing that is none of its label maps is asked first."""
        if self._labelling.is_open or self._may_leave():
            self._try(lambda: self._labelling.go_to(index))

    def look_at(self, suspect: Suspect) -> bool:
        """Show a region that is probably mislabelled."""
        return (self._labelling.is_open or self._may_leave()) and self._try(lambda: self._doctor.look_at(suspect))

    def _try(self, work: Callable[[], None]) -> bool:
        return messages.attempt(self._window, work)

    def _show(self) -> None:
        labelling, actions = self._labelling, self._actions
        if actions is None:
            return
        is_open = labelling.is_open
        none = _("No folder of photos is open for labelling.")
        is_last = labelling.index + 1 >= len(labelling.photos)
        actions.allow("label.next", is_open and not is_last, _("This is the last photo.") if is_open else none)
        is_first = labelling.index <= 0
        actions.allow("label.previous", is_open and not is_first, _("This is the first photo.") if is_open else none)
        actions.allow("label.save", is_open, none)
        guesses = labelling.can_guess and not labelling.is_guessing
        actions.allow("label.guess", guesses, _("No photo is open whose labels could be guessed.") if is_open else none)
        actions.allow("label.close", labelling.folder is not None, none)
        busy = _("The photos are being read already.") if self._doctor.is_running else ""
        actions.refuse("label.mistakes", busy or self._doctor.refusal)
        self._lend_keys(actions, is_open)

    def _lend_keys(self, actions: ActionTable, is_open: bool) -> None:
        """Hand D and A over while photos are stepped through, and give them back."""
        if is_open == bool(self._kept):
            return
        if is_open:
            for name, (key, owner) in _LENT.items():
                for each in filter(None, (name, owner)):
                    self._kept[each] = actions[each].shortcuts()
                lent = QKeySequence(key)
                if owner:
                    actions[owner].setShortcuts([kept for kept in self._kept[owner] if kept != lent])
                actions[name].setShortcuts([*self._kept[name], lent])
        else:
            for name, keys in self._kept.items():
                actions[name].setShortcuts(keys)
            self._kept.clear()
