"""One variation as a picture that can be clicked."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from oasis_studio.app.regions.variations import Variation
from oasis_studio.i18n import _, decimal
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.underlay import qimage

_RADIUS = 6


class VariationTile(QAbstractButton):
    """Empty until the photo is there; a frame marks the one that was picked or has the focus."""

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(size)
        self._image: QImage | None = None
        self._score: float | None = None
        self.is_picked = False

    def show_variation(self, variation: Variation, is_picked: bool) -> None:
        self._image = None if variation.image_HW3 is None else qimage(variation.image_HW3)
        self._score = variation.score
        self.is_picked = is_picked
        self.setEnabled(self._image is not None)
        text = _("seed {seed}").format(seed=variation.seed)
        score = "" if self._score is None else " · " + _("realism {score}").format(score=decimal(self._score, 2))
        self.setToolTip(text + score)
        self.setAccessibleName(_("Variation with {text}").format(text=text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        path = QPainterPath()
        path.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.fillPath(path, QColor(roles.raised))
        if self._image is not None:
            painter.save()
            painter.setClipPath(path)
            painter.drawImage(_covering(frame, self._image), self._image)
            painter.restore()
        if self.is_picked or self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(roles.accent if self.is_picked or self.hasFocus() else roles.dim), 2))
            painter.drawPath(path)
        painter.end()


def _covering(frame: QRectF, image: QImage) -> QRectF:
    """Where the image fills the frame, with its middle in the middle."""
    scale = max(frame.width() / image.width(), frame.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    return QRectF(frame.center().x() - width / 2, frame.center().y() - height / 2, width, height)
