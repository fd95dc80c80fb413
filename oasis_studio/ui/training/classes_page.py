"""Third page: which class of the data becomes which class of the model."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
)

from oasis_studio.app.training.class_choices import ClassChoice, palette_of, retarget
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.core.models.card import ModelCard
from oasis_studio.i18n import _, decimal, ngettext
from oasis_studio.ui.training.page import Page
from oasis_studio.ui.widgets.still_box import StillBox
from oasis_studio.ui.widgets.text import label

_ROW = 44
_SWATCH = 14
_LARGE = 100 * 2**20
"""Bytes of a generator, as the published ones have three times over."""


class ClassesPage(Page):
    """The base at the top decides which classes there are already; every row can be mapped, renamed or left out."""

    def __init__(self, plan: TrainingPlan) -> None:
        super().__init__(plan)
        self.title = _("Classes")
        self.lead = _("Choose the model to begin with, and what each class of your data becomes in it.")
        self.base = QComboBox()
        self.base.setMinimumWidth(280)
        self.base.setAccessibleName(_("Model to begin with"))
        self.base.activated.connect(self._take_base)
        self._base_note = label("", "dim", wraps=True)
        self.table = QTableWidget(0, 4)
        self.sums = label("", "dim", wraps=True)
        self._bases: list[ModelCard | None] = []
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(_("Begin with")))
        row.addWidget(self.base)
        row.addWidget(self._base_note, 1)
        table = self.table
        table.setHorizontalHeaderLabels([_("In your data"), _("Pixels"), _("Becomes"), _("Colour")])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.setShowGrid(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = table.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setColumnWidth(1, 80)
        table.setColumnWidth(3, 120)
        table.setAccessibleName(_("Classes of your data and what they become"))
        self.column.addLayout(row)
        self.column.addWidget(table, 1)
        self.column.addWidget(self.sums)

    def enter(self) -> None:
        self._bases = [*self.plan.library.cards(), None]
        self.base.clear()
        for card in self._bases:
            self.base.addItem(card.name if card else _("Nothing: from scratch"))
        ids = [card.id if card else "" for card in self._bases]
        wanted = self.plan.base.id if self.plan.base else ""
        self.base.setCurrentIndex(ids.index(wanted) if wanted in ids else len(ids) - 1)
        self._show_base()
        self._show_choices()

    def leave(self) -> None:
        palette_of(self.plan.choices, self.plan.base.palette if self.plan.base else None, "new")

    def _take_base(self, index: int) -> None:
        self.plan.take_base(self._bases[index])
        self._show_base()
        self._show_choices()

    def _show_base(self) -> None:
        base = self.plan.base
        if base is None:
            text = _("Needs many photos and hours; knows nothing at first.")
        else:
            text = ngettext("Knows {count} class already.", "Knows {count} classes already.", len(base.palette))
            text = text.format(count=len(base.palette))
            if self.plan.base_bytes > _LARGE:
                text += " " + _("It is large: training it needs a graphics card, or days.")
        self._base_note.setText(text)

    # -- the table ----------------------------------------------------------------------------------------------

    def _show_choices(self) -> None:
        self.table.setRowCount(len(self.plan.choices))
        for row, choice in enumerate(self.plan.choices):
            name = QTableWidgetItem(swatch(choice.found.color or "#808080"), choice.found.name)
            share = QTableWidgetItem(f"{decimal(100 * choice.found.share, 1)} %")
            share.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, 0, name)
            self.table.setItem(row, 1, share)
            self.table.setCellWidget(row, 2, self._target_box(row, choice))
            self._show_color(row)
        self._show_sums()

    def _target_box(self, row: int, choice: ClassChoice) -> QComboBox:
        """Classes of the base, a new one (type its name), or none."""
        box = StillBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItem(_("Not used"), "")
        base = self.plan.base
        for entry in base.palette.classes if base else ():
            box.addItem(swatch(entry.hex), entry.title, entry.name)
        if base is None or base.palette.by_name(choice.found.name) is None:
            box.addItem(_("New: {name}").format(name=choice.found.name), choice.found.name)
        place = box.findData(choice.target)
        box.setCurrentIndex(place)
        if place < 0:
            box.setEditText(choice.target)
        box.setAccessibleName(_("What {name} becomes").format(name=choice.found.name))
        box.activated.connect(partial(self._choose, row, box))
        line = box.lineEdit()
        assert line is not None  # it is editable
        line.editingFinished.connect(partial(self._type, row, box))
        return box

    def _choose(self, row: int, box: QComboBox, index: int) -> None:
        self._retarget(row, str(box.itemData(index)))

    def _type(self, row: int, box: QComboBox) -> None:
        """A name that was typed: a class of the base, or a new one."""
        if box.currentIndex() >= 0 and box.currentText() == box.itemText(box.currentIndex()):
            return
        self._retarget(row, box.currentText().strip())

    def _retarget(self, row: int, target: str) -> None:
        plan = self.plan
        if row >= len(plan.choices) or target == plan.choices[row].target:
            return
        base = plan.base.palette if plan.base else None
        namesake = base.by_name(target) or base.by_title(target) if base else None
        taken = {choice.color for choice in plan.choices} | {c.hex for c in (base.classes if base else ())}
        plan.choices[row] = retarget(plan.choices[row], namesake.name if namesake else target, base, taken)
        self._show_color(row)
        self._show_sums()

    def _show_color(self, row: int) -> None:
        """A new class has a colour to choose; one of the base keeps its own."""
        choice = self.plan.choices[row]
        if not choice.color:
            self.table.removeCellWidget(row, 3)
            return
        button = QPushButton(choice.color)
        button.setObjectName("rowButton")
        button.setIcon(swatch(choice.color))
        button.setToolTip(_("Colour of the new class {name}").format(name=choice.target))
        button.clicked.connect(partial(self._choose_color, row))
        self.table.setCellWidget(row, 3, button)

    def _choose_color(self, row: int, _checked: bool = False) -> None:
        choice = self.plan.choices[row]
        color = QColorDialog.getColor(QColor(choice.color), self, _("Colour of {name}").format(name=choice.target))
        if color.isValid():
            self.plan.choices[row] = ClassChoice(choice.found, choice.target, color.name())
            self._show_color(row)

    def _show_sums(self) -> None:
        choices = self.plan.choices
        new = len({choice.target.lower() for choice in choices if choice.color})
        unused = sum(not choice.target for choice in choices)
        parts = [ngettext("{count} new class", "{count} new classes", new).format(count=new)] if new else []
        if unused:
            parts.append(_("{count} not used: their pixels count as unlabelled").format(count=unused))
        self.sums.setText(" · ".join(parts) or _("Every class is known to the model already."))


def swatch(color: str) -> QIcon:
    picture = QPixmap(_SWATCH, _SWATCH)
    picture.fill(QColor(color))
    return QIcon(picture)
