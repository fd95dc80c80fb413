"""The steps of the history by name; a click goes there."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.label_picture import label_pixmap, shrunk

_PICTURE = (36, 26)
_FEW = 300
"""Up to so many steps the list follows each of them; a view goes through all its rows whenever one comes."""
_PAUSE_MS = 250

Index = QModelIndex | QPersistentModelIndex


class HistoryItems(QAbstractListModel):
    """Row 0 is the beginning, row n the state after n steps; steps that were undone are dim."""

    refreshed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._titles: list[str] = []
        self.is_watched = False
        """Does anybody see the list? A long one is not kept up to date otherwise."""
        self._pictures: dict[int, np.ndarray] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        session.document_opened.connect(self._pictures.clear)
        session.history_changed.connect(self._follow)
        session.document_opened.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self._keep_picture()
        if self._session.history.undo_count <= _FEW:
            self.refresh()
        elif self.is_watched and not self._pause.isActive():
            self._pause.start()

    def refresh(self) -> None:
        """Take over the steps; a new one is told as such, so that the view keeps its place."""
        titles = self._session.history.titles
        if titles == self._titles:
            pass
        elif titles[:-1] == self._titles:
            place = len(titles)
            self.beginInsertRows(QModelIndex(), place, place)
            self._titles = titles
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._titles = titles
            self.endResetModel()
        self.dataChanged.emit(self.index(0), self.index(len(self._titles)))
        self.refreshed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._titles) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[row - 1] if row else _("Beginning")
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(row)
        if role == Qt.ItemDataRole.ForegroundRole and row > self._session.history.undo_count:
            return QColor(theme.roles().dim)
        return None

    def _keep_picture(self) -> None:
        """Of the state as it is now; those of forgotten states go."""
        history = self._session.history
        self._pictures[history.first_state + history.undo_count] = shrunk(self._session.labels_HW, *_PICTURE)
        while (oldest := next(iter(self._pictures))) < history.first_state:  # they came in this order
            del self._pictures[oldest]

    def _picture(self, row: int) -> QPixmap:
        small = self._pictures.get(self._session.history.first_state + row)
        if small is None:
            empty = QPixmap(*_PICTURE)
            empty.fill(Qt.GlobalColor.transparent)
            return empty
        return label_pixmap(small, self._session.look.colors(self._session.document.palette), *_PICTURE)


class HistoryList(QWidget):
    """The present state is marked."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.items = HistoryItems(session, self)
        self.view = QListView()
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setModel(self.items)
        self.view.setUniformItemSizes(True)
        self.view.setIconSize(QSize(*_PICTURE))
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.setAccessibleName(_("History"))
        self.view.clicked.connect(self._go_to)
        self.view.activated.connect(self._go_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.items.refreshed.connect(self._show_present)
        self._show_present()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.scrollTo(self.view.currentIndex())

    def _go_to(self, index: QModelIndex) -> None:
        self._session.go_to(index.row())
        self._show_present()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.items.is_watched = True
        self.items.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.items.is_watched = False

    def _show_present(self) -> None:
        if self.items.rowCount() > _FEW and not self.isVisible():
            return
        present = self.items.index(self._session.history.undo_count)
        self.view.setCurrentIndex(present)
        self.view.scrollTo(present)


def history_dock(session: Session, actions: ActionTable) -> Dock:
    buttons: list[QWidget] = [
        IconButton.of(actions["edit.undo"], "undo"),
        IconButton.of(actions["edit.redo"], "redo"),
    ]
    return Dock("history", _("History"), buttons, HistoryList(session))
