"""The canvas that shows the photo."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.model_comparison import ModelComparison
from oasis_studio.app.session.session import Session
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.brush_cursor import BrushCursor
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.canvas.wipe import Wipe
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.pointer_capture import PointerCapture
from oasis_studio.ui.widgets.underlay import PhotoImage

_FADE_MS = 80
_LIVE_S = 0.5
"""Photos that follow each other faster than this do not fade: painting must feel direct."""
_LINE = 2
_LINE_PATIENCE_MS = 150
_LINE_TICK_MS = 33


class PhotoCanvas(Surface):
    """The newest photo; while a newer one is rendered, a thin line moves along its top edge.

    The labels can be laid over it, and the photo of a snapshot over its left.
    """

    def __init__(
        self,
        session: Session,
        feed: PhotoFeed,
        comparison: Comparison,
        labels: Callable[[], QImage],
        view: View,
        capture: PointerCapture,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(view, capture, "photo", parent)
        self._session = session
        self._feed = feed
        self._photo: PhotoImage | None = None
        self._fading: PhotoImage | None = None
        self._shown_at = 0.0
        self._busy_since: float | None = None
        self._cursor: BrushCursor | None = None
        self.reduce_motion = False
        self.overlays: list[Callable[[QPainter], None]] = []
        """Painted over the photo, in document pixels."""
        self._labels = labels
        self._overlay = 0.0
        self._comparison = comparison
        self._wipe = Wipe(comparison)
        self._models: tuple[ModelComparison, Wipe] | None = None
        comparison.changed.connect(self.update)
        session.labels_changed.connect(self._refresh_overlay)
        self.placeholder = _("The photo appears here.")
        self._fade = QVariantAnimation(self, duration=_FADE_MS, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self._repaint_photo)
        self._fade.finished.connect(self._end_fade)
        self._line = QTimer(self, interval=_LINE_TICK_MS)
        self._line.timeout.connect(self._repaint_line)
        self.setAccessibleName(_("Photo"))
        feed.photo_shown.connect(self.show_photo)
        feed.activity_changed.connect(self.show_activity)
        session.brush_resized.connect(self._move_cursor)
        session.tool_chosen.connect(self._move_cursor)
        view.pointer_moved.connect(self._move_cursor)

    def image(self) -> QImage | None:
        return None if self._photo is None else self._photo.qimage

    def show_photo(self) -> None:
        """Take the feed's photo; a short fade softens the change when nobody is painting."""
        now = time.monotonic()
        has_old = self._photo is not None and self._feed.image_HW3 is not None
        fades = has_old and now - self._shown_at > _LIVE_S and not self.reduce_motion
        self._fading = self._photo if fades else None
        self._photo = None if self._feed.image_HW3 is None else PhotoImage(self._feed.image_HW3)
        self._shown_at = now
        self._fade.stop()
        if self._fading is not None:
            self._fade.start()
        self.update()

    def show_activity(self, is_busy: bool) -> None:
        """Start or stop the moving line."""
        if is_busy:
            self._busy_since = time.monotonic()
            self._line.start()
        else:
            self._busy_since = None
            self._line.stop()
            self.update(self._line_rect().toAlignedRect())

    # -- painting -----------------------------------------------------------------------------------------------

    def paint_image(self, painter: QPainter, image: QImage) -> None:
        if self._fading is None:
            super().paint_image(painter, image)
        else:
            super().paint_image(painter, self._fading.qimage)
            painter.setOpacity(float(self._fade.currentValue() or 0.0))
            super().paint_image(painter, image)
        if self._overlay > 0:
            painter.setOpacity(self._overlay)
            super().paint_image(painter, self._labels())
        painter.setOpacity(1.0)
        if self.overlays:
            painter.save()
            painter.setTransform(self.view.transform(self.size()), True)
            for paint in self.overlays:
                paint(painter)
            painter.restore()
        self._paint_wipe(painter, self._comparison.photo, self._wipe)
        if self._models is not None:
            self._paint_wipe(painter, self._models[0].wiped_photo, self._models[1])

    def _paint_wipe(self, painter: QPainter, other: np.ndarray | None, wipe: Wipe) -> None:
        """The other photo over the left of this one."""
        if other is not None:
            painter.save()
            painter.setTransform(self.view.transform(self.size()), True)
            wipe.paint(painter, other, lambda: other)
            painter.restore()

    def compare_with(self, models: ModelComparison) -> None:
        """Show the photo of another model under a wipe, too."""
        self._models = (models, Wipe(models))
        models.changed.connect(self.update)

    def show_labels(self, opacity: float) -> None:
        """Lay the labels over the photo, 0..1."""
        self._overlay = opacity
        self.update()

    def _refresh_overlay(self, box: Box) -> None:
        if self._overlay > 0:
            self.update(self.view.to_widget(box, self.size()).adjusted(-2, -2, 2, 2).toAlignedRect())

    def paint_over(self, painter: QPainter, exposed: QRectF) -> None:
        if self._photo is None:
            self._paint_placeholder(painter)
        self._paint_line(painter)
        if self._cursor is not None:
            self._cursor.paint(painter, QRectF(self.rect()))

    def _paint_placeholder(self, painter: QPainter) -> None:
        roles = theme.roles()
        rect = self._document_rect()
        painter.fillRect(rect, QColor(roles.window))
        painter.setPen(QColor(roles.dim))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(rect.adjusted(16, 16, -16, -16), flags, self.placeholder)

    def _paint_line(self, painter: QPainter) -> None:
        if self._busy_since is None:
            return
        elapsed = (time.monotonic() - self._busy_since) * 1000 - _LINE_PATIENCE_MS
        if elapsed < 0:
            return
        track = self._line_rect()
        length = track.width() / 3
        left = track.left() - length + (elapsed / 1200 % 1.0) * (track.width() + length)
        segment = QRectF(left, track.top(), length, track.height()).intersected(track)
        painter.fillRect(segment, QColor(theme.roles().accent))

    # -- what has to be painted again ---------------------------------------------------------------------------

    def _document_rect(self) -> QRectF:
        document = self._session.document
        return self.view.to_widget(Box(0, 0, document.width, document.height), self.size())

    def _line_rect(self) -> QRectF:
        photo = self._document_rect().intersected(QRectF(self.rect()))
        return QRectF(photo.left(), photo.top(), photo.width(), _LINE)

    def _repaint_line(self) -> None:
        self.update(self._line_rect().toAlignedRect())

    def _repaint_photo(self) -> None:
        self.update()

    def _end_fade(self) -> None:
        self._fading = None

    def _move_cursor(self) -> None:
        """The brush shows here too, so that the eye finds in the photo what the hand does in the labels."""
        pointer = self.view.pointer
        old, self._cursor = self._cursor, None
        if pointer is not None and self._session.tool.has_tip:
            centre = self.view.transform(self.size()).map(QPointF(*pointer))
            is_square = self._session.tools.tip is Tip.SQUARE or self._session.tools.shape is not None
            self._cursor = BrushCursor(centre, self._session.brush_size * self.view.zoom, is_square)
        for cursor in (old, self._cursor):
            if cursor is not None:
                self.update(cursor.outline_rect().adjusted(-3, -3, 3, 3).toAlignedRect())

    def pans_with_left(self) -> bool:
        return True

    def idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.OpenHandCursor
