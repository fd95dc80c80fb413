"""The layers as an item model, topmost first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QPixmap

from oasis_studio.app.session.session import Session
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.history.commands import ChangeLayer, MoveLayer
from oasis_studio.i18n import _
from oasis_studio.ui.widgets.label_picture import label_pixmap, shrunk

VISIBLE = Qt.ItemDataRole.UserRole + 1
LOCKED = Qt.ItemDataRole.UserRole + 2
GROUP = Qt.ItemDataRole.UserRole + 3
COLOR_TAG = Qt.ItemDataRole.UserRole + 4

PICTURE = (36, 26)
"""Width and height of a layer's picture."""
PAUSE_MS = 250

Index = QModelIndex | QPersistentModelIndex


class LayerItems(QAbstractListModel):
    """Rows are layers; editing renames, moving reorders, each as a step that can be undone."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.document_opened.connect(self._reset)
        session.layers_changed.connect(self._reset)
        session.look.changed.connect(self._draw_again)
        self._pictures: dict[int, QPixmap] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._draw_again)
        session.labels_changed.connect(self._draw_soon)

    def layer(self, row: int) -> LabelLayer:
        layers = self._session.document.layers
        return layers[len(layers) - 1 - row]

    def row(self, layer: LabelLayer) -> int:
        layers = self._session.document.layers
        return len(layers) - 1 - layers.index(layer)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._session.document.layers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        layer = self.layer(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return layer.name
        if role == VISIBLE:
            return layer.is_visible
        if role == LOCKED:
            return layer.is_locked
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(layer)
        if role == GROUP:
            return layer.group
        if role == COLOR_TAG:
            return str(layer.color_tag)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _("{name} · double-click renames, drag reorders").format(name=layer.name)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        layer = self.layer(index.row())
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == layer.name:
            return False
        self._session.do(ChangeLayer(layer.id, _("Rename layer"), name=name))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        wanted = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        return super().flags(index) | wanted

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(self, source: Index, first: int, count: int, target: Index, before: int) -> bool:
        """Move one row to stand before row ``before``."""
        if count != 1 or before in (first, first + 1):
            return False
        layer = self.layer(first)
        row = before - 1 if before > first else before
        self._session.do(MoveLayer(layer.id, len(self._session.document.layers) - 1 - row))
        return True

    def toggle_visible(self, row: int) -> None:
        layer = self.layer(row)
        title = _("Hide layer") if layer.is_visible else _("Show layer")
        self._session.do(ChangeLayer(layer.id, title, is_visible=not layer.is_visible))

    def toggle_locked(self, row: int) -> None:
        layer = self.layer(row)
        title = _("Unlock layer") if layer.is_locked else _("Lock layer")
        self._session.do(ChangeLayer(layer.id, title, is_locked=not layer.is_locked))

    def _picture(self, layer: LabelLayer) -> QPixmap:
        if layer.id not in self._pictures:
            colors = self._session.look.colors(self._session.document.palette)
            small = shrunk(layer.labels, *PICTURE)
            self._pictures[layer.id] = label_pixmap(small, colors, *PICTURE)
        return self._pictures[layer.id]

    def _draw_soon(self) -> None:
        """Not with every dab: the eye is on the canvas."""
        if not self._pause.isActive():
            self._pause.start()

    def _draw_again(self) -> None:
        self._pictures.clear()
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1), [Qt.ItemDataRole.DecorationRole])

    def _reset(self) -> None:
        self._pictures.clear()
        self.beginResetModel()
        self.endResetModel()
