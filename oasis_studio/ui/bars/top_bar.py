"""The top row: menus, the drawing's name, the model and what the engine is doing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenuBar, QSizePolicy, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.i18n import _
from oasis_studio.ui.bars.engine_status import EngineStatus
from oasis_studio.ui.bars.model_chooser import ModelChooser

_PAD = 8


class Menus(QMenuBar):
    """Asks for the room of all its menus; from right to left, Qt's own asks for the room it has."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        places = [self.actionGeometry(action) for action in self.actions()]
        ends = [place.left() for place in places] + [place.right() for place in places]
        return hint.expandedTo(QSize(max(ends) - min(ends) + 2 * _PAD, 0)) if ends else hint


class DocumentTitle(QLabel):
    """The name as far as there is room for it; where there is hardly any, nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.setObjectName("documentTitle")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_name(self, name: str) -> None:
        self._name = name
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        least = 5 * metrics.averageCharWidth()
        room = self.contentsRect().width()
        self.setText(metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room) if room >= least else "")


class TopBar(QWidget):
    """Stands where a window has its menu bar."""

    def __init__(self, session: Session, menus: QMenuBar, chooser: ModelChooser, status: EngineStatus) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("topBar")
        self.title = DocumentTitle()
        menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        right = QHBoxLayout()
        right.setSpacing(8)
        right.addStretch(1)
        right.addWidget(chooser)
        right.addWidget(status)
        row = QGridLayout(self)
        row.setContentsMargins(8, 4, 12, 4)
        row.addWidget(menus, 0, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.title, 0, 1)
        row.addLayout(right, 0, 2)
        for column, stretch in enumerate((3, 2, 3)):
            row.setColumnStretch(column, stretch)
        session.document_opened.connect(self.show_title)
        session.history_changed.connect(self.show_title)
        self.show_title()

    def show_title(self) -> None:
        name = self._session.title or _("Untitled")
        self.title.show_name(name + (" •" if self._session.is_modified else ""))
        self.title.setToolTip(str(self._session.path or _("Not saved yet")))
