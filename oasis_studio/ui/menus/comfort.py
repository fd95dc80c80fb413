"""Command palette, preferences, tour: what makes the program one's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow

from oasis_studio.app.files.drawings import samples
from oasis_studio.app.session.settings import write_settings
from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _, english
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable, plain
from oasis_studio.ui.actions.command_search import FoundCommand
from oasis_studio.ui.bars.engine_banner import EngineBanner
from oasis_studio.ui.canvas.canvases import Canvases
from oasis_studio.ui.dialogs.command_palette import CommandPalette
from oasis_studio.ui.dialogs.key_sheet import KeySheet
from oasis_studio.ui.dialogs.preferences import PreferencesDialog
from oasis_studio.ui.dialogs.tour import Tour
from oasis_studio.ui.dialogs.welcome import Welcome
from oasis_studio.ui.menus.file import FileActions
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.widgets import theme

_TOP = 96


class ComfortActions(QObject):
    """Applies the preferences at the start and after every change."""

    def __init__(self, window: QMainWindow, studio: Studio, canvases: Canvases, files: FileActions) -> None:
        super().__init__(window)
        self._window, self._studio, self._canvases, self._files = window, studio, canvases, files
        self._settings = studio.settings
        self._actions: ActionTable | None = None
        self._tour: Tour | None = None
        self.engine_banner = EngineBanner(studio.engine, lambda: studio.settings.python, canvases.photo)
        self.engine_banner.preferences_wanted.connect(self.show_device)
        theme.follow_system(self._follow_system)

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec(
                "edit.preferences", _("Pre&ferences…"), self.show_preferences, "edit", ("Ctrl+,",), starts_section=True
            ),
            ActionSpec("model.device", _("Use my &graphics card…"), self.show_device, "model", starts_section=True),
            ActionSpec("help.commands", _("&Commands…"), self.show_commands, "help", ("Ctrl+Shift+P",)),
            ActionSpec("help.keys", _("&Keys"), self.show_keys, "help", ("?",)),
            ActionSpec("help.tour", _("&Tour of the window"), self.show_tour, "help"),
        ]

    def follow(self, actions: ActionTable) -> None:
        """Take over the keys and the look of the settings, once every action is there."""
        self._actions = actions
        actions.bind_all(self._settings.shortcuts)
        self._use()

    def show_commands(self) -> None:
        """Ask which command to run, and run it."""
        palette = CommandPalette(self.commands(), self._window)
        middle = self._window.mapToGlobal(self._window.rect().center())
        palette.move(
            middle.x() - palette.width() // 2, self._window.mapToGlobal(self._window.rect().topLeft()).y() + _TOP
        )
        ask(palette)
        chosen = palette.chosen
        if chosen is not None:
            chosen.run()

    def show_keys(self) -> None:
        """A sheet of all keys, as they are now."""
        actions, groups = self._actions, dict[str, list[tuple[str, str]]]()
        if actions is None:
            return
        for spec in actions.specs:
            keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in actions[spec.id].shortcuts()]
            if keys:
                name = plain(actions[spec.id].text()).rstrip("…")
                groups.setdefault(actions.menu_title(spec.menu) or _("Others"), []).append((", ".join(keys), name))
        ask(KeySheet(list(groups.items()), self._window))

    def commands(self) -> list[FoundCommand]:
        """What can be done, and what could if it were not for something: actions, classes, samples."""
        actions = self._actions
        if actions is None:
            return []
        found = []
        for spec in actions.specs:
            action = actions[spec.id]
            if spec.id != "help.commands" and not spec.id.startswith("class."):
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                menu, title = actions.menu_title(spec.menu), action.text()
                why = "" if action.isEnabled() else actions.refusal(spec.id) or _("Not possible now")
                found.append(
                    FoundCommand(plain(title), menu, keys, action.trigger, plain(english(title)), spec.words, why)
                )
        session, files = self._studio.session, self._files
        return [
            *found,
            *(
                FoundCommand(entry.title, _("Paint with"), "", partial(session.choose_class, entry.id), entry.name)
                for entry in session.document.palette.classes
            ),
            *(
                FoundCommand(sample.title, _("Open sample"), "", partial(files.open_sample, sample), sample.path.stem)
                for sample in samples()
            ),
        ]

    def show_device(self) -> None:
        """The preferences, where it is chosen who renders."""
        self.show_preferences(PreferencesDialog.show_device)

    def show_preferences(self, prepare: Callable[[PreferencesDialog], object] | None = None) -> None:
        if self._actions is not None:
            engine, session = self._studio.engine, self._studio.session
            dialog = PreferencesDialog(
                self._settings, self._actions, self._change, engine, session.library, self._window
            )
            dialog.models.changed.connect(session.look_for_model)
            if prepare is not None:
                prepare(dialog)
            ask(dialog)

    def show_tour(self) -> None:
        """Point at the parts of the window, one after the other."""
        if self._tour is None:
            self._tour = Tour(self._window)
            self._tour.ended.connect(self._end_tour)
            self._tour.start()

    def show_first_tour(self) -> None:
        """At the first start: a welcome, and from it the tour."""
        if not self._settings.has_seen_tour:
            welcome = Welcome(self._window, self._settings, self._studio.session.library)
            welcome.started.connect(self.show_tour)
            welcome.left.connect(self._end_tour)
            welcome.appear()

    def _end_tour(self) -> None:
        self._tour = None
        self._settings.has_seen_tour = True
        write_settings(self._settings)

    def _change(self) -> None:
        self._use()
        write_settings(self._settings)

    def _use(self) -> None:
        """Let everything be as the settings say."""
        settings, session = self._settings, self._studio.session
        self._dress()
        session.look.make_safe(settings.safe_colors)
        session.look.show_patterns(settings.patterns)
        session.limit_undo(settings.undo_megabytes * 2**20)
        self._studio.autosave.set_interval(settings.autosave_seconds)
        labels, photo = self._canvases.labels, self._canvases.photo
        photo.reduce_motion = labels.ants.stands_still = settings.reduce_motion
        labels.has_grid = settings.has_pixel_grid
        labels.ants.show(True)
        labels.update()
        if self._actions is not None:
            self._actions["view.grid"].setChecked(settings.has_pixel_grid)
            self._actions["view.reduce_motion"].setChecked(settings.reduce_motion)
            self._actions[f"view.{settings.theme}"].setChecked(True)

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and theme.shown_name(app, self._settings.theme) != theme.name():
            theme.apply(app, self._settings.theme)
            if self._actions is not None:
                self._actions.tint()

    def _follow_system(self) -> None:
        if self._settings.theme == "system":
            self._dress()
