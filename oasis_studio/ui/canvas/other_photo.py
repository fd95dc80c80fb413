"""The photo of the other model, beside the drawing's own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from oasis_studio.app.photo.model_comparison import ModelComparison
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.pointer_capture import PointerCapture
from oasis_studio.ui.widgets.underlay import qimage


class OtherPhoto(Surface):
    """Shares zoom and pan with the other canvases."""

    def __init__(
        self, comparison: ModelComparison, view: View, capture: PointerCapture, parent: QWidget | None = None
    ) -> None:
        super().__init__(view, capture, "other", parent)
        self._comparison = comparison
        self._source: object = None
        self._image: QImage | None = None
        self.setAccessibleName(_("Photo of the other model"))
        comparison.changed.connect(self.update)

    def image(self) -> QImage | None:
        photo = self._comparison.photo
        if photo is not self._source:
            self._source, self._image = photo, None if photo is None else qimage(photo)
        return self._image

    def paint_over(self, painter: QPainter, exposed: QRectF) -> None:
        if self._comparison.photo is None:
            painter.setPen(QColor(theme.roles().dim))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, _("The other photo appears here."))

    def pans_with_left(self) -> bool:
        return True

    def idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.OpenHandCursor
