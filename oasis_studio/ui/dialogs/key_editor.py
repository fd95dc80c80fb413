"""The keys of every command, and a place to change them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable, plain
from oasis_studio.ui.widgets.text import label

_ROW = 32
_ID = Qt.ItemDataRole.UserRole + 1


class KeyEditor(QWidget):
    """Choose a command, press a key, set it. A key that another command has is named before it is taken."""

    changed = Signal()

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search commands…"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(_("Search commands"))
        self.search.textChanged.connect(self._filter)
        self.table = self._table()
        self.key = QKeySequenceEdit()
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        self.key.setAccessibleName(_("New key"))
        self.key.keySequenceChanged.connect(self._show_conflict)
        self.set_button, self.default_button = QPushButton(_("Set")), QPushButton(_("Default"))
        self.all_button = QPushButton(_("All defaults"))
        self.set_button.clicked.connect(self.set_key)
        self.default_button.clicked.connect(self.reset)
        self.all_button.clicked.connect(self.reset_all)
        self.conflict = label("", "warning", wraps=True)
        self._lay_out()
        self._fill()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setHorizontalHeaderLabels([_("Command"), _("Keys")])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(_("Commands and their keys"))
        table.currentCellChanged.connect(self._show_chosen)
        return table

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(_("New key"), "dim"))
        row.addWidget(self.key, 1)
        for button in (self.set_button, self.default_button, self.all_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        column.addWidget(self.conflict)

    # -- what the person does -----------------------------------------------------------------------------------

    def choose(self, action_id: str) -> None:
        """Go to the row of a command."""
        for row in range(self.table.rowCount()):
            if self._id(row) == action_id:
                self.table.setCurrentCell(row, 0)

    def set_key(self) -> None:
        """Give the chosen command the key that was pressed, none if the field is empty."""
        action_id = self._chosen
        if action_id:
            key = self.key.keySequence().toString()
            self._actions.bind(action_id, [key] if key else [])
            self._tell()

    def reset(self) -> None:
        """Back to the keys that the chosen command came with."""
        action_id = self._chosen
        if action_id:
            robbed = self._actions.restore(action_id)
            self._tell()
            names = ", ".join(plain(spec.title).rstrip("…") for spec in robbed)
            text = _("{commands}: the key was taken away from there.").format(commands=names)
            self.conflict.setText(text if names else "")

    def reset_all(self) -> None:
        self._actions.bind_all({})
        self._tell()

    # -- showing how it is --------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> str:
        return self._id(self.table.currentRow())

    def _id(self, row: int) -> str:
        item = self.table.item(row, 0) if row >= 0 else None
        return str(item.data(_ID)) if item else ""

    def _fill(self) -> None:
        specs = self._actions.specs
        self.table.setRowCount(len(specs))
        for row, spec in enumerate(specs):
            menu, name = self._actions.menu_title(spec.menu), plain(spec.title).rstrip("…")
            item = QTableWidgetItem(f"{menu} › {name}" if menu else name)
            item.setData(_ID, spec.id)
            self.table.setItem(row, 0, item)
            self.table.setItem(row, 1, QTableWidgetItem())
        self._show_keys()
        self.table.setCurrentCell(0, 0)

    def _show_keys(self) -> None:
        changed = self._actions.changed_keys()
        for row in range(self.table.rowCount()):
            keys = self._actions.keys(self._id(row))
            names = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
            item = self.table.item(row, 1)
            if item:
                font = item.font()
                font.setBold(self._id(row) in changed)
                item.setFont(font)
                item.setText(", ".join(names))

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in (0, 1)]
            line = " ".join(cell.text().lower() for cell in cells if cell)
            self.table.setRowHidden(row, not all(word in line for word in words))

    def _show_chosen(self) -> None:
        self.key.clear()
        self._show_conflict()

    def _show_conflict(self) -> None:
        key = self.key.keySequence().toString()
        owner = self._actions.owner_of(key) if key else None
        is_other = owner is not None and owner.id != self._chosen
        text = _("“{command}” has this key now; setting it takes it away from there.")
        self.conflict.setText(text.format(command=plain(owner.title).rstrip("…")) if is_other and owner else "")

    def _tell(self) -> None:
        self._show_keys()
        self._show_chosen()
        self.changed.emit()
