"""The trainings that lie on the disk: what they were, how much room they take, and away with them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.training.runs import FoundRun, find_runs, remove_run, size_of
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.questions import messages
from oasis_studio.ui.training.status_texts import status_title
from oasis_studio.ui.widgets.durations import memory
from oasis_studio.ui.widgets.text import label

_SIZE = (640, 420)


class RunsDialog(QDialog):
    """A run that a trainer works in cannot be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Earlier trainings"))
        self._runs: list[FoundRun] = []
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels([_("Training"), _("State"), _("Last changed"), _("Size")])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName(_("Earlier trainings"))
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.itemSelectionChanged.connect(self._show_sum)
        self._sum = label("", "dim", wraps=True)
        self.delete_button = QPushButton(_("Delete…"))
        self.delete_button.clicked.connect(self._delete)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.accept)
        lead = _(
            "A training keeps copies of its photos and what it needs to go on. Its finished model is in the library."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(label(lead, "dim", wraps=True))
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._sum, 1)
        row.addWidget(self.delete_button)
        row.addWidget(close)
        column.addLayout(row)
        self.resize(*_SIZE)
        self._fill()

    def _fill(self) -> None:
        self._runs = find_runs()
        self._sizes = [size_of(run.folder) for run in self._runs]
        self.table.setRowCount(len(self._runs))
        for row, (run, size) in enumerate(zip(self._runs, self._sizes, strict=True)):
            self._write(row, run, size)
        self._show_sum()

    def _write(self, row: int, run: FoundRun, size: int) -> None:
        is_over = run.progress.status.is_end or run.is_alive
        state = status_title(run.progress.status) if is_over else _("Cut off")
        changed = datetime.fromtimestamp(run.changed).strftime("%Y-%m-%d %H:%M")
        texts = (run.progress.title or run.folder.name, state, changed, memory(size / 2**20))
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if run.is_alive:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip(_("It is going on."))
            self.table.setItem(row, column, item)

    def chosen(self) -> list[FoundRun]:
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._runs[row] for row in rows]

    def _show_sum(self) -> None:
        runs = self.chosen()
        size = sum(self._sizes[self._runs.index(run)] for run in runs or self._runs)
        count = len(runs or self._runs)
        text = ngettext("{count} training, {size}", "{count} trainings, {size}", count)
        self._sum.setText(text.format(count=count, size=memory(size / 2**20)) if count else _("There is none."))
        self.delete_button.setEnabled(bool(runs))

    def _delete(self) -> None:
        runs = self.chosen()
        if runs and messages.ask_delete_runs(self, len(runs)):
            messages.attempt(self, lambda: [remove_run(run.folder) for run in runs])
            self._fill()
