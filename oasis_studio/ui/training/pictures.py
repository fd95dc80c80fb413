"""Pictures of the monitor: scaled into their place, never enlarged beyond what they show."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from oasis_studio.ui.widgets import theme

_MOST_ENLARGED = 4.0


class PictureView(QWidget):
    """One picture, centred; ``placeholder`` as long as there is none."""

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.placeholder = placeholder
        self.setAccessibleName(name)
        self.setMinimumSize(200, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def image(self) -> QImage | None:
        return self._image

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        painter.fillRect(area, QColor(theme.roles().canvas))
        if self._image is None or self._image.isNull():
            painter.setPen(QColor(theme.roles().dim))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(16, 8, -16, -8), flags, self.placeholder)
        else:
            width, height = self._image.width(), self._image.height()
            scale = min(area.width() / width, area.height() / height, _MOST_ENLARGED)
            place = QRectF(0, 0, width * scale, height * scale)
            place.moveCenter(area.center())
            painter.drawImage(place, self._image)
        painter.end()
