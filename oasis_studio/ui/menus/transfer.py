"""Import and export: label maps, photos, and the files of other painting programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from oasis_studio.app.files.drawings import Export
from oasis_studio.app.studio import Studio
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.dialogs.import_labels import ImportLabelsDialog
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.questions.places import Places, Purpose


class TransferActions(QObject):
    """``may_close`` asks whether the open drawing may be left. Failures are told, and nothing is lost."""

    told = Signal(str)
    """A sentence for the status line."""

    def __init__(self, window: QWidget, studio: Studio, places: Places, may_close: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window = window
        self._session, self._drawings = studio.session, studio.drawings
        self._places = places
        self._may_close = may_close
        self._photo_export = studio.photo_export
        self._actions: ActionTable | None = None
        self._photo_export.activity_changed.connect(self._show_activity)

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec(
                "file.import", _("&Import labels…"), self.import_labels, "file", ("Ctrl+I",), starts_section=True
            ),
            ActionSpec("file.export", _("&Export photo…"), self.export_photo, "file", ("Ctrl+E",), "export-variant"),
            ActionSpec("file.cancel_export", _("&Cancel export"), self._photo_export.cancel, "file"),
            ActionSpec("file.export_labels", _("Export &labels…"), self.export_labels, "file", ("Ctrl+Shift+E",)),
            ActionSpec("file.export_psd", _("Export as &Photoshop file…"), self.export_psd, "file"),
            ActionSpec("file.export_ora", _("Export as OpenRas&ter…"), self.export_openraster, "file"),
        ]

    def follow(self, actions: ActionTable) -> None:
        """An export can be cancelled while there is one."""
        self._actions = actions
        self._show_activity("")

    # -- import -------------------------------------------------------------------------------------------------

    def import_labels(self) -> None:
        caption, folder = _("Import labels"), self._places.folder(Purpose.LABELS)
        path = file_names.ask_open(self._window, caption, file_names.imported_filter(), folder)
        if path:
            self._places.use(Purpose.LABELS, path)
            self.take_labels(path)

    def take_labels(self, path: Path) -> None:
        """Ask what its values mean and where they go."""
        messages.attempt(self._window, lambda: self._take_labels(path))

    def take_openraster(self, path: Path) -> None:
        """Open the drawing of another program; what its colours did not fit is told."""
        if not self._may_close():
            return

        def take() -> None:
            report = self._drawings.open_openraster(path)
            if report:
                self.told.emit(report)

        messages.attempt(self._window, take)

    def _take_labels(self, path: Path) -> None:
        document = self._session.document
        dialog = ImportLabelsDialog(path, document.palette, (document.width, document.height), self._window)
        if not ask(dialog):
            return
        if dialog.wants_layer:
            self._drawings.add_as_layer(dialog.labels(), path.stem, path)
        elif self._may_close():
            self._drawings.open_labels(dialog.labels(), path.stem, path)

    # -- export -------------------------------------------------------------------------------------------------

    def export_labels(self) -> None:
        proposal = self._places.proposal("-labels.png", Purpose.LABELS)
        path, used = file_names.ask_save_as(self._window, _("Export labels"), file_names.labels_filter(), proposal)
        if path:
            self._places.use(Purpose.LABELS, path)
            self._begin(Export.WIDE_LABELS if used == file_names.wide_labels_filter() else Export.LABELS, path)

    def export_psd(self) -> None:
        name_filter = _("Photoshop files") + " (*.psd)"
        self._export(_("Export as Photoshop file"), name_filter, ".psd", Export.PSD)

    def export_openraster(self) -> None:
        name_filter = _("OpenRaster files") + " (*.ora)"
        self._export(_("Export as OpenRaster"), name_filter, ".ora", Export.OPENRASTER)

    def export_photo(self) -> None:
        """Render the photo once more in full precision, and write it; painting goes on meanwhile."""
        proposal = self._places.proposal(".png", Purpose.PHOTOS)
        path = file_names.ask_save(self._window, _("Export photo"), file_names.photo_filter(), proposal)
        if path:
            self._places.use(Purpose.PHOTOS, path)
            tell = partial(self._tell_exported, path)
            messages.attempt(self._window, lambda: self._photo_export.begin(path, tell))

    def _export(self, caption: str, name_filter: str, ending: str, kind: Export) -> None:
        proposal = self._places.proposal(ending, Purpose.OTHER_PROGRAMS)
        path = file_names.ask_save(self._window, caption, name_filter, proposal)
        if path:
            self._places.use(Purpose.OTHER_PROGRAMS, path)
            self._begin(kind, path)

    def _begin(self, kind: Export, path: Path) -> None:
        self._session.settle()
        tell = partial(self._tell_exported, path)
        messages.attempt(self._window, lambda: self._drawings.export_later(kind, path, tell))

    def _tell_exported(self, path: Path, error: StudioError | None) -> None:
        if error is not None:
            messages.show_error(self._window, error)
        else:
            self.told.emit(_("Exported {name}.").format(name=path.name))

    def _show_activity(self, title: str) -> None:
        if self._actions is not None:
            self._actions.allow("file.cancel_export", bool(title), _("Nothing is being exported."))
        if title:
            self.told.emit(_("{work}… “Cancel export” in the File menu stops it.").format(work=title))
