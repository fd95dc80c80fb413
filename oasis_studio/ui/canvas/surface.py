"""What both canvases are: a dark table on which an image lies, moved and zoomed by the shared view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from oasis_studio.ui.canvas.pan import Pan
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.pointer_capture import PointerCapture, PointerEvent

_RADIUS = 8
_TAP = 3
"""Widget pixels that a click may move and still be one."""
_NOTCH = 120
"""Wheel units of one notch."""


class Surface(QWidget):
    """Software painted; only exposed pixels are drawn. Middle button or Space pans, Ctrl and the wheel zoom.

    ``marks`` draw on top in document coordinates. All canvases of a window share one ``capture`` of the pointer.
    """

    menu_wanted = Signal(float, float, QPoint)
    """Right button: where in the document, and where on the screen."""
    tapped = Signal(float, float, bool)
    """A left click that moved nothing, where the left button pans; True: Ctrl or Shift was held."""

    def __init__(self, view: View, capture: PointerCapture, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view, self.capture = view, capture
        self._name = name
        self.setObjectName(f"{name}Canvas")
        self._pan = Pan(view, self)
        self._pan.released.connect(self.update_cursor)
        self._has_space = False
        self._pressed_at: QPointF | None = None
        self._hovered_at: QPointF | None = None
        """Where the pointer is in this canvas, in widget pixels; None where it is elsewhere."""
        self.marks: list[Callable[[QPainter], None]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        view.changed.connect(self._follow_view)

    def sizeHint(self) -> QSize:
        return QSize(520, 520)

    @property
    def is_panning(self) -> bool:
        """Is the picture being dragged?"""
        return self._pan.is_open

    # -- for the two canvases to fill in ------------------------------------------------------------------------

    def image(self) -> QImage | None:
        """What lies on the table."""
        return None

    def paint_over(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw on top of the image, in widget pixels."""

    def idle_cursor(self) -> Qt.CursorShape:
        """The mouse cursor while nothing is dragged."""
        return Qt.CursorShape.ArrowCursor

    def pans_with_left(self) -> bool:
        """Does the left button move the picture?"""
        return self._has_space

    # -- painting -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        roles = theme.roles()
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        painter.fillRect(event.rect(), QColor(roles.canvas))
        image = self.image()
        if image is not None and not image.isNull():
            self.paint_image(painter, image)
        for mark in self.marks:
            painter.save()
            painter.setTransform(self.view.transform(self.size()), True)
            mark(painter)
            painter.restore()
        self.paint_over(painter, QRectF(event.rect()))
        self._paint_corners(painter, QColor(roles.panel), QRectF(event.rect()))
        painter.end()

    def paint_image(self, painter: QPainter, image: QImage) -> None:
        """Draw ``image`` where the document lies; document pixels stay square when they are large."""
        painter.save()
        painter.setTransform(self.view.transform(self.size()), True)
        is_smooth = self.view.zoom < 1 or self.view.angle % 90 != 0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        painter.drawImage(0, 0, image)
        painter.restore()

    def _paint_corners(self, painter: QPainter, color: QColor, exposed: QRectF) -> None:
        whole = QRectF(self.rect())
        if theme.roles().has_outlines:
            painter.setPen(QColor(theme.roles().line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(whole.adjusted(0, 0, -1, -1))
            return
        if whole.adjusted(_RADIUS, 0, -_RADIUS, 0).contains(exposed):
            return
        path = QPainterPath()
        path.addRect(whole)
        path.addRoundedRect(whole, _RADIUS, _RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, color)

    # -- the shared view ----------------------------------------------------------------------------------------

    def document_point(self, event: QMouseEvent | QWheelEvent | QNativeGestureEvent) -> tuple[float, float]:
        return self.view.to_document(event.position(), self.size())

    def _follow_view(self) -> None:
        """Another place of the document is under a pointer that stands still."""
        if self._hovered_at is not None:
            self.view.point(self.view.to_document(self._hovered_at, self.size()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.isVisible():
            self.view.set_viewport(self._name, self.size())

    def showEvent(self, event: QShowEvent) -> None:
        self.view.set_viewport(self._name, self.size())

    def hideEvent(self, event: QHideEvent) -> None:
        self.view.set_viewport(self._name, None)

    # -- panning and zooming ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton and self.pans_with_left()
        if left or event.button() == Qt.MouseButton.MiddleButton:
            at = event.position()
            self._pan.press(at.x(), at.y())
            self.capture.hold(self._pan, self, event, _place)
            self._pressed_at = at if left and not self._has_space else None
            self.update_cursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(*self.view.to_document(QPointF(event.pos()), self.size()), event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.capture.move(event)
        self._hovered_at = event.position()
        self.view.point(self.document_point(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._pressed_at = self._pressed_at, None
        is_end = self.capture.release(event)
        if is_end and start is not None and (event.position() - start).manhattanLength() <= _TAP:
            keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            self.tapped.emit(*self.document_point(event), bool(event.modifiers() & keys))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.modifiers():
            self.view.pan(event.pixelDelta().x(), event.pixelDelta().y())  # two fingers on a touchpad
        else:
            self.zoom_with(event)
        event.accept()

    def zoom_with(self, event: QWheelEvent) -> None:
        self.view.zoom_by(notches(event), QPointF(*self.document_point(event)))

    def event(self, event: QEvent) -> bool:
        pinch = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinch:
            self.view.zoom_to(self.view.zoom * (1 + event.value()), QPointF(*self.document_point(event)))
            return True
        return super().event(event)

    # -- keyboard and cursor ------------------------------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            self.setFocus(Qt.FocusReason.MouseFocusReason)  # so that Space reaches the canvas under the mouse
        self.update_cursor()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered_at = None
        self.view.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._has_space = True
            self.update_cursor()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._has_space = False
            self.update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys that are held now are released elsewhere."""
        super().focusOutEvent(event)
        if self._has_space:
            self._has_space = False
            self.update_cursor()

    def update_cursor(self) -> None:
        if self.is_panning:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.pans_with_left():
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.idle_cursor())


def _place(event: PointerEvent) -> tuple[float, float, float]:
    return event.position().x(), event.position().y(), 1.0


def notches(event: QWheelEvent) -> float:
    """How many notches the wheel turned, positive away from the person; some systems turn it sideways with Alt."""
    delta = event.angleDelta()
    return (delta.y() or delta.x()) / _NOTCH
