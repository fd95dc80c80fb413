"""Model: the manager, and comparing with another model."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.models.card import ModelCard
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionSpec
from oasis_studio.ui.dialogs.models import ModelsDialog
from oasis_studio.ui.questions import messages
from oasis_studio.ui.questions.asking import ask


class LibraryActions(QObject):
    """Callbacks of the Model menu that are about the library."""

    def __init__(self, window: QWidget, studio: Studio) -> None:
        super().__init__(window)
        self._window = window
        self._session, self._comparison = studio.session, studio.model_comparison
        self.dialog: ModelsDialog | None = None

    def specs(self) -> list[ActionSpec]:
        return [
            ActionSpec("model.manage", _("&Manage models…"), self.manage, "model", starts_section=True),
        ]

    def manage(self) -> None:
        """Open the manager; it stays until it is closed."""
        dialog = self.dialog = ModelsDialog(self._session.library, self._session.document.model, self._window)
        dialog.use_wanted.connect(self._use)
        dialog.changed.connect(self._session.look_for_model)
        ask(dialog)
        self.dialog = None

    def fill_compare(self, menu: QMenu) -> None:
        """Every other model; what is compared with is checked."""
        menu.clear()
        present = self._comparison.card
        for card in self._session.library.cards():
            if card.id == self._session.document.model:
                continue
            action = menu.addAction(card.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(present is not None and present.id == card.id)
            action.triggered.connect(lambda is_on, chosen=card: self._compare(chosen if is_on else None))
        if menu.isEmpty():
            menu.addAction(_("There is no other model")).setEnabled(False)

    def _compare(self, card: ModelCard | None) -> None:
        self._comparison.compare(card)

    def _use(self, model_id: str) -> None:
        messages.attempt(self._window, lambda: self._session.switch_model(self._session.library.find(model_id)[1]))
