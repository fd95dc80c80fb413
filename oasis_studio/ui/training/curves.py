"""Curves over the photos seen, drawn by pyqtgraph."""

from __future__ import annotations

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.text import label

Points = list[tuple[int, float]]

_COLORS = ("accent", "good", "warning", "danger", "text", "dim")
_STYLES = (
    (Qt.PenStyle.SolidLine, "—"),
    (Qt.PenStyle.DashLine, "- -"),
    (Qt.PenStyle.DotLine, "···"),
    (Qt.PenStyle.DashDotLine, "-·-"),
)
"""Lines, and what they look like in the legend: curves are told apart without colour."""
_LEAST_HEIGHT = 90
_LEGEND_COLUMNS = 3
_SMOOTHED = 60
"""Curves with more points than this are smoothed, with the points behind them."""


class Curves(QWidget):
    """Named curves with a legend above; the newest value stands beside each name."""

    def __init__(self, title: str, empty: str) -> None:
        super().__init__()
        self._lines: dict[str, pyqtgraph.PlotDataItem] = {}
        self._clouds: dict[str, pyqtgraph.PlotDataItem] = {}
        self._names: dict[str, QLabel] = {}
        self._legend = QGridLayout()
        self._legend.setHorizontalSpacing(12)
        self._legend.setVerticalSpacing(0)
        self._empty = label(empty, "dim", wraps=True)
        self.plot = pyqtgraph.PlotWidget()
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAccessibleName(title)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.plot.setMinimumHeight(_LEAST_HEIGHT)
        self.plot.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(title, "heading"))
        column.addLayout(self._legend)
        column.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.plot, 1)
        self._tint()

    def show_curves(self, curves: dict[str, tuple[str, Points]]) -> None:
        """By key: the name for people, and the points."""
        for key in [key for key in self._lines if key not in curves]:
            self._remove(key)
        for key, (name, points) in curves.items():
            if key not in self._lines:
                self._add(key)
            x, y = np.array(points, float).T if points else (np.empty(0), np.empty(0))
            is_long = len(points) > _SMOOTHED
            self._clouds[key].setData(x if is_long else [], y if is_long else [])
            mark = "o" if len(points) == 1 else None  # a line needs two
            self._lines[key].setData(x, _smoothed(y) if is_long else y, symbol=mark)
            newest = f" {points[-1][1]:.3g}" if points else ""
            number = list(self._lines).index(key)
            self._names[key].setText(f"{_STYLES[number % len(_STYLES)][1]} {name}{newest}")
        self._empty.setVisible(not curves)
        self.plot.setVisible(bool(curves))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()
        super().changeEvent(event)

    def _add(self, key: str) -> None:
        self._clouds[key] = self.plot.plot([], [])
        self._lines[key] = self.plot.plot([], [])
        place = divmod(len(self._names), _LEGEND_COLUMNS)
        self._names[key] = label("", "dim")
        self._legend.addWidget(self._names[key], *place)
        self._legend.setColumnStretch(_LEGEND_COLUMNS, 1)
        self._tint()

    def _remove(self, key: str) -> None:
        self.plot.removeItem(self._lines.pop(key))
        self.plot.removeItem(self._clouds.pop(key))
        self._names.pop(key).deleteLater()
        self._tint()

    def _tint(self) -> None:
        roles = theme.roles()
        self.plot.setBackground(roles.panel)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(roles.line)
            axis.setTextPen(roles.dim)
        self.plot.showGrid(x=False, y=True, alpha=0.12)
        self.plot.getAxis("bottom").setLabel(_("photos seen"), color=roles.dim)
        self.plot.getAxis("bottom").enableAutoSIPrefix(False)
        self.plot.getAxis("left").setWidth(44)
        for number, key in enumerate(self._lines):
            color = QColor(getattr(roles, _COLORS[number % len(_COLORS)]))
            style = _STYLES[number % len(_STYLES)][0]
            self._lines[key].setPen(pyqtgraph.mkPen(color, width=2, style=style))
            self._lines[key].setSymbolBrush(color)
            self._lines[key].setSymbolPen(None)
            faint = QColor(color)
            faint.setAlphaF(0.3)
            self._clouds[key].setPen(pyqtgraph.mkPen(faint, width=1))
            self._names[key].setStyleSheet(f"color: {color.name()};")


def _smoothed(values: np.ndarray) -> np.ndarray:
    """Every value with the mean of those around it; the ends with what there is."""
    width = max(3, len(values) // 30) | 1
    kernel = np.ones(width)
    return np.convolve(values, kernel, "same") / np.convolve(np.ones_like(values), kernel, "same")
