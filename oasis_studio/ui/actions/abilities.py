"""What the model in hand cannot do: its commands are disabled, and their tooltips say why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec, ActionTable

_NEED_STYLES = ("model.dice", "model.next", "region.variations", "region.grid")
_WORK_ON_CHOSEN = ("region.dice", "region.copy", "region.reset", "region.clear", "region.animate")
_WORK_ON_REGIONS = ("tool.style_brush", "tool.gradient")


class Abilities(QObject):
    """Follows the model and what is chosen; which model can do what, its card says.

    Of a model that reads outlines, ``tell`` hears once where they come from.
    """

    def __init__(self, window: QWidget, studio: Studio, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._tell, self._told = tell, set[str]()
        self._studio, self._session = studio, studio.session
        self._actions: ActionTable | None = None

    def specs(self) -> list[ActionSpec]:
        """The commands are other rooms'."""
        return []

    def follow(self, actions: ActionTable) -> None:
        self._actions = actions
        for signal in (self._session.model_changed, self._session.document_opened):
            signal.connect(self._show)
            signal.connect(self._tell_outlines)
        self._session.regions.chosen_changed.connect(self._show)
        self._show()
        self._tell_outlines()

    def _show(self) -> None:
        if self._actions is None:
            return
        styles = self._studio.styles
        chosen = styles.refusal(tuple(self._session.regions.chosen) or (WHOLE_IMAGE,))
        for names, reason in (
            (_NEED_STYLES, styles.image_refusal if self._session.card else ""),
            (_WORK_ON_CHOSEN, chosen),
            (_WORK_ON_REGIONS, styles.region_refusal),
        ):
            for name in names:
                self._actions.refuse(name, reason)

    def _tell_outlines(self) -> None:
        card = self._session.card
        if card is not None and card.capabilities.sees_instances and card.id not in self._told:
            self._told.add(card.id)
            self._tell(_("This model reads outlines of instances; every region counts as one."))
