"""How much of the data each class is, as bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from oasis_studio.app.training.data_findings import FoundClass
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.widgets import theme

_ROW = 22
_SWATCH = 12
_NAME = 150
_NUMBER = 56


class ClassBars(QWidget):
    """One row a class, the largest first; the last row is what nobody labelled."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_classes(self, classes: tuple[FoundClass, ...], unlabelled: float) -> None:
        ordered = sorted(classes, key=lambda entry: -entry.share)
        self._rows = [(entry.name, entry.color, entry.share) for entry in ordered]
        if unlabelled > 0:
            self._rows.append((_("not labelled"), "", unlabelled))
        words = ", ".join(f"{name} {decimal(100 * share, 1)} %" for name, _color, share in self._rows)
        self.setAccessibleName(_("Share of the pixels"))
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, _ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(300, _ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # the words are placed by hand
        metrics = QFontMetrics(self.font())
        left = _SWATCH + 8
        track = self.width() - left - _NAME - _NUMBER - 16
        most = max((share for _name, _color, share in self._rows), default=1.0) or 1.0
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, (name, color, share) in enumerate(self._rows):
            top = row * _ROW
            painter.setPen(QPen(QColor(roles.line), 1))
            painter.setBrush(QColor(color) if color else QColor(roles.panel))
            painter.drawRoundedRect(QRectF(0.5, top + (_ROW - _SWATCH) / 2, _SWATCH, _SWATCH), 3, 3)
            painter.setPen(QColor(roles.text if share else roles.dim))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _NAME)
            painter.drawText(QRectF(left, top, _NAME, _ROW), middle, words)
            painter.setPen(QColor(roles.dim))
            right = QRectF(left + _NAME + 8, top, _NUMBER, _ROW)
            painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, f"{decimal(100 * share, 1)} %")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(roles.accent if share else roles.line))
            width = max(2.0, track * share / most)
            painter.drawRoundedRect(QRectF(left + _NAME + _NUMBER + 16, top + 8, width, 6), 3, 3)
        painter.end()
