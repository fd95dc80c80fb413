"""The row above the canvases while two models are compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QPushButton

from oasis_studio.app.photo.model_comparison import ModelComparison
from oasis_studio.app.session.session import Session
from oasis_studio.core.models.card import ModelCard
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.usual_slider import UsualSlider


class CompareBar(QFrame):
    """Which other model, wipe or side by side, and where the divider is."""

    def __init__(self, session: Session, comparison: ModelComparison) -> None:
        super().__init__()
        self._session, self._comparison = session, comparison
        self._cards: list[ModelCard] = []
        self.setObjectName("card")
        self.model = QComboBox()
        self.model.setMinimumWidth(160)
        self.model.setAccessibleName(_("Other model"))
        self.model.activated.connect(lambda row: comparison.compare(self._cards[row]))
        self._own = label("", "dim")
        self.wipe_button, self.side_button = QPushButton(_("Wipe")), QPushButton(_("Side by side"))
        group = QButtonGroup(self)
        for button, is_side in ((self.wipe_button, False), (self.side_button, True)):
            button.setObjectName("choice")
            button.setCheckable(True)
            button.clicked.connect(partial(self._arrange, is_side))
            group.addButton(button)
        self.slider = UsualSlider(50)
        self.slider.setRange(0, 100)
        self.slider.setValue(50)
        self.slider.setAccessibleName(_("Wipe between the models"))
        self.slider.valueChanged.connect(lambda percent: comparison.wipe(percent / 100))
        close = IconButton("close", _("Stop comparing"), self)
        close.clicked.connect(lambda: comparison.compare(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(label(_("Compare"), "heading"))
        row.addWidget(self.model)
        row.addWidget(self._own)
        row.addWidget(self.slider, 1)
        row.addStretch(0)
        for button in (self.wipe_button, self.side_button):
            row.addWidget(button)
        row.addWidget(close)
        comparison.changed.connect(self._show)
        session.model_changed.connect(self._show)
        self._show()

    def _arrange(self, is_side: bool, _checked: bool = False) -> None:
        self._comparison.arrange(is_side)

    def _show(self) -> None:
        comparison, own = self._comparison, self._session.card
        self.setVisible(comparison.card is not None)
        if comparison.card is None:
            return
        cards = self._session.library.cards()
        if cards != self._cards or self.model.count() != len(cards):
            self._cards = cards
            self.model.clear()
            for card in cards:
                self.model.addItem(card.name)
        ids = [card.id for card in cards]
        if comparison.card.id in ids:
            self.model.setCurrentIndex(ids.index(comparison.card.id))
        name = own.name if own else _("no model")
        place = _("left, {name} right") if not comparison.is_side_by_side else _("beside {name}")
        self._own.setText(place.format(name=name))
        (self.side_button if comparison.is_side_by_side else self.wipe_button).setChecked(True)
        self.slider.setVisible(not comparison.is_side_by_side)
