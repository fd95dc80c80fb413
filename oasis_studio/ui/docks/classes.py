"""The classes that can be painted."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.i18n import _
from oasis_studio.ui.docks.class_chip import ClassChip
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.widgets.text import label

_COLUMNS = 2
_ROWS_WITHOUT_SCROLLING = 6
_ROW = 34
_UNLIMITED = 16777215
"""Qt's QWIDGETSIZE_MAX, which the bindings leave out."""


class ClassPalette(QWidget):
    """Chips in two columns; the search field narrows them, Enter takes the first."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.chips: list[ClassChip] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search classes…"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(_("Search classes"))
        self.search.textChanged.connect(self._arrange)
        self.search.returnPressed.connect(self._take_first)
        self._none = label(_("No class is called that."), "dim")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._scroll = self._scroll_area()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self._scroll, 1)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)
        session.document_opened.connect(self._rebuild)
        session.model_changed.connect(self._rebuild)
        session.class_chosen.connect(self._show_chosen)
        session.tools.changed.connect(self._show_protected)
        session.look.changed.connect(self._show_look)
        self._rebuild()

    def _scroll_area(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("plain")
        inside_column = QVBoxLayout(inside)
        inside_column.setContentsMargins(0, 0, 0, 0)
        inside_column.addLayout(self._grid)
        inside_column.addWidget(self._none)
        inside_column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        return scroll

    def _rebuild(self) -> None:
        """Chips for the palette of the document; nothing to do while it is the same one."""
        classes = self._session.document.palette.classes
        if [chip.entry for chip in self.chips] != list(classes):
            for chip in self.chips:
                chip.deleteLater()
            self.chips = [self._chip(number) for number in range(len(classes))]
            rows = min((len(classes) + 1) // _COLUMNS, _ROWS_WITHOUT_SCROLLING)
            self._scroll.setMinimumHeight(rows * _ROW - 6)
            fits = len(classes) <= _COLUMNS * _ROWS_WITHOUT_SCROLLING
            self._scroll.setMaximumHeight(rows * _ROW - 6 if fits else _UNLIMITED)
            self.search.clear()
            self._arrange()
        self._show_chosen()
        self._show_protected()
        self._show_look()

    def _chip(self, number: int) -> ClassChip:
        entry = self._session.document.palette.classes[number]
        chip = ClassChip(entry, str(number + 1) if number < 9 else "", self)
        chip.clicked.connect(lambda _checked=False, label=entry.id: self._choose(label))
        chip.shield_clicked.connect(partial(self._session.tools.toggle_protected, entry.id))
        return chip

    def _show_look(self) -> None:
        look, palette = self._session.look, self._session.document.palette
        for chip in self.chips:
            chip.show_look(look.hex(palette, chip.entry.id), look.has_patterns)

    def _show_protected(self) -> None:
        for chip in self.chips:
            chip.show_protected(self._session.tools.is_protected(chip.entry.id))

    def _choose(self, label: int) -> None:
        self._session.choose_class(label)
        self._show_chosen()  # a click on the chosen chip must not uncheck it

    def _arrange(self) -> None:
        words = self.search.text().strip().lower()
        found = [chip for chip in self.chips if chip.entry.answers_to(words)]
        for chip in self.chips:
            self._grid.removeWidget(chip)
            chip.setVisible(chip in found)
        for place, chip in enumerate(found):
            self._grid.addWidget(chip, place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._none.setVisible(not found)

    def _take_first(self) -> None:
        words = self.search.text().strip().lower()
        first = next((chip for chip in self.chips if chip.entry.answers_to(words)), None)
        if first is not None:
            self._session.choose_class(first.entry.id)
            self.search.clear()
            self.search.clearFocus()  # the keys are for painting again

    def _show_chosen(self) -> None:
        for chip in self.chips:
            chip.setChecked(chip.entry.id == self._session.label)
            if chip.isChecked():
                self._scroll.ensureWidgetVisible(chip)


def classes_dock(session: Session) -> Dock:
    return Dock("classes", _("Classes"), [], ClassPalette(session))
