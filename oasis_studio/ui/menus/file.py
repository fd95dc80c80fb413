"""File: new, open, save, recover, and what asks before changes are lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.files.drawings import Sample, first_sample, samples
from oasis_studio.app.files.incoming import Incoming, kind_of
from oasis_studio.app.studio import Studio
from oasis_studio.core.disk.endings import ending
from oasis_studio.core.disk.openable import DRAWING, MODEL
from oasis_studio.core.files.projects.autosave import discard, recoveries
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec
from oasis_studio.ui.dialogs.new_document import NewDocumentDialog
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from oasis_studio.ui.menus.transfer import TransferActions
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.questions.places import Places
from oasis_studio.ui.questions.waiting import wait_for
from oasis_studio.ui.widgets.thumbnails import thumbnail_icon


class FileActions(QObject):
    """Callbacks of the File menu. Failures are told in a dialog, and nothing is lost."""

    told = Signal(str)
    """A sentence for the status line."""
    refused = Signal(object)
    """StudioError: the drawing could not be saved and stays open, unsaved."""
    photo_given = Signal(object)
    """Path: a photo was to be opened, and it has to be asked what it is for."""
    recovered = Signal(object)
    """Labelled: the drawing that was recovered is the label map of a photo."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._refused: Path | None = None
        self._window = window
        self._session, self._feed = studio.session, studio.feed
        self._drawings, self._jobs = studio.drawings, studio.jobs
        self._labelling = studio.labelling
        self._places = Places(studio.session, studio.settings)
        self.transfers = TransferActions(window, studio, self._places, self.may_close)
        self.transfers.told.connect(self.told)

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("file.new", _("&New…"), self.new, "file", ("Ctrl+N",)),
            ActionSpec("file.open", _("&Open…"), self.open, "file", ("Ctrl+O",)),
            ActionSpec("file.save", _("&Save"), self.save, "file", ("Ctrl+S",), starts_section=True),
            ActionSpec("file.save_as", _("Save &as…"), self.save_as, "file", ("Ctrl+Shift+S",)),
            *self.transfers.specs(),
            ActionSpec("file.quit", _("&Quit"), self._window.close, "file", ("Ctrl+Q",), starts_section=True),
        ]

    # -- opening ------------------------------------------------------------------------------------------------

    def new(self) -> None:
        dialog = NewDocumentDialog(self._session.library.cards(), self._session.document, self._window)
        if ask(dialog) and self.may_close():
            self._try(lambda: self._session.open(dialog.document()))

    def open(self) -> None:
        if not self.may_close():
            return
        path = file_names.ask_open(self._window, _("Open drawing"), file_names.drawing_filter(), self._places.folder())
        if path:
            self.open_path(path, asks=False)

    def open_path(self, path: Path, asks: bool = True) -> None:
        """Open a drawing, one of another program, a label map or a photo, or install a model.

        What is none of these is tried as a label map, which says what is wrong with it.
        """
        kind = kind_of(path)
        if kind is Incoming.MODEL:
            self._install_model(path)
        elif kind is Incoming.OPENRASTER:
            self.transfers.take_openraster(path)
        elif kind is Incoming.PHOTO:
            self.photo_given.emit(path)
        elif kind is not Incoming.DRAWING:
            self.transfers.take_labels(path)
        elif not asks or self.may_close():
            self._open_drawing(path)

    def _open_drawing(self, path: Path) -> None:
        if self._try(lambda: self._tell(self._drawings.open(path))):
            self._places.remember(path)
        elif not path.exists():
            self._places.forget(path)

    def open_sample(self, sample: Sample) -> None:
        if self.may_close():
            self._try(lambda: self._drawings.open_sample(sample))

    def open_first(self, path: Path | None) -> None:
        """What the window starts with: the file asked for, else unsaved work, else a sample, else nothing painted."""
        scene, empty = first_sample(), self._session.document
        is_recovered = self._recover()
        has_file = path is not None and path.exists()
        if has_file and path is not None and ending(path) != MODEL and not is_recovered:
            self.open_path(path)
            if self._session.document is empty:  # it was no drawing, or could not be opened
                self._feed.request()
        elif is_recovered:
            return
        elif scene is not None:
            self._try(lambda: self._drawings.open_sample(scene))
        else:
            self._feed.request()
        if path is not None and not has_file:
            text = _("There is no file {path}.").format(path=path)
            messages.show_error(self._window, StudioError(text, _("It may have been moved or renamed.")))
        elif path is not None and ending(path) == MODEL:
            self.open_path(path)

    def _install_model(self, path: Path) -> None:
        """A model that was opened like a document becomes one of the library."""

        def install() -> None:
            card = self._session.library.import_archive(path)
            self.told.emit(_("Installed the model {name}; Model > Use model chooses it.").format(name=card.name))
            self._session.look_for_model()

        self._try(install)

    def _recover(self) -> bool:
        """Offer what a program that crashed left behind; True if a drawing was opened."""
        found = [each for each in recoveries() if each.is_newer]
        if not found:
            return False
        dialog = RecoveryDialog(found, self._window)
        ask(dialog)
        for gone in dialog.discarded:
            discard(None, gone.key)
        chosen = dialog.chosen
        if chosen is None or not self._try(lambda: self._tell(self._drawings.recover(chosen))):
            return False
        if chosen.labelled is not None:
            self.recovered.emit(chosen.labelled)
        return True

    def fill_samples(self, menu: QMenu) -> None:
        menu.clear()
        for sample in samples():
            menu.addAction(sample.title).triggered.connect(partial(self._open_sample_clicked, sample))
        if menu.isEmpty():
            menu.addAction(_("There are no samples")).setEnabled(False)

    def _open_sample_clicked(self, sample: Sample, _checked: bool = False) -> None:
        self.open_sample(sample)

    def fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in self._places.recent:
            action = menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.setIcon(thumbnail_icon(path))
            action.setIconVisibleInMenu(True)
            action.triggered.connect(partial(self._open_recent_clicked, path))
        if menu.isEmpty():
            menu.addAction(_("Nothing opened yet")).setEnabled(False)

    def _open_recent_clicked(self, path: Path, _checked: bool = False) -> None:
        self.open_path(path)

    # -- saving -------------------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """May the open drawing be left? Asks if it has unsaved changes, and waits for files on their way.

        A gesture that is under way ends first: what it did is a change, and files wait for its end.
        """
        self._session.settle()
        wait_for(self._jobs, self._window)
        if not self._session.is_modified:
            return True
        answer = messages.ask_unsaved(self._window, self._session.title)
        if answer is messages.Answer.SAVE:
            if self._labelling.labelled() is not None:
                self._try(self._labelling.save)
            if self._session.is_modified:
                self.save()
            wait_for(self._jobs, self._window)
            return not self._session.is_modified
        return answer is messages.Answer.DISCARD

    def save(self) -> None:
        """Save where it was opened from, behind the window; asks for a place if there is none."""
        if self._session.path:
            self._write(self._session.path)
        else:
            self.save_as()

    def save_as(self) -> None:
        proposal = self._places.proposal(DRAWING)
        path = file_names.ask_save(self._window, _("Save drawing"), file_names.drawing_filter(), proposal)
        if path is not None:
            self._write(path)

    def save_again(self) -> None:
        """Where it could not be saved a moment ago."""
        if self._refused is not None:
            self._write(self._refused)

    def _write(self, path: Path) -> None:
        self._session.settle()
        self._try(lambda: self._drawings.save_later(path, partial(self._tell_written, path)))

    def _tell_written(self, path: Path, error: StudioError | None) -> None:
        if error is not None:
            self._refused = path
            self.refused.emit(error)
            return
        self._places.remember(path)
        self.told.emit(_("Saved {name}.").format(name=path.name))

    # -- what they share ----------------------------------------------------------------------------------------

    def _tell(self, report: str) -> None:
        if report:
            self.told.emit(report)

    def _try(self, work: Callable[[], object]) -> bool:
        return messages.attempt(self._window, work)
