"""The first start: what the program does not do, which language it speaks, and where models live."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.session.settings import Settings
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.i18n import LANGUAGES, _
from oasis_studio.ui.dialogs.models_place import ModelsPlace
from oasis_studio.ui.widgets.text import label

_WIDTH = 480


class Welcome(QFrame):
    """Lies over the window, which can be used meanwhile. ``started``: to the tour; ``left`` with Escape: no tour."""

    started = Signal()
    left = Signal()

    def __init__(self, window: QWidget, settings: Settings, library: ModelLibrary) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self.setObjectName("tourCard")
        self.setAccessibleName(_("Welcome to OASIS Studio"))
        self.language = QComboBox()
        self.language.setAccessibleName(_("Language"))
        self.language.addItem(_("Like the system"), "")
        for code, text in LANGUAGES.items():
            self.language.addItem(text, code)
        self.language.setCurrentIndex(max(0, self.language.findData(settings.language)))
        self.language.activated.connect(self._take_language)
        self.models = ModelsPlace(library)
        self.start_button = QPushButton(_("Begin"))
        self.start_button.setObjectName("primary")
        self.start_button.clicked.connect(self.started)
        self._later = label(_("Another language is spoken from the next start on."), "dim", wraps=True)
        self._later.hide()
        self._lay_out()
        self._width = max(_WIDTH, self.sizeHint().width())  # words of longer languages have room
        self.setFixedWidth(self._width)
        for signal in (self.started, self.left):
            signal.connect(self.hide)
            signal.connect(self.deleteLater)
        window.installEventFilter(self)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(label(_("Language")), self.language)
        form.addRow("", self._later)
        form.addRow(label(_("Models live in")), self.models)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.start_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(label(_("Welcome to OASIS Studio"), "noticeMessage", wraps=True))
        column.addWidget(
            label(
                _(
                    "Everything happens on this computer: no network, no account, no telemetry. "
                    "The program does not look for updates either."
                ),
                wraps=True,
            )
        )
        column.addLayout(form)
        column.addLayout(buttons)

    def appear(self) -> None:
        self._place()
        self.show()
        self.raise_()
        self.start_button.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _take_language(self, row: int) -> None:
        self._settings.language = self.language.itemData(row)
        self._later.show()
        self._place()

    def _place(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self._width, layout.totalHeightForWidth(self._width))
        self.move(self._window.rect().center() - self.rect().center())
