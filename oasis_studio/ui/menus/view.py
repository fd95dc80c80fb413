"""View: zoom, which canvases are seen, panels, theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow

from oasis_studio.app.session.settings import Settings, write_settings
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.canvas.canvases import Arrangement, Canvases
from oasis_studio.ui.canvas.stacking import Stacking
from oasis_studio.ui.widgets import theme

_TURN = 15
"""Degrees by which the keys turn the picture."""


class ViewActions(QObject):
    """Callbacks of the View menu."""

    def __init__(self, window: QMainWindow, canvases: Canvases, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._canvases = canvases
        self._settings = settings
        self._was_maximized = False
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        view = self._canvases.view
        return [
            ActionSpec(
                "view.zoom_in",
                _("&Zoom in"),
                partial(view.zoom_by, 1),
                "view",
                ("Ctrl++", "Ctrl+="),
                "magnify-plus-outline",
            ),
            ActionSpec(
                "view.zoom_out", _("Zoom &out"), partial(view.zoom_by, -1), "view", ("Ctrl+-",), "magnify-minus-outline"
            ),
            ActionSpec("view.fit", _("&Fit"), view.fit, "view", ("Ctrl+0",), "fit-to-screen-outline"),
            ActionSpec(
                "view.actual", _("&1 : 1"), partial(view.zoom_to, 1.0), "view", ("Ctrl+1",), "numeric-1-box-outline"
            ),
            ActionSpec("view.turn_right", _("Turn &right"), partial(view.rotate, _TURN), "view", (".",)),
            ActionSpec("view.turn_left", _("Turn l&eft"), partial(view.rotate, -_TURN), "view", (",",)),
            ActionSpec("view.upright", _("&Upright"), view.stand_upright, "view", ("Ctrl+.",)),
            ActionSpec(
                "view.grid", _("Pixel &grid from 800 %"), self.show_grid, "view", ("Ctrl+'",), is_checkable=True
            ),
            ActionSpec("view.rulers", _("Rulers and guides"), self.show_rulers, "view", ("Ctrl+R",), is_checkable=True),
            ActionSpec("view.clear_guides", _("Clear guides"), self._canvases.guides.clear, "view"),
            *self._arrangement_specs(),
            *self._stacking_specs(),
            ActionSpec("view.full_screen", _("Full screen"), self.toggle_full_screen, "view", ("F11",)),
            ActionSpec("view.dark", _("&Dark"), self._theme_chooser("dark"), "theme", group="theme"),
            ActionSpec("view.light", _("L&ight"), self._theme_chooser("light"), "theme", group="theme"),
            ActionSpec("view.contrast", _("High contr&ast"), self._theme_chooser("contrast"), "theme", group="theme"),
            ActionSpec(
                "view.contrast-light",
                _("High contrast, light"),
                self._theme_chooser("contrast-light"),
                "theme",
                group="theme",
            ),
            ActionSpec("view.system", _("Like the s&ystem"), self._theme_chooser("system"), "theme", group="theme"),
            ActionSpec("view.wheel_zooms", _("Wheel zooms"), self.let_wheel_zoom, "view", is_checkable=True),
            ActionSpec("view.reduce_motion", _("Reduce &motion"), self.reduce_motion, "view", is_checkable=True),
        ]

    def _arrangement_specs(self) -> list[ActionSpec]:
        kinds = [
            (Arrangement.BOTH, _("&Both canvases"), "F2", "view-split-vertical"),
            (Arrangement.LABELS, _("&Labels only"), "F3", "texture-box"),
            (Arrangement.PHOTO, _("P&hoto only"), "F4", "image-outline"),
        ]
        return [
            ActionSpec(
                f"view.{kind}",
                title,
                lambda _checked=False, chosen=kind: self._canvases.arrange(chosen),
                "view",
                (key,),
                icon,
                group="arrangement",
                starts_section=kind is Arrangement.BOTH,
            )
            for kind, title, key, icon in kinds
        ]

    def _stacking_specs(self) -> list[ActionSpec]:
        kinds = [
            (Stacking.AUTO, _("As it &fits best")),
            (Stacking.BESIDE, _("&Beside each other")),
            (Stacking.ABOVE, _("One &above the other")),
        ]
        return [
            ActionSpec(f"view.stack_{kind}", title, partial(self.stack, kind), "stacking", group="stacking")
            for kind, title in kinds
        ]

    def stack(self, stacking: Stacking, _checked: bool = False) -> None:
        """Show both canvases, and let them lie like that."""
        self._settings.canvas_stacking = str(stacking)
        write_settings(self._settings)
        self._canvases.stack(stacking)
        self._canvases.arrange(Arrangement.BOTH)

    def follow(self, actions: ActionTable) -> None:
        """Keep the marks as the view is."""
        self._actions = actions
        self._canvases.arranged.connect(self._show_arrangement)
        actions[f"view.{self._settings.theme}"].setChecked(True)
        actions[f"view.stack_{self._canvases.stacking}"].setChecked(True)
        actions["view.grid"].setChecked(self._canvases.labels.has_grid)
        none = _("There are no guides.")
        self._canvases.guides.follow(lambda are_there: actions.allow("view.clear_guides", are_there, none))
        actions["view.rulers"].setChecked(self._settings.has_rulers)
        actions["view.wheel_zooms"].setChecked(self._settings.wheel_zooms)
        self._canvases.labels.wheel_zooms = self._settings.wheel_zooms
        actions["view.reduce_motion"].setChecked(self._settings.reduce_motion)
        self._show_arrangement()

    def show_grid(self, has_grid: bool) -> None:
        self._settings.has_pixel_grid = self._canvases.labels.has_grid = has_grid
        write_settings(self._settings)
        self._canvases.labels.update()

    def show_rulers(self, are_shown: bool) -> None:
        self._settings.has_rulers = are_shown
        write_settings(self._settings)
        self._canvases.show_rulers(are_shown)

    def toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showMaximized() if self._was_maximized else self._window.showNormal()
        else:
            self._was_maximized = self._window.isMaximized()
            self._window.showFullScreen()

    def reduce_motion(self, is_reduced: bool) -> None:
        self._settings.reduce_motion = is_reduced
        self._canvases.photo.reduce_motion = is_reduced
        self._canvases.labels.ants.stands_still = is_reduced
        self._canvases.labels.ants.show(True)
        write_settings(self._settings)

    def let_wheel_zoom(self, does_zoom: bool) -> None:
        """Over the labels the wheel alone zooms and sizes the brush with Ctrl, or the other way round."""
        self._settings.wheel_zooms = self._canvases.labels.wheel_zooms = does_zoom
        write_settings(self._settings)

    def set_theme(self, name: str) -> None:
        self._settings.theme = name
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name)
        if self._actions is not None:
            self._actions.tint()
        write_settings(self._settings)

    def _theme_chooser(self, name: str) -> Callable[..., None]:
        return lambda _checked=False: self.set_theme(name)

    def _show_arrangement(self) -> None:
        if self._actions is not None:
            self._actions[f"view.{self._canvases.arrangement}"].setChecked(True)
