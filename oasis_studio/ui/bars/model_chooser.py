"""The button that names the model and offers the others."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from oasis_studio.app.session.session import Session
from oasis_studio.core.models.card import ModelCard
from oasis_studio.i18n import _, local_name
from oasis_studio.ui.widgets.icons import SMALL_ICON, icon


class ModelChooser(QPushButton):
    """Its menu lists the library's models; the one in use is checked."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("modelChooser")
        self.setIconSize(QSize(SMALL_ICON, SMALL_ICON))
        self.setToolTip(_("Model that turns the labels into a photo"))
        self.setAccessibleName(_("Model"))
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self.fill(menu))
        self.setMenu(menu)
        session.model_changed.connect(self._show_model)
        self._show_model()
        self._tint()

    def fill(self, menu: QMenu) -> None:
        """List the models there are now."""
        menu.clear()
        cards = self._session.library.cards()
        group = QActionGroup(menu)
        for card in cards:
            menu.addAction(self._action(card, group))
        if not cards:
            menu.addAction(_("No model is installed")).setEnabled(False)

    def _action(self, card: ModelCard, group: QActionGroup) -> QAction:
        action = QAction(card.name.replace("&", "&&"), group)
        action.setCheckable(True)
        action.setChecked(self._session.card is not None and card.id == self._session.document.model)
        action.setToolTip(local_name(card.description))
        action.triggered.connect(lambda _checked=False, chosen=card: self._session.switch_model(chosen))
        return action

    def _show_model(self) -> None:
        card = self._session.card
        name = card.name.replace("&", "&&") if card else _("No model")
        self.setText(f" {name}   ▾")

    def _tint(self) -> None:
        self.setIcon(icon("image-filter-hdr"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)
