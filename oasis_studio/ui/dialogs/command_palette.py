"""The command palette: everything the program can do, found by a few letters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from oasis_studio.i18n import _
from oasis_studio.ui.actions.command_search import FoundCommand, search
from oasis_studio.ui.docks.layer_row import Index
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.row_ground import paint_row_ground
from oasis_studio.ui.widgets.text import label

_WIDTH = 560
_ROW = 34
_ROWS = 10
_PAD = 12
_COMMAND = Qt.ItemDataRole.UserRole + 1
_TRAVELS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QDialog):
    """Type, choose with the arrows, Enter does it. ``chosen`` is the command to run, None for none."""

    def __init__(self, commands: list[FoundCommand], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(_("Commands"))
        self.setObjectName("palette")
        self._commands = commands
        self.chosen: FoundCommand | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("What do you want to do?"))
        self.field.setAccessibleName(_("Search commands"))
        self.field.textChanged.connect(self._show_found)
        self.field.installEventFilter(self)
        self.items = QStandardItemModel(self)
        self.view = QListView()
        self.view.setModel(self.items)
        self.view.setItemDelegate(_CommandRow(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows work from the field
        self.view.setAccessibleName(_("Commands"))
        self.view.setFixedHeight(_ROW * _ROWS)
        self.view.clicked.connect(self._take)
        self._none = label(_("No command is called that. Try fewer letters."), "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self._none)
        column.addWidget(self.view)
        self.setFixedWidth(_WIDTH)
        self._show_found("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list and Enter takes, while the letters go on into the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _TRAVELS:
                self.view.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take()
                return True
        return super().eventFilter(watched, event)

    def _show_found(self, text: str) -> None:
        self.items.clear()
        for command in search(self._commands, text):
            item = QStandardItem(command.title)
            item.setData(command, _COMMAND)
            item.setAccessibleDescription(f"{command.refusal or command.group} {command.keys}".strip())
            item.setToolTip(command.refusal)
            self.items.appendRow(item)
        self._none.setVisible(self.items.rowCount() == 0)
        self.view.setCurrentIndex(self.items.index(0, 0))

    def _take(self) -> None:
        chosen = self.view.currentIndex().data(_COMMAND)
        if isinstance(chosen, FoundCommand) and not chosen.refusal:
            self.chosen = chosen
            self.accept()


class _CommandRow(QStyledItemDelegate):
    """Name, where it stands in the menus or why it cannot be done now (dim), and its key at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        roles = theme.roles()
        rect: QRect = option.rect  # type: ignore[attr-defined] - the stubs leave the fields of style options out
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        command: FoundCommand = index.data(_COMMAND)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, rect, state, 5)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are placed by hand
        words, metrics, middle = rect.adjusted(_PAD, 0, -_PAD, 0), painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(roles.dim))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, command.keys)
        room = words.width() - metrics.horizontalAdvance(command.keys) - _PAD
        title = metrics.elidedText(command.title, Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(roles.dim if command.refusal else roles.text))
        painter.drawText(words, middle, title)
        after = metrics.horizontalAdvance(title) + _PAD
        group = metrics.elidedText(command.refusal or command.group, Qt.TextElideMode.ElideRight, max(0, room - after))
        painter.setPen(QColor(roles.dim))
        painter.drawText(words.adjusted(after, 0, 0, 0), middle, group)
        painter.restore()
