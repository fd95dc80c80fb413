"""The photos that were kept, to look at, search, star, and go back to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.app.studio import Studio
from oasis_studio.core.document.result import Result
from oasis_studio.i18n import _
from oasis_studio.ui.actions.actions import ActionTable
from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.docks.result_items import ResultItems
from oasis_studio.ui.docks.result_row import ROW, ResultRow
from oasis_studio.ui.widgets.icon_button import IconButton
from oasis_studio.ui.widgets.text import label

KEYS = {
    "Return": "result.restore",
    "Enter": "result.restore",
    "Shift+Return": "result.restore_styles",
    "Space": "result.compare",
    "F2": "result.rename",
    "Del": "result.delete",
    "Ctrl+E": "result.export",
}
"""What the list itself takes while it has the focus, whatever the window does with these keys elsewhere."""
_STAR = "*"
_TIP_WIDTH = 360
"""More than a tip of a picture and the words below it takes."""


class ResultView(QListView):
    """Tells the command whose key was pressed, and where a menu is wanted."""

    commanded = Signal(str)
    menu_wanted = Signal(QPoint)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _command(event):
            event.accept()  # so that it comes here as a key press, not to the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = _command(event)
        if command and self.state() != QAbstractItemView.State.EditingState:
            self.commanded.emit(command)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                self._show_tip(str(index.data(Qt.ItemDataRole.ToolTipRole)), self.visualRect(index))
                return True
        return super().viewportEvent(event)

    def _show_tip(self, text: str, row: QRect) -> None:
        """Beside the list: it is as large as the panel, and would lie over what it tells about."""
        at = self.viewport().mapToGlobal(row.topLeft())
        at.setX(at.x() - _TIP_WIDTH)
        if at.x() < self.screen().availableGeometry().left():
            at.setX(self.viewport().mapToGlobal(row.topRight()).x())
        QToolTip.showText(at, text, self.viewport(), row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at, current = event.pos(), self.currentIndex()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and current.isValid():
            at = self.visualRect(current).center()
            if not self.selectionModel().hasSelection():
                self.setCurrentIndex(current)
        if self.indexAt(at).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(at))


def _command(event: QKeyEvent) -> str:
    if event.text() == _STAR:  # whichever keys a keyboard needs for it
        return "result.star"
    return KEYS.get(QKeySequence(event.keyCombination()).toString(), "")


class ResultList(QWidget):
    """Newest first. A double-click goes back to the scene."""

    chosen_changed = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.items = ResultItems(studio.session, studio.results, studio.result_pictures, self)
        self.view = self._list()
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search results…"))
        self.search.setAccessibleName(_("Search results by name, model, seed or class"))
        self.search.setToolTip(_("Search results by name, model, seed or class"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.items.search)
        self.search.returnPressed.connect(self.enter)
        self.stars = IconButton("star-outline", _("Show starred ones only"))
        self.stars.setCheckable(True)
        self.stars.toggled.connect(self._filter_stars)
        self.order = IconButton("sort-clock-descending-outline", _("Oldest first"))
        self.order.setCheckable(True)
        self.order.toggled.connect(self._turn_order)
        self.empty = label("", "dim", wraps=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMinimumHeight(ROW)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.search, 1)
        head.addWidget(self.stars)
        head.addWidget(self.order)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        self.items.refreshed.connect(self._show_state)
        self._show_state()

    @property
    def chosen(self) -> list[Result]:
        """What is selected, in the order of the list."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [self.items.results[row] for row in rows]

    def choose(self, row: int) -> None:
        """That one alone, or the last one if there are not so many."""
        if self.items.results:
            self.view.setCurrentIndex(self.items.index(min(row, len(self.items.results) - 1)))

    def enter(self) -> None:
        """Put the keyboard into the list; the first one is chosen if none is."""
        self.view.setFocus()
        if not self.view.selectionModel().hasSelection():
            self.choose(0)

    def edit_name(self) -> None:
        """Type a name for the current one."""
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())
            self.view.edit(self.view.currentIndex())

    def _list(self) -> ResultView:
        view = ResultView()
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setModel(self.items)
        row = ResultRow(view)
        row.starred.connect(self._toggle_star)
        view.setItemDelegate(row)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setMinimumHeight(ROW)
        view.setAccessibleName(_("Results"))
        view.doubleClicked.connect(lambda _index: view.commanded.emit("result.restore"))
        view.selectionModel().selectionChanged.connect(self.chosen_changed)
        return view

    def _toggle_star(self, row: int) -> None:
        result = self.items.results[row]
        self._studio.results.star([result], not result.is_starred)

    def _filter_stars(self, is_wanted: bool) -> None:
        self.stars.show_icon("star" if is_wanted else "star-outline", "warning" if is_wanted else "dim")
        self.items.show_starred_only(is_wanted)

    def _turn_order(self, is_oldest_first: bool) -> None:
        self.order.show_icon(f"sort-clock-{'ascending' if is_oldest_first else 'descending'}-outline")
        self.items.turn_order(is_oldest_first)

    def _show_state(self) -> None:
        has_any = bool(self._studio.session.document.results)
        self.view.setVisible(bool(self.items.results))
        self.empty.setVisible(not self.items.results)
        text = _("Photos that you keep are listed here, with all that made them.")
        self.empty.setText(_("None of the results is like that.") if has_any else text)
        self.chosen_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.items.look_for_models()


class ResultDock(Dock):
    """``list`` is what it shows."""

    def __init__(self, studio: Studio, actions: ActionTable) -> None:
        self.list = ResultList(studio)
        buttons: list[QWidget] = [
            IconButton.of(actions["result.keep"], "image-plus-outline"),
            IconButton.of(actions["result.restore"], "backup-restore"),
            IconButton.of(actions["result.compare"], "compare"),
            IconButton.of(actions["result.delete"], "trash-can-outline"),
        ]
        super().__init__("results", _("Results"), buttons, self.list)
