"""Variations and animations: the part of the Region menu that renders many photos."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.photo.synthesis_thread import RenderFailure
from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.dialogs.animate import AnimateDialog
from oasis_studio.ui.dialogs.variation_grid import VariationGrid
from oasis_studio.ui.docks.variations import VariationDock
from oasis_studio.ui.questions import messages

_GRID_COUNT = 16


class VariationActions(QObject):
    """``dock`` is made by :meth:`make_dock`, after the actions."""

    def __init__(self, window: QWidget, studio: Studio, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._studio, self._tell = window, studio, tell
        self._actions: ActionTable | None = None
        self.dock: VariationDock | None = None
        self.grid: VariationGrid | None = None
        studio.aside.failed.connect(self._tell_failure)

    def specs(self) -> list[ActionSpec]:
        stop = self._studio.variations.cancel
        return [
            ActionSpec(
                *("region.variations", _("&Variations"), self.start, "region", (), "view-carousel-outline"),
                starts_section=True,
            ),
            ActionSpec("region.grid", _("Variations in &a grid"), self.show_grid, "region", ("F7",)),
            ActionSpec("region.stop_variations", _("Stop rendering variations"), stop, "region"),
            ActionSpec("region.animate", _("A&nimate…"), self.animate, "region", (), "movie-open-outline"),
        ]

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        self._studio.variations.changed.connect(self._show)
        self._show()

    def make_dock(self, actions: ActionTable) -> VariationDock:
        self.dock = VariationDock(self._studio, actions)
        return self.dock

    def start(self) -> None:
        """Show the strip and fill it."""
        if self.dock is not None:
            self.dock.show()
            self.dock.raise_()
        messages.attempt(self._window, self._studio.variations.start)

    def start_first(self) -> None:
        """Fill the strip if nothing is in it yet."""
        if not self._studio.variations.all and not self._studio.styles.image_refusal:
            self.start()

    def show_grid(self) -> None:
        """Those there are, or new ones, in a window of their own."""
        variations = self._studio.variations
        is_there = len(variations.all) >= _GRID_COUNT
        if not is_there and not messages.attempt(self._window, lambda: variations.start(_GRID_COUNT)):
            return
        self.grid = VariationGrid(self._studio, self._window)
        self.grid.setModal(True)
        self.grid.finished.connect(self.grid.deleteLater)
        self.grid.show()

    def animate(self) -> None:
        """Ask what to loop, and write it."""
        dialog = AnimateDialog(self._studio, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell_failure(self, failure: RenderFailure) -> None:
        self._tell(f"{failure.message} {failure.hint}".strip())

    def _show(self) -> None:
        if self._actions is not None:
            is_running = self._studio.variations.is_running
            self._actions.allow("region.stop_variations", is_running, _("No variations are being rendered."))
