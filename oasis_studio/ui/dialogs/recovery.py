"""What a program that ended by force left behind, and what to do with it."""

from __future__ import annotations

import time

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.core.files.projects.autosave import Recovery
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.thumbnails import thumbnail

_PREVIEW = 256
_ICON = 56
_MARGIN = 4


class RecoveryDialog(QDialog):
    """``chosen`` is the drawing to open, ``discarded`` those to throw away; both empty for "later"."""

    def __init__(self, recoveries: list[Recovery], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Recover drawings"))
        self.chosen: Recovery | None = None
        self.discarded: list[Recovery] = []
        self._recoveries = list(recoveries)
        self._pictures = [thumbnail(found.path, _PREVIEW) for found in recoveries]
        self.items = QListWidget()
        self.items.setIconSize(QSize(_ICON, _ICON))
        self.items.setAccessibleName(_("Drawings that can be recovered"))
        self.preview = QLabel()
        self.preview.setFixedSize(_PREVIEW, _PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName(_("Preview"))
        self.recover_button = QPushButton(_("Recover"))
        self.discard_button = QPushButton(_("Throw away"))
        self.later_button = QPushButton(_("Ask me later"))
        self.recover_button.setObjectName("primary")
        self.recover_button.setDefault(True)
        self.recover_button.clicked.connect(self._recover)
        self.discard_button.clicked.connect(self._discard)
        self.later_button.clicked.connect(self.reject)
        self.items.currentRowChanged.connect(self._show_row)
        self.items.itemActivated.connect(self._recover)
        for found, picture in zip(recoveries, self._pictures, strict=True):
            item = QListWidgetItem(QIcon(picture), _description(found))
            item.setSizeHint(QSize(0, _ICON + 2 * _MARGIN))
            self.items.addItem(item)
        self._lay_out()
        self.items.setCurrentRow(0)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.items, 1)
        middle.addWidget(self.preview)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.discard_button)
        buttons.addStretch(1)
        buttons.addWidget(self.later_button)
        buttons.addWidget(self.recover_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(label(_("The program ended before your work was saved."), "noticeMessage", wraps=True))
        column.addWidget(label(_("These copies were kept. Your own files were not changed."), "dim", wraps=True))
        column.addSpacing(8)
        column.addLayout(middle, 1)
        column.addSpacing(8)
        column.addLayout(buttons)
        self.resize(640, 460)

    def _recover(self) -> None:
        row = self.items.currentRow()
        if row >= 0:
            self.chosen = self._recoveries[row]
            self.accept()

    def _discard(self) -> None:
        """Throw the marked one away; the dialog ends with the last one."""
        row = self.items.currentRow()
        if row >= 0:
            self.discarded.append(self._recoveries.pop(row))
            self._pictures.pop(row)
            self.items.takeItem(row)
            self._show_row(self.items.currentRow())
        if not self._recoveries:
            self.accept()

    def _show_row(self, row: int) -> None:
        is_one = 0 <= row < len(self._pictures)
        self.preview.setPixmap(self._pictures[row] if is_one else QPixmap())
        self.recover_button.setEnabled(is_one)
        self.discard_button.setEnabled(is_one)


def _description(found: Recovery) -> str:
    """Name and age, in two lines."""
    minutes = max(0, round((time.time() - found.saved_at) / 60))
    if minutes == 0:
        when = _("Just now")
    else:
        when = _("{count} minutes ago").format(count=minutes) if minutes < 60 else _date(found.saved_at)
    name = found.source.name if found.source else found.title or _("Untitled")
    return f"{name}\n{when}"


def _date(seconds: float) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
