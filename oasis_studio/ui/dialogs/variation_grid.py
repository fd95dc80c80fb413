"""All variations at once, as large as the window."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from oasis_studio.app.studio import Studio
from oasis_studio.i18n import _
from oasis_studio.ui.docks.variations import VariationHead
from oasis_studio.ui.widgets.text import label
from oasis_studio.ui.widgets.variation_tile import VariationTile

_GAP = 8


class VariationGrid(QDialog):
    """Fills with the photos as they come. A click picks one and closes the grid; Esc closes it without."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self._studio, self._variations = studio, studio.variations
        self._head = VariationHead(studio)
        self.setWindowTitle(_("Variations"))
        self.resize(parent.size())
        self.tiles: list[VariationTile] = []
        self.subject = label("", "dim")
        self.stop = QPushButton(_("Stop"))
        self.stop.clicked.connect(self._variations.cancel)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.addWidget(label(_("Variations"), "heading"))
        head.addSpacing(8)
        head.addWidget(self.subject)
        head.addStretch(1)
        head.addWidget(self.stop)
        head.addWidget(close)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._grid, 1)
        self._variations.changed.connect(self.refresh)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F7:  # the key that opened it
            self.reject()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        variations = self._variations
        while len(self.tiles) < len(variations.all):
            self._add_tile()
        for place, tile in enumerate(self.tiles):
            tile.setVisible(place < len(variations.all))
        for tile, index in zip(self.tiles, variations.order, strict=False):
            tile.show_variation(variations.all[index], False)
        self.subject.setText(self._head.subject)
        self.stop.setVisible(variations.is_running)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def pick(self, place: int) -> None:
        self._variations.pick(self._variations.order[place])
        self.accept()

    def _add_tile(self) -> None:
        tile = VariationTile(QSize(64, 64))
        place = len(self.tiles)
        tile.clicked.connect(lambda: self.pick(place))
        self.tiles.append(tile)

    def _arrange(self) -> None:
        """As many columns as make the pictures largest."""
        count = len(self._variations.all)
        document = self._studio.session.document
        if not count:
            return
        width, height = self.width() - 32, self.height() - 76
        best = max(range(1, count + 1), key=lambda columns: self._side(columns, count, width, height))
        side = max(24.0, self._side(best, count, width, height))
        size = QSize(int(side), int(side * document.height / document.width))
        for place, tile in enumerate(self.tiles[:count]):
            tile.setFixedSize(size)
            self._grid.addWidget(tile, place // best, place % best)

    def _side(self, columns: int, count: int, width: int, height: int) -> float:
        """Width of a tile in a grid with so many columns."""
        document = self._studio.session.document
        rows = math.ceil(count / columns)
        across = (width - (columns - 1) * _GAP) / columns
        down = (height - (rows - 1) * _GAP) / rows
        return min(across, down * document.width / document.height)
