"""The palette at the pointer."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import StoredVector
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from oasis_studio.ui.dialogs.popup_palette import MOST_STYLES, PopupPalette
from oasis_studio.ui.questions import messages


class PopupActions(QObject):
    """Opens it where the pointer is if that is over the window, else in its middle."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window, self._studio = window, studio
        self.palette: PopupPalette | None = None

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec(
                "tool.popup",
                _("Palette at the pointer"),
                self.open,
                "tool",
                ("T",),
                starts_section=True,
                words=_("class size style popup"),
            )
        ]

    def follow(self, _actions: ActionTable) -> None:
        """It can be opened at any time."""

    def open(self) -> None:
        self.palette = PopupPalette(self._studio.session, self._styles(), self._use, self._window)
        pointer, middle = QCursor.pos(), self._window.mapToGlobal(self._window.rect().center())
        self.palette.open_at(pointer if self._window.frameGeometry().contains(pointer) else middle)

    def _styles(self) -> list[StoredVector]:
        """The swatches that were kept last, the newest first; none where they cannot be used."""
        if self._studio.styles.refusal(self._targets):
            return []
        try:
            return list(reversed(self._studio.swatches.all))[:MOST_STYLES]
        except StudioError:
            return []  # the menu of swatches says why

    def _use(self, swatch: StoredVector) -> None:
        messages.attempt(self._window, lambda: self._studio.swatches.use(self._targets, swatch))

    @property
    def _targets(self) -> tuple[RegionKey, ...]:
        return tuple(self._studio.session.regions.chosen) or (WHOLE_IMAGE,)
