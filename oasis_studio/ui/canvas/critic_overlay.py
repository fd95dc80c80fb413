"""What the critic says, over the photo: heat where it looks least real, hatching where it reads as another class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QMenu

from oasis_studio.app.photo.critic import CriticView, Look
from oasis_studio.app.session.session import Session
from oasis_studio.core.work.verdict import Misreading
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.photo_canvas import PhotoCanvas
from oasis_studio.ui.widgets import theme

_HOT = 0.3
"""Realism below this begins to glow; that of a real photo is as often below it as the number says."""
_DARKEST = 190
_STRIPE = 6
"""Document pixels between two stripes of the hatching."""
_MARGIN, _PAD = 12, 8
_STILL = 4
"""Widget pixels that a click may wander."""


class CriticOverlay(QObject):
    """Paints on ``canvas``, and answers a click on hatching with what can be done about it."""

    def __init__(
        self, critic: CriticView, session: Session, canvas: PhotoCanvas, refuse: Callable[[StudioError], None]
    ) -> None:
        super().__init__(canvas)
        self._critic, self._session, self._canvas, self._refuse = critic, session, canvas, refuse
        self._source: object = None
        self._image = QImage()
        self._pressed: QPoint | None = None
        canvas.overlays.append(self.paint)
        canvas.installEventFilter(self)
        critic.changed.connect(canvas.update)

    def paint(self, painter: QPainter) -> None:
        """The painter counts in document pixels."""
        critic = self._critic
        if critic.look is Look.NOTHING or critic.critique is None:
            return
        source = (critic.look, critic.critique, theme.roles())
        if self._source != source:
            self._source = source
            if critic.look is Look.REALISM:
                self._image = heat_image(critic.critique.realism_HW)
            else:
                colors = self._session.document.palette.colors
                self._image = hatch_image(critic.critique.realism_HW.shape, critic.misread, colors)
        painter.drawImage(0, 0, self._image)
        if critic.look is Look.REALISM and not critic.critique.is_calibrated:
            self._paint_caveat(painter)

    def _paint_caveat(self, painter: QPainter) -> None:
        """In the corner: without photos that a model was measured on, heat only compares the places of this photo."""
        text = _("Relative: this model was never measured on photos, so the heat compares places of this one only")
        painter.save()
        painter.resetTransform()
        room = QRectF(self._canvas.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        wraps = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
        inner = room.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        bubble = painter.boundingRect(inner, int(wraps), text).adjusted(-_PAD, -_PAD, _PAD, _PAD)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(20, 21, 23, 215))
        painter.drawRoundedRect(bubble, 5, 5)
        painter.setPen(QColor(240, 241, 243))
        painter.drawText(inner, int(wraps), text)
        painter.restore()

    def misreading_at(self, place: QPoint) -> Misreading | None:
        """What lies under a point of the canvas."""
        if self._critic.look is not Look.READING:
            return None
        x, y = self._canvas.view.to_document(place.toPointF(), self._canvas.size())
        found = (each for each in self._critic.misread if each.contains(int(x), int(y)))
        return next(found, None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            place = event.position().toPoint()
            if event.type() == QEvent.Type.MouseButtonPress:
                self._pressed = place
            elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                is_click = (place - self._pressed).manhattanLength() <= _STILL
                self._pressed = None
                misreading = self.misreading_at(place) if is_click else None
                if misreading is not None:
                    self.menu(misreading).popup(event.globalPosition().toPoint())
        return super().eventFilter(watched, event)

    def menu(self, misreading: Misreading) -> QMenu:
        """Accept the reading, or resample the region that does not look like itself."""
        classes = self._session.document.palette.classes
        read = classes[misreading.label].title if misreading.label < len(classes) else str(misreading.label)
        menu = QMenu(self._canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = menu.addAction(_("Reads as {name}").format(name=read))
        heading.setEnabled(False)
        menu.addAction(_("Paint it as {name}").format(name=read)).triggered.connect(lambda: self._accept(misreading))
        menu.addAction(_("Try other seeds for this region")).triggered.connect(lambda: self._resample(misreading))
        return menu

    def _accept(self, misreading: Misreading) -> None:
        try:
            self._critic.accept(misreading)
        except StudioError as error:
            self._refuse(error)

    def _resample(self, misreading: Misreading) -> None:
        rows, columns = np.nonzero(misreading.mask_hw)
        middle = len(rows) // 2
        x, y = misreading.box.left + int(columns[middle]), misreading.box.top + int(rows[middle])
        key = self._session.regions.map.at(x, y)
        if key is not None:
            self._critic.resample(key)


def heat_image(realism_HW: np.ndarray) -> QImage:
    """Clear where the photo looks real, amber where it does less, red where hardly a real photo has such pixels."""
    roles = theme.roles()
    heat = np.clip((_HOT - realism_HW) / _HOT, 0, 1)[..., None]
    cool, hot = (_rgb(QColor(color)) for color in (roles.warning, roles.danger))
    return _argb(cool + (hot - cool) * heat, heat[..., 0] * _DARKEST)


def hatch_image(shape: tuple[int, ...], misread: list[Misreading], colors: np.ndarray) -> QImage:
    """Stripes in the colour of the class that is read, between dark ones; clear elsewhere."""
    color = np.zeros((*shape, 3), np.float32)
    alpha = np.zeros(shape, np.float32)
    y, x = np.mgrid[: shape[0], : shape[1]]
    stripe = (x + y) // (_STRIPE // 2) % 2 == 0
    for each in misread:
        place = each.box.slices
        inside = each.mask_hw
        color[place][inside & stripe[place]] = colors[each.label] if each.label < len(colors) else 255
        alpha[place][inside] = np.where(stripe[place][inside], 235, 110)
    return _argb(color, alpha)


def _rgb(color: QColor) -> np.ndarray:
    return np.array((color.red(), color.green(), color.blue()), np.float32)


def _argb(color_HW3: np.ndarray, alpha_HW: np.ndarray) -> QImage:
    height, width = alpha_HW.shape
    pixels = np.dstack([color_HW3[..., ::-1], alpha_HW]).round().clip(0, 255).astype(np.uint8)
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32).convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied
    )
