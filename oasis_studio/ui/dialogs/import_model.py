"""A model from a file: an .oasismodel says everything itself, a published .pth does not say its classes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from oasis_studio.core.disk.endings import name_pattern
from oasis_studio.core.disk.openable import WEIGHTS
from oasis_studio.core.models.archive import SUFFIX
from oasis_studio.core.work.child import module_command
from oasis_studio.i18n import _
from oasis_studio.paths import resource
from oasis_studio.ui.questions import file_names
from oasis_studio.ui.questions.form import Form
from oasis_studio.ui.widgets.text import label

_WEIGHTS = ("_D.pth", "_E.pth")


class ImportModelDialog(Form):
    """``command()`` installs what was chosen."""

    def __init__(self, file: Path, parent: QWidget | None = None) -> None:
        super().__init__(_("Install a model"), _("Install"), parent)
        self._file = file
        self.is_checkpoint = file.suffix.lower() != SUFFIX
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("As the file says"))
        self.classes = QComboBox()
        for path in sorted(resource("classes").glob("*.json")):
            self.classes.addItem(path.stem, path.stem)
        self.classes.addItem(_("A file…"), "")
        self.classes.activated.connect(self._choose_classes)
        self.discriminator = _PathRow(_("Discriminator"), file.with_name(file.name.replace("_G", "_D")), file)
        self.encoder = _PathRow(_("Encoder"), file.with_name(file.name.replace("_G", "_E")), file)
        self._before = self.command()
        self.rows.addRow(_("File"), label(file.name, wraps=True))
        self.rows.addRow(_("Name"), self.name)
        if self.is_checkpoint:
            self.rows.addRow(_("Classes"), self.classes)
            self.rows.addRow(_("Discriminator"), self.discriminator)
            self.rows.addRow(_("Encoder"), self.encoder)
            self.show_note(
                _(
                    "A .pth file does not say what its classes are: choose the list it was trained with. "
                    "The discriminator is needed only to train on."
                )
            )

    @property
    def loss(self) -> str:
        return _("What you entered is lost.") if self.command() != self._before else ""

    def command(self) -> list[str]:
        """The command line of the installation."""
        options = [f"--name={name}"] if (name := self.name.text().strip()) else []
        if self.is_checkpoint:
            options.append(f"--classes={self.classes.currentData()}")
            if self.discriminator.path is not None:
                options.append(f"--discriminator={self.discriminator.path}")
            if self.encoder.path is not None:
                options.append(f"--encoder={self.encoder.path}")
        return module_command("oasis_studio", "model", "import", *options, "--", str(self._file))

    def _choose_classes(self, row: int) -> None:
        if self.classes.itemData(row):
            return
        path = file_names.ask_open(self, _("Class list"), _("Class lists") + " (*.json)", self._file.parent)
        if path is None:
            self.classes.setCurrentIndex(0)
            return
        self.classes.insertItem(row, path.name, str(path))
        self.classes.setCurrentIndex(row)


class _PathRow(QWidget):
    """A file that may be given; ``proposal`` is taken if it is there and not the file itself."""

    def __init__(self, caption: str, proposal: Path, file: Path) -> None:
        super().__init__()
        self._caption, self._folder = caption, file.parent
        self.path: Path | None = proposal if proposal != file and proposal.is_file() else None
        self._name = label("", "dim")
        button = QPushButton(_("Choose…"))
        button.setAutoDefault(False)
        button.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(button)
        self._show()

    def _choose(self) -> None:
        name, _used = QFileDialog.getOpenFileName(
            self, self._caption, str(self._folder), f"PyTorch ({name_pattern(WEIGHTS)})"
        )
        self.path = Path(name) if name else None
        self._show()

    def _show(self) -> None:
        self._name.setText(self.path.name if self.path else _("none"))
