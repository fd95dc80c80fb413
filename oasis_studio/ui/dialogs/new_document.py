"""Size and model of a new drawing."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from oasis_studio.app.files.drawings import blank_document
from oasis_studio.core.document.document import MAX_SIDE, MIN_SIDE, Document
from oasis_studio.core.models.card import ModelCard
from oasis_studio.i18n import _
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.number_field import NumberField
from oasis_studio.ui.widgets.text import label


class NewDocumentDialog(Form):
    """``document()`` is what was asked for. Without models the classes of ``present`` are used."""

    def __init__(self, cards: list[ModelCard], present: Document, parent: QWidget | None = None) -> None:
        super().__init__(_("New drawing"), _("Create"), parent)
        self._cards = cards
        self._present = present
        self.model = QComboBox()
        for card in cards:
            self.model.addItem(card.name)
        self.size_choice = QComboBox()
        self.width_field, self.height_field = NumberField(MIN_SIDE, MAX_SIDE, 32), NumberField(MIN_SIDE, MAX_SIDE, 32)
        self.rows.addRow(_("Model"), self.model)
        self.rows.addRow(_("Size"), self.size_choice)
        self.rows.addRow("", self._sides())
        chosen = next((row for row, card in enumerate(cards) if card.id == present.model), 0)
        self.model.setCurrentIndex(chosen)
        self.model.setEnabled(bool(cards))
        self.model.currentIndexChanged.connect(self._offer_sizes)
        self.size_choice.activated.connect(self._take_size)
        self.width_field.valueChanged.connect(self._show_choice)
        self.height_field.valueChanged.connect(self._show_choice)
        self._offer_sizes()
        if not cards:
            self.show_note(_("No model is installed; you can paint, and choose a model later."))

    def document(self) -> Document:
        """A blank document of the chosen size and model."""
        width, height = self.width_field.value(), self.height_field.value()
        if self._cards:
            card = self._cards[self.model.currentIndex()]
            return blank_document(width, height, card.palette, card.id, card.first_seed)
        return blank_document(width, height, self._present.palette, self._present.model)

    def _sides(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.width_field)
        row.addWidget(label("×"))
        row.addWidget(self.height_field)
        row.addWidget(label(_("pixels"), "dim"))
        row.addStretch(1)
        return box

    def _offer_sizes(self) -> None:
        """The model's own size first: there its photos are best."""
        native = self._cards[self.model.currentIndex()].native_size if self._cards else (256, 256)
        self._sizes = list(dict.fromkeys([native, (256, 256), (384, 256), (512, 384), (512, 512), (768, 512)]))
        self.size_choice.clear()
        for number, (width, height) in enumerate(self._sizes):
            note = _(" – the model's own size") if number == 0 and self._cards else ""
            self.size_choice.addItem(f"{width} × {height}{note}")
        self.size_choice.addItem(_("Own size"))
        self._take_size(0)

    def _take_size(self, row: int) -> None:
        if row < len(self._sizes):
            self.width_field.setValue(self._sizes[row][0])
            self.height_field.setValue(self._sizes[row][1])
        else:
            self.width_field.setFocus()

    def _show_choice(self) -> None:
        size = (self.width_field.value(), self.height_field.value())
        row = self._sizes.index(size) if size in self._sizes else len(self._sizes)
        self.size_choice.setCurrentIndex(row)
