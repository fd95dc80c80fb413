"""The layers list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.core.history.commands import ChangeLayer
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.docks.layer_items import LayerItems
from oasis_studio.ui.docks.layer_row import ROW, LayerRow
from oasis_studio.ui.docks.reference_row import ReferenceRow
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.step_slider import StepSlider
from oasis_studio.ui.widgets.text import label


class LayerList(QWidget):
    """Topmost layer first. Drag reorders, double-click renames; the slider sets how strongly a layer is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.items = LayerItems(session, self)
        self.view = self._list()
        self.opacity = StepSlider(session, 100)
        self.opacity.setRange(10, 100)
        self.opacity.setTracking(False)
        self.opacity.setToolTip(_("How strongly the layer shows in the labels; the photo does not depend on it"))
        self.opacity.setAccessibleName(_("Opacity"))
        self._percent = label("", "dim")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._percent.setFixedWidth(44)
        self.opacity.valueChanged.connect(self._set_opacity)
        self.opacity.sliderMoved.connect(self._show_percent)
        self.reference = ReferenceRow(session)
        self.empty = label("\n".join((_("There is no layer to paint on."), _("Add one in the layers list."))), "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        session.layer_chosen.connect(self._show_chosen)
        session.layers_changed.connect(self._show_chosen)
        session.document_opened.connect(self._show_chosen)
        self._show_chosen()

    def _list(self) -> QListView:
        view = QListView()
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setModel(self.items)
        view.setItemDelegate(LayerRow(view))
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        view.setDropIndicatorShown(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setMinimumHeight(ROW)
        view.setAccessibleName(_("Layers"))
        view.selectionModel().currentChanged.connect(self._choose)
        view.selectionModel().selectionChanged.connect(self._mark)
        return view

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(_("Opacity"), "dim"))
        row.addWidget(self.opacity, 1)
        row.addWidget(self._percent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(row)
        column.addWidget(self.reference)

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self._session.choose_layer(self.items.layer(current.row()).id)

    def _mark(self) -> None:
        rows = (index.row() for index in self.view.selectionModel().selectedIndexes())
        self._session.marked_layers = frozenset(self.items.layer(row).id for row in rows)

    def _show_chosen(self) -> None:
        layer = self._session.layer
        self.opacity.setEnabled(layer is not None)
        self.view.setVisible(layer is not None)
        self.empty.setVisible(layer is None)
        if layer is None:
            self._percent.setText("")
            return
        index = self.items.index(self.items.row(layer))
        if self.view.currentIndex() != index:
            self.view.setCurrentIndex(index)
        self.opacity.blockSignals(True)
        self.opacity.setValue(round(layer.opacity * 100))
        self.opacity.blockSignals(False)
        self._show_percent(self.opacity.value())

    def _show_percent(self, percent: int) -> None:
        self._percent.setText(_("{number} %").format(number=percent))

    def _set_opacity(self, percent: int) -> None:
        layer = self._session.layer
        if layer is not None and round(layer.opacity * 100) != percent:
            self._session.do(ChangeLayer(layer.id, _("Layer opacity"), opacity=percent / 100))


def layers_dock(session: Session, actions: ActionTable) -> Dock:
    buttons: list[QWidget] = [
        IconButton.of(actions["layer.add"], "plus"),
        IconButton.of(actions["layer.duplicate"], "content-copy"),
        IconButton.of(actions["layer.remove"], "trash-can-outline"),
    ]
    layers = LayerList(session)
    layers.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    layers.view.addActions([actions[spec.id] for spec in actions.specs if spec.menu == "layer"])
    return Dock("layers", _("Layers"), buttons, layers)
