"""The shape of the brush's tip, as a list with pictures."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox

from oasis_studio.app.session.tool_settings import ToolSettings
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.core.pixels.tip_shape import TipShape
from oasis_studio.i18n import _
from oasis_studio.ui.widgets import theme

_SIDE = 20
_WIDTH = 132
_SHARPNESS = 2
"""Pixels of a picture for each one it takes: sharp on screens with small pixels."""


class TipChooser(QComboBox):
    """Round and square first, then the shapes of the shelf."""

    def __init__(self, tools: ToolSettings) -> None:
        super().__init__()
        self._tools = tools
        self.setFixedWidth(_WIDTH)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setAccessibleName(_("Shape of the tip"))
        self.setToolTip(_("Shape of the tip"))
        self.activated.connect(self._take)
        tools.changed.connect(self._show)
        tools.shelf.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        pixels = _SIDE * _SHARPNESS
        y, x = (np.mgrid[:pixels, :pixels] - (pixels - 1) / 2) / _SHARPNESS
        self.addItem(_picture(np.hypot(x, y) <= _SIDE / 2 - 2), _("Round"), Tip.ROUND)
        self.addItem(_picture(np.maximum(abs(x), abs(y)) <= _SIDE / 2 - 3), _("Square"), Tip.SQUARE)
        for shape in self._tools.shelf.shapes:
            self.addItem(_picture(shape.scaled(pixels)), shape.name, shape)
        self._show()

    def _take(self, row: int) -> None:
        chosen = self.itemData(row)
        if isinstance(chosen, TipShape):
            self._tools.set_shape(chosen)
        else:
            self._tools.set_tip(Tip(chosen))

    def _show(self) -> None:
        shape = self._tools.shape
        wanted = self._tools.tip if shape is None else shape
        rows = (row for row in range(self.count()) if self.itemData(row) == wanted)
        self.setCurrentIndex(next(rows, 0))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()
        super().changeEvent(event)


def _picture(mask_HW: np.ndarray) -> QIcon:
    """The mask in the colour of the text, in the middle of a square."""
    height, width = mask_HW.shape
    pixels = np.where(mask_HW, np.uint32(QColor(theme.roles().text).rgba()), np.uint32(0)).astype(np.uint32)
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    side = _SIDE * _SHARPNESS
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.drawImage((side - width) // 2, (side - height) // 2, image)
    painter.end()
    pixmap.setDevicePixelRatio(_SHARPNESS)
    return QIcon(pixmap)
