"""The seed: same labels, another photo."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from oasis_studio.app.session import Session
from oasis_studio.core.noise import MAX_SEED
from oasis_studio.i18n import _
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.icon_button import WheelButton
from oasis_studio.ui.number_field import NumberField
from oasis_studio.ui.text import label


class SeedField(QWidget):
    """The number can be typed; the dice rolls another one, the wheel over it takes the next."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.field = NumberField(0, MAX_SEED)
        self.field.setAccessibleName(_("Seed"))
        self.field.setToolTip(_("Seed of the photo: the same number gives the same photo again"))
        self.field.valueChanged.connect(session.change_seed)
        self.dice = WheelButton("dice-5-outline", _("Roll the dice  (D) · wheel: next seed"), self._step)
        self.dice.show_icon("dice-5-outline", "text")
        self.dice.clicked.connect(session.roll_seed)
        hint = label(_("same labels, another photo"), "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field)
        row.addWidget(self.dice)
        row.addWidget(hint, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        session.seed_changed.connect(self._show_seed)
        session.document_opened.connect(self._show_seed)
        self._show_seed()

    def _step(self, direction: int) -> None:
        self._session.change_seed(self._session.document.seed + direction)

    def _show_seed(self) -> None:
        self.field.blockSignals(True)
        self.field.setValue(self._session.document.seed)
        self.field.blockSignals(False)


def seed_dock(session: Session) -> Dock:
    return Dock("seed", _("Seed"), [], SeedField(session))
