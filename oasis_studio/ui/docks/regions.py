"""The regions panel: the list, and sliders for what is chosen in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QMenu, QVBoxLayout, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.docks.region_fields import RegionFields
from oasis_studio.ui.docks.region_items import RegionItems
from oasis_studio.ui.docks.region_row import ROW, RegionRow, dice_rect, lock_rect, more_rect
from oasis_studio.ui.docks.whole_style import WholeStyle
from oasis_studio.ui.questions import messages
from oasis_studio.ui.widgets.icon_button import IconButton

_FILTER_FROM = 8
"""Regions: in a shorter list one looks."""


class RegionView(QListView):
    """Clicks on dice, lock and dots do what they show; the wheel over the dice steps the seed."""

    diced = Signal(object)
    stepped = Signal(object, int)
    lock_toggled = Signal(object)
    more_wanted = Signal(object, QPoint)

    def __init__(self, items: RegionItems) -> None:
        super().__init__()
        self.items = items
        self.setModel(items)
        self.setItemDelegate(RegionRow(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(ROW)
        self.setAccessibleName(_("Regions"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            found = self._row_at(event.position().toPoint())
            if found is not None:
                self.more_wanted.emit(found[0], event.globalPosition().toPoint())
        elif not self._press_icon(event):
            super().mousePressEvent(event)

    def _press_icon(self, event: QMouseEvent) -> bool:
        place = event.position().toPoint()
        found = self._row_at(place)
        if found is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        key, rect = found
        if dice_rect(rect).contains(place):
            self.diced.emit(key)
        elif lock_rect(rect).contains(place) and key != WHOLE_IMAGE:
            self.lock_toggled.emit(key)
        elif more_rect(rect).contains(place):
            self.more_wanted.emit(key, event.globalPosition().toPoint())
        else:
            return False
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        place = event.position().toPoint()
        found = self._row_at(place)
        turned = event.angleDelta().y()
        if found is not None and turned and dice_rect(found[1]).contains(place):
            self.stepped.emit(found[0], 1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def _row_at(self, place: QPoint):
        index = self.indexAt(place)
        return (self.items.key(index.row()), self.visualRect(index)) if index.isValid() else None


class RegionPanel(QWidget):
    """``menu`` opens the region menu at a place on the screen; ``whole`` stands above the sliders."""

    def __init__(self, studio: Studio, menu: Callable[[QPoint], None], whole: WholeStyle) -> None:
        super().__init__()
        self._studio, self._session, self._menu = studio, studio.session, menu
        self._is_following = False
        self.items = RegionItems(studio, self)
        self.view = RegionView(self.items)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search regions…"))
        self.search.setAccessibleName(_("Search regions"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.items.filter)
        self.fields = RegionFields(studio)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        column.addWidget(whole)
        column.addWidget(self.fields)
        self.view.diced.connect(self._roll)
        self.view.stepped.connect(self._step)
        self.view.lock_toggled.connect(self._toggle_lock)
        self.view.more_wanted.connect(self._open_menu)
        self.view.selectionModel().selectionChanged.connect(self._choose)
        self.items.modelReset.connect(self._follow)
        self.items.dataChanged.connect(self._make_room)
        self._session.regions.chosen_changed.connect(self._follow)
        for signal in (self._session.model_changed, self._session.document_opened):
            signal.connect(self._make_room)
        self._follow()

    def _make_room(self) -> None:
        """All panels fit below each other at 720 lines: for a search or a sentence the list gives a row."""
        has_search = self.items.region_count > _FILTER_FROM or bool(self.search.text())
        is_told = self._session.card is not None and bool(self._studio.styles.region_refusal)
        self.search.setVisible(has_search)
        self.view.setMinimumHeight(ROW if has_search or is_told else 2 * ROW)

    # -- list and canvases choose together ----------------------------------------------------------------------

    def _choose(self) -> None:
        if self._is_following:
            return
        rows = [index.row() for index in self.view.selectionModel().selectedIndexes()]
        keys = {self.items.key(row) for row in rows}
        current = self.view.currentIndex()
        newest = self.items.key(current.row()) if current.isValid() else None
        self._session.regions.choose(() if newest == WHOLE_IMAGE else keys - {WHOLE_IMAGE})
        self._follow()

    def _follow(self) -> None:
        """Show what is chosen; nothing chosen is the whole image."""
        self._is_following = True
        chosen = self._session.regions.chosen or {WHOLE_IMAGE}
        model, flags = self.view.selectionModel(), QItemSelectionModel.SelectionFlag
        model.clearSelection()
        for key in chosen:
            row = self.items.row(key)
            if row is not None:
                model.select(self.items.index(row), flags.Select)
                if len(chosen) == 1:
                    model.setCurrentIndex(self.items.index(row), flags.NoUpdate)
                    self.view.scrollTo(self.items.index(row))
        self._is_following = False
        self._make_room()

    # -- what a row does ----------------------------------------------------------------------------------------

    def _roll(self, key: RegionKey) -> None:
        if key == WHOLE_IMAGE:
            self._session.roll_seed()
        else:
            self._attempt(lambda: self._studio.styles.roll(self._with_others(key)))

    def _step(self, key: RegionKey, steps: int) -> None:
        if key == WHOLE_IMAGE:
            self._session.change_seed(self._session.document.seed + steps)
        else:
            self._attempt(lambda: self._studio.styles.step_seed(self._with_others(key), steps))

    def _toggle_lock(self, key: RegionKey) -> None:
        self._attempt(lambda: self._studio.locks.toggle(self._with_others(key)))

    def _open_menu(self, key: RegionKey, at: QPoint) -> None:
        if key not in self._session.regions.chosen:
            self._session.regions.choose(() if key == WHOLE_IMAGE else (key,))
        self._menu(at)

    def _with_others(self, key: RegionKey) -> tuple[RegionKey, ...]:
        """Pressed on one of several chosen rows, a button means all of them."""
        chosen = self._session.regions.chosen
        return tuple(chosen) if key in chosen else (key,)

    def _attempt(self, work: Callable[[], object]) -> None:
        messages.attempt(self.window(), work)


def regions_dock(
    studio: Studio, actions: ActionTable, menu: Callable[[QPoint], None], fill_swatches: Callable[[QMenu], None]
) -> Dock:
    panel = RegionPanel(studio, menu, WholeStyle(studio, actions["photo.style"], fill_swatches))
    buttons: list[QWidget] = [
        IconButton.of(actions["region.back"], "undo-variant"),
        IconButton.of(actions["region.forth"], "redo-variant"),
        IconButton.of(actions["tool.style_brush"], "brush-variant"),
        IconButton.of(actions["tool.gradient"], "gradient-horizontal"),
        IconButton.of(actions["tool.cut"], "box-cutter"),
        IconButton.of(actions["region.variations"], "view-carousel-outline"),
    ]
    return Dock("regions", _("Regions"), buttons, panel)
