"""Where models live, and a button to let them live elsewhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.models.models_folder import choose_models_folder
from oasis_studio.i18n import _
from oasis_studio.paths import home
from oasis_studio.ui.questions import messages
from oasis_studio.ui.widgets.text import label


class ModelsPlace(QWidget):
    """What is chosen counts at once, for ``library`` too; models that are elsewhere stay there."""

    changed = Signal()

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self.folder = label("", "dim")
        self.button = QPushButton(_("Choose…"))
        self.button.setAutoDefault(False)
        self.button.setAccessibleName(_("Choose the folder for models"))
        self.button.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.button)
        self._show()

    def _choose(self) -> None:
        start = next(folder for folder in (home("models"), *home("models").parents) if folder.is_dir())
        name = QFileDialog.getExistingDirectory(self, _("Folder for models"), str(start))
        if name:
            messages.attempt(self, lambda: self.take(Path(name)))

    def take(self, folder: Path) -> None:
        """StudioError if models cannot live there."""
        choose_models_folder(folder)
        self._library.live_in(home("models"))
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        text = str(home("models"))
        self.folder.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 260))
        self.folder.setToolTip(text)
