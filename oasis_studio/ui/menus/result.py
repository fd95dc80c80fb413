"""Kept photos: the commands of the Results panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.result import Result
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.docks.result_texts import file_stem
from oasis_studio.ui.docks.results import KEYS, ResultDock
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.questions.places import Places, Purpose

MENU = "result"

_NEED_ONE = ("result.restore", "result.restore_styles", "result.compare", "result.rename")
_NEED_SOME = ("result.star", "result.export", "result.delete")


class ResultActions(QObject):
    """``dock`` is made by :meth:`make_dock`, after the actions. Commands work on what is selected there."""

    told = Signal(str)

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window, self._studio, self._edits = window, studio, studio.results
        self._places = Places(studio.session, studio.settings)
        self._actions: ActionTable | None = None
        self._compared: int | None = None
        self.dock: ResultDock | None = None
        studio.keeper.told.connect(self.told)
        studio.keeper.failed.connect(partial(messages.show_error, window))

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("result.keep", _("&Keep this photo"), self.keep, MENU, ("Ctrl+K",), "image-plus-outline"),
            ActionSpec("result.show", _("&Show the results"), self.show, MENU),
            ActionSpec("result.restore", _("&Restore scene"), self.restore, MENU, starts_section=True),
            ActionSpec("result.restore_styles", _("Restore &noise and styles"), self.restore_styles, MENU),
            ActionSpec("result.compare", _("&Compare with the drawing"), self.compare, MENU, is_checkable=True),
            ActionSpec("result.export", _("&Export…"), self.export, MENU),
            ActionSpec("result.star", _("S&tar"), self.star, MENU, ("*",), is_checkable=True, starts_section=True),
            ActionSpec("result.rename", _("Rena&me"), self.rename, MENU),
            ActionSpec("result.delete", _("&Delete"), self.delete, MENU),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        self._studio.comparison.changed.connect(self._show_comparison)
        self._show()

    def make_dock(self, actions: ActionTable) -> ResultDock:
        self.dock = ResultDock(self._studio, actions)
        self.dock.list.chosen_changed.connect(self._show)
        self.dock.list.view.commanded.connect(self._run)
        self.dock.list.view.menu_wanted.connect(self.open_menu)
        self._show()
        return self.dock

    @property
    def chosen(self) -> list[Result]:
        return self.dock.list.chosen if self.dock is not None else []

    @property
    def _one(self) -> Result | None:
        return self.chosen[0] if len(self.chosen) == 1 else None

    # -- the commands -----------------------------------------------------------------------------------------------

    def keep(self) -> None:
        self._try(self._studio.keeper.keep)

    def show(self) -> None:
        """Bring the panel to the front, with the keyboard in its list."""
        if self.dock is not None:
            self.dock.show()
            self.dock.raise_()
            self.dock.list.enter()

    def restore(self) -> None:
        result = self._one
        if result is not None:
            self._try(lambda: self._tell(self._edits.restore(result)))

    def restore_styles(self) -> None:
        result = self._one
        if result is not None:
            self._try(lambda: self._edits.restore_styles(result))

    def compare(self, _checked: bool = False) -> None:
        """Lay the chosen one over the drawing, or take it away."""
        result = self._one
        if result is not None and result.id == self._compared:
            self._studio.comparison.compare(None)
        elif result is not None and self._try(lambda: self._edits.compare(result)):
            self._compared = result.id
        self._show()

    def star(self, _checked: bool = False) -> None:
        """Star all, or take the stars off where all have one."""
        chosen = self.chosen
        self._edits.star(chosen, not all(each.is_starred for each in chosen))
        self._show()

    def rename(self) -> None:
        if self.dock is not None:
            self.dock.list.edit_name()

    def delete(self) -> None:
        """What came behind them is chosen then, so that the keys go on."""
        chosen = self.chosen
        if not chosen or self.dock is None:
            return
        place = self.dock.list.items.results.index(chosen[0])
        self._edits.remove(chosen)
        self.dock.list.choose(place)
        text = ngettext(
            "Deleted {count} result; Undo brings it back.",
            "Deleted {count} results; Undo brings them back.",
            len(chosen),
        )
        self.told.emit(text.format(count=len(chosen)))

    def export(self) -> None:
        """One to a file, several into a folder."""
        chosen, drawing = self.chosen, Path(self._places.proposal("")).name
        if len(chosen) > 1:
            start = self._places.folder(Purpose.PHOTOS)
            folder = file_names.ask_folder(self._window, _("Export photos into a folder"), start)
            if folder is not None:
                self._places.use(Purpose.PHOTOS, folder)
                named = [(each, file_stem(each, drawing)) for each in chosen]
                self._edits.export_all(named, folder, partial(self._tell_exported, folder))
        elif chosen:
            ending = ".png" if chosen[0].is_lossless else ".jpg"
            proposal = self._places.folder(Purpose.PHOTOS) / (file_stem(chosen[0], drawing) + ending)
            path = file_names.ask_save(self._window, _("Export photo"), file_names.photo_filter(), proposal)
            if path is not None:
                self._places.use(Purpose.PHOTOS, path)
                self._try(lambda: self._edits.export(chosen[0], path, partial(self._tell_exported, path)))

    # -- what they share --------------------------------------------------------------------------------------------

    def _run(self, command: str) -> None:
        if self._actions is not None and self._actions[command].isEnabled():
            self._actions[command].trigger()

    def open_menu(self, at: QPoint) -> None:
        """The commands for what is chosen, with the keys that the list takes."""
        if self._actions is None:
            return
        menu = QMenu(self._window)
        keys = {command: key for key, command in reversed(KEYS.items())}
        for spec in self.specs()[2:]:
            action = self._actions[spec.id]
            if spec.starts_section:
                menu.addSeparator()
            key = keys.get(spec.id, "")
            if key and action.shortcut().isEmpty():
                shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
                twin = menu.addAction(f"{action.text()}\t{shown}")
                twin.setEnabled(action.isEnabled())
                twin.setCheckable(action.isCheckable())
                twin.setChecked(action.isChecked())
                twin.triggered.connect(action.trigger)
            else:
                menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _try(self, work: Callable[[], object]) -> bool:
        return messages.attempt(self._window, work)

    def _tell(self, text: str) -> None:
        if text:
            self.told.emit(text)

    def _tell_exported(self, path: Path, error: StudioError | None) -> None:
        if error is not None:
            messages.show_error(self._window, error)
        else:
            self.told.emit(_("Exported {name}.").format(name=path.name))

    def _show_comparison(self) -> None:
        if not self._studio.comparison.is_foreign:
            self._compared = None
        self._show()

    def _show(self) -> None:
        """What can be done with what is chosen."""
        if self._actions is None:
            return
        chosen = self.chosen
        for name in _NEED_ONE:
            self._actions.allow(name, len(chosen) == 1, _("Choose one result for that."))
        for name in _NEED_SOME:
            self._actions.allow(name, bool(chosen), _("No result is chosen."))
        self._actions["result.star"].setChecked(bool(chosen) and all(each.is_starred for each in chosen))
        self._actions["result.compare"].setChecked(len(chosen) == 1 and chosen[0].id == self._compared)
