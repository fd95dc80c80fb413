"""Preferences, page Device: who renders and trains. A graphics card is used through a Python environment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QRadioButton, QVBoxLayout, QWidget

from oasis_studio.app.photo.engine_choice import EngineChoice
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.work.tool_run import ToolRun
from oasis_studio.core.work.environment import probe_command, python_in, read_probe
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.text import label

_INDENT = 26


class DevicePage(QWidget):
    """An environment is asked what it has before it is used; ``use`` is called after each change of the settings."""

    def __init__(self, engine: EngineChoice, settings: Settings, use: Callable[[], object]) -> None:
        super().__init__()
        self._engine, self._settings, self._use = engine, settings, use
        self._run: ToolRun | None = None
        self.own = QRadioButton(_("This program itself"))
        self.other = QRadioButton(_("A Python environment of mine"))
        self.path = QLineEdit(settings.python)
        self.path.setPlaceholderText(_("Folder of the environment, or its interpreter"))
        self.path.setAccessibleName(_("Python environment"))
        self.browse = QPushButton(_("Choose…"))
        self.check = QPushButton(_("Check and use"))
        self.result = label("", "dim", wraps=True)
        self.advice = label("", "dim", wraps=True)
        self.advice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = QPushButton(_("Copy"))
        self._lay_out()
        (self.other if settings.python else self.own).setChecked(True)
        self.own.toggled.connect(self._choose)
        self.path.textEdited.connect(lambda _text: self._tell(""))
        self.path.returnPressed.connect(self.ask)
        self.browse.clicked.connect(self._browse)
        self.check.clicked.connect(self.ask)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.advice.text()))
        self._show_state()

    def _lay_out(self) -> None:
        why = _(
            "OASIS Studio comes with PyTorch for processors. A graphics card renders and trains many times faster: "
            "install PyTorch for your card into a Python environment, and choose that environment here. "
            "Nothing is downloaded, and nothing leaves this computer."
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        row.addWidget(self.check)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self.advice, 1)
        told.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        inner = QVBoxLayout()
        inner.setContentsMargins(_INDENT, 0, 0, 0)
        inner.setSpacing(8)
        for part in (row, self.result, told):
            inner.addWidget(part) if isinstance(part, QWidget) else inner.addLayout(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(why, "dim", wraps=True))
        column.addWidget(label(_("Render and train with")))
        column.addWidget(self.own)
        column.addWidget(self.other)
        column.addLayout(inner)
        column.addStretch(1)

    # -- choosing -----------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Let the environment tell what it has; use it if that is enough."""
        self.other.setChecked(True)
        self._cancel()
        try:
            python = python_in(Path(self.path.text().strip()).expanduser())
            command = probe_command(python)
        except StudioError as error:
            self._refuse(error)
            return
        self.path.setText(str(python))
        self._tell(_("Asking it what it has; importing PyTorch can take a while…"))
        self.check.setEnabled(False)
        self._run = run = ToolRun(command, self, str(python))
        run.finished.connect(partial(self._take, python))
        run.failed.connect(lambda _error: self._take(python, ""))
        run.start()

    def _take(self, python: Path, said: str) -> None:
        self._run = None
        self.check.setEnabled(True)
        try:
            found = read_probe(python, said)
        except StudioError as error:
            self._refuse(error)
            return
        self._keep(str(python))
        self._tell(found.summary, role="good")

    def _choose(self, is_own: bool) -> None:
        self._enable()
        if is_own:
            self._cancel()
            self._keep("")
            self._tell("")

    def _keep(self, python: str) -> None:
        self._settings.python = python
        self._engine.choose(python)
        self._use()

    def _browse(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, _("Interpreter of the environment"), self.path.text())
        if chosen:
            self.path.setText(chosen)
            self.ask()

    def _cancel(self) -> None:
        if self._run is not None:
            run, self._run = self._run, None
            run.blockSignals(True)
            run.cancel()
            self.check.setEnabled(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._cancel()

    # -- telling ------------------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        self._enable()
        if self._settings.python and self._engine.python == self._settings.python:
            self._tell(_("In use."), role="good")
        elif self._settings.python:
            self._tell(_("It failed and is not used now."), role="problem")
        else:
            self._tell("")

    def _enable(self) -> None:
        for widget in (self.path, self.browse, self.check):
            widget.setEnabled(self.other.isChecked())

    def _refuse(self, error: StudioError) -> None:
        self._tell(error.message, error.hint, "problem")

    def _tell(self, text: str, advice: str = "", role: str = "dim") -> None:
        self.result.setObjectName(role)
        self.result.setText(text)
        self.result.style().polish(self.result)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.copy.setVisible(" -m pip " in advice)  # a command line
