"""File: new, open, save, import, export, and what asks before changes are lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.drawings import SUFFIX, Sample, first_sample, samples
from oasis_studio.app.settings import write_settings
from oasis_studio.app.studio import Studio
from oasis_studio.core.files.autosave import discard, recoveries
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui import messages
from oasis_studio.ui.actions import ActionSpec
from oasis_studio.ui.dialogs import file_names
from oasis_studio.ui.dialogs.import_labels import ImportLabelsDialog
from oasis_studio.ui.dialogs.new_document import NewDocumentDialog
from oasis_studio.ui.dialogs.recovery import RecoveryDialog


class FileActions(QObject):
    """Callbacks of the File menu. Failures are told in a dialog, and nothing is lost."""

    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window = window
        self._session, self._feed = studio.session, studio.feed
        self._drawings, self._settings = studio.drawings, studio.settings
        self._waiting_export: Path | None = None
        self._feed.photo_shown.connect(self._export_when_ready)
        self._session.document_opened.connect(self._forget_export)

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("file.new", _("&New…"), self.new, "file", ("Ctrl+N",)),
            ActionSpec("file.open", _("&Open…"), self.open, "file", ("Ctrl+O",)),
            ActionSpec("file.save", _("&Save"), self.save, "file", ("Ctrl+S",), starts_section=True),
            ActionSpec("file.save_as", _("Save &as…"), self.save_as, "file", ("Ctrl+Shift+S",)),
            ActionSpec(
                "file.import", _("&Import labels…"), self.import_labels, "file", ("Ctrl+I",), starts_section=True
            ),
            ActionSpec("file.export", _("&Export photo…"), self.export_photo, "file", ("Ctrl+E",), "export-variant"),
            ActionSpec("file.export_labels", _("Export &labels…"), self.export_labels, "file", ("Ctrl+Shift+E",)),
            ActionSpec("file.quit", _("&Quit"), self._window.close, "file", ("Ctrl+Q",), starts_section=True),
        ]

    # -- opening ------------------------------------------------------------------------------------------------

    def new(self) -> None:
        dialog = NewDocumentDialog(self._session.library.cards(), self._session.document, self._window)
        if dialog.exec() and self.may_close():
            self._try(lambda: self._session.open(dialog.document()))

    def open(self) -> None:
        if not self.may_close():
            return
        path = file_names.ask_open(self._window, _("Open drawing"), file_names.drawing_filter(), self._folder())
        if path:
            self.open_path(path, asks=False)

    def open_path(self, path: Path, asks: bool = True) -> None:
        """Open a drawing, or import a label map, by its name."""
        if path.suffix.lower() != SUFFIX:
            self._import(path)
        elif not asks or self.may_close():
            self._open_drawing(path)

    def _open_drawing(self, path: Path) -> None:
        if self._try(lambda: self._drawings.open(path)):
            self._remember(path)
        elif not path.exists():
            self._settings.forget(path)

    def open_sample(self, sample: Sample) -> None:
        if self.may_close():
            self._try(lambda: self._drawings.open_sample(sample))

    def open_first(self, path: Path | None) -> None:
        """What the window starts with: the file asked for, else unsaved work, else a sample, else nothing painted."""
        scene = first_sample()
        is_recovered = self._recover()
        if path is not None and not is_recovered:
            self.open_path(path)
        elif is_recovered:
            return
        elif scene is not None:
            self._try(lambda: self._drawings.open_sample(scene))
        else:
            self._feed.request()

    def _recover(self) -> bool:
        """Offer what a program that crashed left behind; True if a drawing was opened."""
        found = [each for each in recoveries() if each.is_newer]
        if not found:
            return False
        dialog = RecoveryDialog(found, self._window)
        dialog.exec()
        for gone in dialog.discarded:
            discard(None, gone.key)
        chosen = dialog.chosen
        return chosen is not None and self._try(lambda: self._drawings.recover(chosen))

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
        for name in self._settings.recent_files:
            path = Path(name)
            action = menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(partial(self._open_recent_clicked, path))
        if menu.isEmpty():
            menu.addAction(_("Nothing opened yet")).setEnabled(False)

    def _open_recent_clicked(self, path: Path, _checked: bool = False) -> None:
        self.open_path(path)

    # -- saving -------------------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """May the open drawing be left? Asks if it has unsaved changes."""
        if not self._session.is_modified:
            return True
        answer = messages.ask_unsaved(self._window, self._session.title)
        return answer is messages.Answer.DISCARD or (answer is messages.Answer.SAVE and self.save())

    def save(self) -> bool:
        """Save where it was opened from; asks for a place if there is none. False if it is not saved."""
        return self._write(self._session.path) if self._session.path else self.save_as()

    def save_as(self) -> bool:
        proposal = self._proposal(SUFFIX)
        path = file_names.ask_save(self._window, _("Save drawing"), file_names.drawing_filter(), proposal)
        return path is not None and self._write(path)

    def _write(self, path: Path) -> bool:
        if not self._try(lambda: self._drawings.save(path)):
            return False
        self._remember(path)
        self.told.emit(_("Saved {name}.").format(name=path.name))
        return True

    # -- labels and photos --------------------------------------------------------------------------------------

    def import_labels(self) -> None:
        path = file_names.ask_open(self._window, _("Import labels"), file_names.labels_filter(), self._folder())
        if path:
            self._import(path)

    def _import(self, path: Path) -> None:
        try:
            labels = self._drawings.read_labels(path)
            size = (labels.shape[1], labels.shape[0])
            dialog = ImportLabelsDialog(path.name, size, self._drawings.fits(labels), self._window)
            if not dialog.exec():
                return
            if dialog.wants_layer:
                self._drawings.add_as_layer(labels, path.stem)
            elif self.may_close():
                self._drawings.open_labels(labels, path.stem)
        except StudioError as error:
            messages.show_error(self._window, error)

    def export_labels(self) -> None:
        proposal = self._proposal("-labels.png")
        path = file_names.ask_save(self._window, _("Export labels"), file_names.labels_filter(), proposal)
        if path and self._try(lambda: self._drawings.export_labels(path)):
            self.told.emit(_("Exported {name}.").format(name=path.name))

    def export_photo(self) -> None:
        """Write the photo; while a newer one is on its way, that one."""
        proposal = self._proposal(".png")
        path = file_names.ask_save(self._window, _("Export photo"), file_names.photo_filter(), proposal)
        if path and self._feed.is_rendering:
            self._waiting_export = path
            self.told.emit(_("{name} is written as soon as the photo is ready.").format(name=path.name))
        elif path:
            self._write_photo(path)

    def _export_when_ready(self) -> None:
        path = self._waiting_export
        if path is not None and not self._feed.is_rendering:
            self._waiting_export = None
            self._write_photo(path)

    def _forget_export(self) -> None:
        self._waiting_export = None

    def _write_photo(self, path: Path) -> None:
        if self._try(lambda: self._drawings.export_photo(path)):
            self.told.emit(_("Exported {name}.").format(name=path.name))

    # -- what they share ----------------------------------------------------------------------------------------

    def _try(self, work: Callable[[], object]) -> bool:
        return messages.attempt(self._window, work)

    def _remember(self, path: Path) -> None:
        self._settings.remember(path)
        write_settings(self._settings)

    def _folder(self) -> Path:
        """Where the person works: beside the open file, else beside the last one, else at home."""
        recent = self._settings.recent_files
        near = self._session.path or (Path(recent[0]) if recent else None)
        return near.parent if near and near.parent.is_dir() else Path.home()

    def _proposal(self, ending: str) -> Path:
        stem = Path(self._session.title).stem if self._session.title else _("Untitled")
        return self._folder() / (stem + ending)
