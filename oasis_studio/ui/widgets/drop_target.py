"""What is laid over the window while a file is dragged into it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from oasis_studio.i18n import _
from oasis_studio.ui.widgets import theme

_EDGE = 12
_RADIUS = 10
_FONT_PIXELS = 20


class DropTarget(QWidget):
    """Lies over all of ``parent`` and lets the mouse through, so that the window itself gets the drop."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def appear(self) -> None:
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(roles.window)
        veil.setAlpha(170)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(roles.accent), 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), _RADIUS, _RADIUS)
        font = painter.font()
        font.setPixelSize(_FONT_PIXELS)
        painter.setFont(font)
        painter.setPen(QColor(roles.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Drop to open"))
        painter.end()
