"""The models a person has: look at them, install, use, rename, share, delete, evaluate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.disk.endings import name_pattern
from oasis_studio.core.disk.openable import WEIGHTS
from oasis_studio.core.models.archive import SUFFIX
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.child import module_command
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, ngettext
from oasis_studio.ui.dialogs.import_model import ImportModelDialog
from oasis_studio.ui.dialogs.model_details import ModelDetails, model_icon
from oasis_studio.ui.dialogs.report_view import ReportView
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.questions.careful import CarefulDialog
from oasis_studio.ui.widgets.durations import memory
from oasis_studio.ui.widgets.text import label

_SIZE = (900, 600)
_LIST = 300
_ICON = 48


class ModelsDialog(CarefulDialog):
    """``in_use`` is the id of the drawing's model."""

    use_wanted = Signal(str)
    changed = Signal()
    """A model came, went or got another name."""

    def __init__(self, library: ModelLibrary, in_use: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Models"))
        self._library, self._in_use = library, in_use
        self._run: ToolRun | None = None
        self._cards: list[ModelCard] = []
        self.items = QListWidget()
        self.items.setIconSize(QSize(_ICON, _ICON))
        self.items.setFrameShape(QFrame.Shape.NoFrame)
        self.items.setAccessibleName(_("Models"))
        self.items.currentRowChanged.connect(self._show_model)
        self.details = ModelDetails()
        self._empty = label(_("No model is installed. Install one from a file, or train your own."), "dim", wraps=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self._doing = label("", "dim", wraps=True)
        self.cancel_button = self._button(_("Cancel"), self._cancel)
        self.install_button = self._button(_("Install from file…"), self.install)
        self.use_button = self._button(_("Use it"), self._use)
        self.use_button.setObjectName("primary")
        self.rename_button = self._button(_("Rename…"), self._rename)
        self.export_button = self._button(_("Export…"), self._export)
        self.evaluate_button = self._button(_("Evaluate…"), self._evaluate)
        self.delete_button = self._button(_("Delete…"), self._delete)
        self._lay_out()
        self._fill(in_use)
        self._show_work("")

    def _button(self, text: str, work: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: work())
        return button

    def _lay_out(self) -> None:
        left = QFrame()
        left.setObjectName("card")
        left.setFixedWidth(_LIST)
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._empty)
        column.addWidget(self.items, 1)
        column.addWidget(self.install_button)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.details, 1)
        work = QHBoxLayout()
        work.addWidget(self._doing, 1)
        work.addWidget(self.cancel_button)
        right.addLayout(work)
        right.addWidget(self.bar)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        for button in (self.evaluate_button, self.export_button, self.rename_button, self.use_button):
            buttons.addWidget(button)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 16, 12)
        row.setSpacing(16)
        row.addWidget(left)
        row.addLayout(right, 1)
        width, height = _SIZE
        beside_list = buttons.sizeHint().width() + _LIST + 16 + 12 + 16
        self.resize(max(width, beside_list), height)

    @property
    def card(self) -> ModelCard | None:
        """The model that is looked at."""
        row = self.items.currentRow()
        return self._cards[row] if 0 <= row < len(self._cards) else None

    def _fill(self, chosen: str) -> None:
        self._cards = self._library.cards()
        self.items.clear()
        for card in self._cards:
            folder = self._library.find(card.id)[0]
            count = ngettext("{count} class", "{count} classes", len(card.palette)).format(count=len(card.palette))
            facts = f"{count} · {memory(self._library.size(card.id) / 2**20)}"
            used = " · " + _("in use") if card.id == self._in_use else ""
            item = QListWidgetItem(QIcon(model_icon(folder, card, _ICON)), f"{card.name}\n{facts}{used}")
            item.setSizeHint(QSize(0, _ICON + 16))
            self.items.addItem(item)
        ids = [card.id for card in self._cards]
        self.items.setCurrentRow(ids.index(chosen) if chosen in ids else 0)
        self._empty.setVisible(not ids)
        self.details.setVisible(bool(ids))
        self._show_buttons()

    def _show_model(self, _row: int) -> None:
        card = self.card
        if card is not None:
            is_shipped = self._library.is_shipped(card.id)
            self.details.show_model(self._library.find(card.id)[0], card, self._library.size(card.id), is_shipped)
        self._show_buttons()

    def _show_buttons(self) -> None:
        card, is_free = self.card, self._run is None
        is_own = card is not None and not self._library.is_shipped(card.id)
        for button in (self.export_button, self.evaluate_button):
            button.setEnabled(card is not None and is_free)
        for button in (self.rename_button, self.delete_button):
            button.setEnabled(is_own and is_free)
            button.setToolTip("" if is_own else _("Models that come with the program stay as they are."))
        self.use_button.setEnabled(card is not None and card.id != self._in_use)
        self.install_button.setEnabled(is_free)

    # -- what can be done ---------------------------------------------------------------------------------------

    def _use(self) -> None:
        if self.card is not None:
            self.use_wanted.emit(self.card.id)
            self.accept()

    def install(self) -> None:
        name_filter = _("Models") + f" ({name_pattern((SUFFIX, *WEIGHTS))})"
        file = file_names.ask_open(self, _("Install a model"), name_filter, Path.home())
        if file is not None:
            self.install_file(file)

    def install_file(self, file: Path) -> None:
        """Ask what the file does not say, and install it in the background."""
        dialog = ImportModelDialog(file, self)
        if ask(dialog):
            before = {card.id for card in self._library.cards()}
            text = _("Installing {name}…").format(name=file.name)
            self._work(dialog.command(), text, lambda _text: self._show_new(before))

    def _show_new(self, before: set[str]) -> None:
        new = [card.id for card in self._library.cards() if card.id not in before]
        self._fill(new[0] if new else self._in_use)
        self.changed.emit()

    def _rename(self) -> None:
        card = self.card
        if card is None:
            return
        name, is_sure = QInputDialog.getText(self, _("Rename"), _("Name of the model"), text=card.name)
        if is_sure and messages.attempt(self, lambda: self._library.rename(card.id, name)):
            self._fill(card.id)
            self.changed.emit()

    def _export(self) -> None:
        card = self.card
        if card is None:
            return
        proposal = Path.home() / f"{card.id}{SUFFIX}"
        name_filter = _("Models") + f" (*{SUFFIX})"
        file = file_names.ask_save(self, _("Export {name}").format(name=card.name), name_filter, proposal)
        if file is not None and messages.attempt(self, lambda: self._library.export_archive(card.id, file)):
            self._doing.setText(_("Exported to {file}.").format(file=file))
            self._doing.show()

    def _delete(self) -> None:
        card = self.card
        if card is not None and messages.ask_delete_model(self, card.name):
            messages.attempt(self, lambda: self._library.remove(card.id))
            self._fill(self._in_use)
            self.changed.emit()

    def _evaluate(self) -> None:
        card = self.card
        folder = QFileDialog.getExistingDirectory(self, _("Photos with label maps to judge by"), str(Path.home()))
        if card is None or not folder:
            return
        command = module_command("oasis_studio", "evaluate", "--", card.id, folder)
        text = _("Evaluating {name}; this takes minutes…").format(name=card.name)
        self._work(command, text, lambda report: ReportView(card.name, report, self).show())

    # -- work in the background ---------------------------------------------------------------------------------

    def _work(self, command: list[str], doing: str, then: Callable[[str], object]) -> None:
        self._run = run = ToolRun(command, self)

        def end(text: str) -> None:
            self._run = None
            self._show_work("")
            then(text)

        def fail(error: StudioError) -> None:
            self._run = None
            self._show_work("")
            messages.show_error(self, error)

        run.finished.connect(end)
        run.failed.connect(fail)
        run.start()
        self._show_work(doing)

    def _show_work(self, doing: str) -> None:
        self._doing.setText(doing)
        for widget in (self._doing, self.bar, self.cancel_button):
            widget.setVisible(bool(doing))
        self._show_buttons()

    def _cancel(self) -> None:
        if self._run is not None:
            run, self._run = self._run, None
            run.cancel()
        self._show_work("")

    @property
    def loss(self) -> str:
        return _("What is under way stops, and what it made so far is lost.") if self._run is not None else ""

    def done(self, result: int) -> None:
        self._cancel()
        super().done(result)
