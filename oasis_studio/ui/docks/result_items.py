"""The kept photos as an item model: those that are searched for, in the order of time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from oasis_studio.app.results.edits import ResultEdits
from oasis_studio.app.results.pictures import ResultPictures
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.result import Result
from oasis_studio.errors import StudioError
from oasis_studio.ui.docks import result_texts
from oasis_studio.ui.widgets.underlay import qimage

STARRED = Qt.ItemDataRole.UserRole + 1
MADE_BY = Qt.ItemDataRole.UserRole + 2
DETAILS = Qt.ItemDataRole.UserRole + 3
BROKEN = Qt.ItemDataRole.UserRole + 4

_MOST_PIXMAPS = 100

Index = QModelIndex | QPersistentModelIndex


class ResultItems(QAbstractListModel):
    """``wanted`` are the words of a search. Editing renames, as a step that can be undone."""

    refreshed = Signal()

    def __init__(
        self, session: Session, edits: ResultEdits, pictures: ResultPictures, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._edits, self._pictures = session, edits, pictures
        self.wanted = ""
        self.is_starred_only = False
        self.is_oldest_first = False
        self.results: list[Result] = []
        self._installed: dict[str, bool] = {}
        self._pixmaps: dict[int, tuple[np.ndarray, QPixmap]] = {}
        session.results_changed.connect(self.refresh)
        session.document_opened.connect(self.refresh)
        session.model_changed.connect(self.look_for_models)
        pictures.made.connect(self._show_picture)
        self.refresh()

    def search(self, wanted: str) -> None:
        self.wanted = wanted
        self.refresh()

    def show_starred_only(self, is_wanted: bool) -> None:
        self.is_starred_only = is_wanted
        self.refresh()

    def turn_order(self, is_oldest_first: bool) -> None:
        self.beginResetModel()
        self.is_oldest_first, self.results = is_oldest_first, []
        self.endResetModel()
        self.refresh()

    def look_for_models(self) -> None:
        """Some may have been installed or deleted meanwhile."""
        self._installed.clear()

    def refresh(self) -> None:
        """Take over what the drawing has; rows that stay are kept, with what is chosen and edited in them."""
        found = [each for each in self._session.document.results if self._is_wanted(each)]
        found.sort(key=lambda each: each.id if self.is_oldest_first else -each.id)
        self._drop({each.id for each in found})
        for row, result in enumerate(found):
            if row < len(self.results) and self.results[row].id == result.id:
                self.results[row] = result
            else:
                self.beginInsertRows(QModelIndex(), row, row)
                self.results.insert(row, result)
                self.endInsertRows()
        if found:
            self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
        self.refreshed.emit()

    def _is_wanted(self, result: Result) -> bool:
        return (result.is_starred or not self.is_starred_only) and result_texts.matches(result, self.wanted)

    def _drop(self, kept: Collection[int]) -> None:
        for row in reversed(range(len(self.results))):
            if self.results[row].id not in kept:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.results[row]
                self.endRemoveRows()

    def is_installed(self, result: Result) -> bool:
        """Is the model there that made it?"""
        if result.model == self._session.document.model:
            return self._session.card is not None
        if result.model not in self._installed:
            try:
                self._session.library.find(result.model)
            except StudioError:
                self._installed[result.model] = False
            else:
                self._installed[result.model] = True
        return self._installed[result.model]

    # -- as Qt asks -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        result = self.results[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return result_texts.title(result)
        if role == Qt.ItemDataRole.EditRole:
            return result.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._pixmap(result)
        if role == STARRED:
            return result.is_starred
        if role == BROKEN:
            return self._pictures.is_broken(result)
        if role == DETAILS:
            return result_texts.details(result)
        if role in (MADE_BY, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._told(result, role)
        return None

    def _pixmap(self, result: Result) -> QPixmap | None:
        """Made once of each picture: rows are painted whenever the mouse moves."""
        picture = self._pictures.picture(result)
        if picture is None:
            return None
        source, pixmap = self._pixmaps.get(result.id, (None, None))
        if pixmap is None or source is not picture:
            while len(self._pixmaps) >= _MOST_PIXMAPS:
                del self._pixmaps[next(iter(self._pixmaps))]
            pixmap = QPixmap.fromImage(qimage(picture))
            self._pixmaps[result.id] = (picture, pixmap)
        return pixmap

    def _told(self, result: Result, role: int) -> str:
        is_installed = self.is_installed(result)
        if role == MADE_BY:
            return result_texts.made_by(result, is_installed)
        if role == Qt.ItemDataRole.ToolTipRole:
            return result_texts.tip(result, is_installed, self._pictures.picture(result))
        return result_texts.spoken(result, is_installed)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        result, name = self.results[index.row()], str(value).strip()[:80]
        if role != Qt.ItemDataRole.EditRole or name == result.name:
            return False
        self._edits.rename(result, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren

    def _show_picture(self, result_id: int) -> None:
        for row, result in enumerate(self.results):
            if result.id == result_id:
                self.dataChanged.emit(self.index(row), self.index(row))
