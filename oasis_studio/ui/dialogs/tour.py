"""A short tour of the window: five cards, each beside what it tells about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.text import label

_WIDTH = 320
_GAP = 12


@dataclass(frozen=True)
class _Stop:
    """What to point at, and what to say."""

    place: Callable[[QMainWindow], QWidget | None]
    title: str
    text: str


class Tour(QObject):
    """Can be left at any moment with Escape or a click; everything under it can be used meanwhile."""

    ended = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._stops = _stops()
        self._number = 0
        self._frame = _Frame(window)
        self.card = _Card(window)
        self.card.next_button.clicked.connect(self.go_on)
        self.card.skip_button.clicked.connect(self.end)
        self.card.escaped.connect(self.end)
        window.installEventFilter(self)

    def start(self) -> None:
        self._show()
        self.card.next_button.setFocus()

    def go_on(self) -> None:
        self._number += 1
        if self._number < len(self._stops):
            self._show()
        else:
            self.end()

    def end(self) -> None:
        self._window.removeEventFilter(self)
        for widget in (self._frame, self.card):
            widget.hide()
            widget.deleteLater()
        self.ended.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._show()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        stop = self._stops[self._number]
        self.card.tell(stop.title, stop.text, self._number + 1, len(self._stops))
        target = stop.place(self._window)
        if target is None or not target.isVisible():
            self._frame.hide()
            self.card.move(self._window.rect().center() - self.card.rect().center())
        else:
            place = QRect(target.mapTo(self._window, QPoint()), target.size())
            self._frame.setGeometry(place)
            self._frame.show()
            self._frame.raise_()
            self.card.move(_beside(place, self.card.size().width(), self.card.size().height(), self._window.rect()))
        self.card.show()
        self.card.raise_()


class _Card(QFrame):
    escaped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourCard")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(_("Tour of the window"))
        self._title = label("", "noticeMessage", wraps=True)
        self._text = label("", wraps=True)
        self._count = label("", "dim")
        self.next_button, self.skip_button = QPushButton(_("Next")), QPushButton(_("Skip the tour"))
        self.next_button.setObjectName("primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.skip_button)
        row.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(8)
        column.addLayout(row)

    def tell(self, title: str, text: str, number: int, count: int) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self._count.setText(_("{number} of {count}").format(number=number, count=count))
        is_last = number == count
        self.skip_button.setVisible(not is_last)
        self.next_button.setText(_("Start painting") if is_last else _("Next"))
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_button.click()
        else:
            super().keyPressEvent(event)


class _Frame(QWidget):
    """An outline around what is told about; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.roles().accent), 2))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 8, 8)
        painter.end()


def _stops() -> list[_Stop]:
    return [
        _Stop(
            lambda window: _named(window, "classes"),
            _("Choose what to paint"),
            _("Sky, mountain, water: each class has a colour. Click one or press its number."),
        ),
        _Stop(
            lambda window: _surface(window, "labels"),
            _("Paint here"),
            _("The wheel sizes the brush, Ctrl and the wheel zoom, Space moves the picture. Ctrl+Z takes back."),
        ),
        _Stop(
            lambda window: _surface(window, "photo"),
            _("The photo follows"),
            _("It is rendered on this computer while you paint, and never makes you wait."),
        ),
        _Stop(
            lambda window: _named(window, "regions"),
            _("Keep this, change that"),
            _("Roll the dice for another photo of the same labels, or for one region alone. A lock keeps its pixels."),
        ),
        _Stop(
            lambda window: None,
            _("Everything else"),
            _("Ctrl+Shift+P finds every command by name. The tour is in the Help menu."),
        ),
    ]


def _named(window: QMainWindow, name: str) -> QWidget | None:
    return window.findChild(QWidget, name)


def _surface(window: QMainWindow, name: str) -> QWidget | None:
    return window.findChild(QWidget, f"{name}Canvas")


def _beside(place: QRect, width: int, height: int, area: QRect) -> QPoint:
    """Where a card of that size stands: left of the place, else right, else over its middle, inside the area."""
    top = min(max(place.center().y() - height // 2, _GAP), area.height() - height - _GAP)
    if place.left() - width - _GAP >= _GAP:
        return QPoint(place.left() - width - _GAP, top)
    if place.right() + _GAP + width <= area.width() - _GAP:
        return QPoint(place.right() + _GAP, top)
    return QPoint(place.center().x() - width // 2, top)
