"""A row of controls, of which those without room go into a menu at its end."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.widgets.icon_button import CELL, IconButton

_GAP = 6
_PAD = 12


class FoldingRow(QWidget):
    """As many of the wanted parts as there is room for, in their order; the others open from the button ``more``."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        self._wanted: list[QWidget] = []
        self._folded: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.addStretch(1)
        self.more = IconButton("dots-horizontal", _("More options of the tool"))
        self.more.clicked.connect(self.open_menu)
        self.more.hide()
        self._row.addWidget(self.more)
        self.menu = QFrame(self, Qt.WindowType.Popup)
        self.menu.setObjectName("card")
        self._column = QVBoxLayout(self.menu)
        self._column.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        self._column.setSpacing(_GAP)

    def add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._row.insertWidget(len(self._parts) - 1, part)
        part.hide()

    def show_parts(self, wanted: Iterable[QWidget]) -> None:
        """Show these and no others."""
        self._wanted = list(wanted)
        for part in self._parts:
            part.setVisible(part in self._wanted)
        self._fold()

    def open_menu(self) -> None:
        self.menu.adjustSize()
        corner = self.more.mapToGlobal(QPoint(self.more.width(), self.more.height()))
        self.menu.move(corner.x() - self.menu.width(), corner.y())
        self.menu.show()

    def minimumSizeHint(self) -> QSize:
        return QSize(CELL, CELL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # a part became wider or narrower
            self._fold()
        return is_done

    def _fold(self) -> None:
        """Move what has no room into the menu, and what has back into the row."""
        folded = self._without_room()
        if folded == self._folded:
            return
        self._folded = folded
        place = 0
        for part in self._parts:
            if part in folded:
                self._column.addWidget(part)
            else:
                self._row.insertWidget(place, part)
                place += 1
            part.setVisible(part in self._wanted)
        self.more.setVisible(bool(folded))
        if not folded:
            self.menu.hide()

    def _without_room(self) -> list[QWidget]:
        widths = [part.sizeHint().expandedTo(part.minimumSize()).boundedTo(part.maximumSize()) for part in self._wanted]
        needed = [size.width() + _GAP for size in widths]
        if sum(needed) - _GAP <= self.width():
            return []
        room, kept = self.width() - CELL - _GAP, 0
        while kept < len(needed) and sum(needed[: kept + 1]) <= room:
            kept += 1
        return self._wanted[kept:]
