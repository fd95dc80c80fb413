"""The canvas that is painted on."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from oasis_studio.app.painting import Painter
from oasis_studio.app.session import Session
from oasis_studio.app.tool_kind import ToolKind
from oasis_studio.core.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.brush_cursor import BrushCursor
from oasis_studio.ui.canvas.label_image import LabelImage
from oasis_studio.ui.canvas.surface import Surface, notches
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.class_drag import unpacked

_REFUSAL_MS = 2500


class LabelCanvas(Surface):
    """Left button paints, Ctrl erases, Shift goes straight, Alt picks the class, the wheel sizes the brush."""

    def __init__(self, session: Session, painter: Painter, view: View, parent: QWidget | None = None) -> None:
        super().__init__(view, "labels", parent)
        self._session = session
        self._painter = painter
        self._refusal = ""
        self._cursor: BrushCursor | None = None
        self._refusal_timer = QTimer(self, singleShot=True, interval=_REFUSAL_MS)
        self._refusal_timer.timeout.connect(self._forget_refusal)
        self._look = self._display_state()
        self._image = LabelImage(session.document, session.labels_HW)
        self.setAcceptDrops(True)
        self.setAccessibleName(_("Labels"))
        self.setAccessibleDescription(_("The canvas that is painted on"))
        session.document_opened.connect(self._reload)
        session.model_changed.connect(self._reload)
        session.labels_changed.connect(self._refresh)
        session.layers_changed.connect(self._refresh_layers)
        session.brush_resized.connect(self._move_cursor)
        session.tool_chosen.connect(self._change_tool)
        view.pointer_moved.connect(self._move_cursor)

    # -- the image ----------------------------------------------------------------------------------------------

    def image(self) -> QImage:
        return self._image.qimage

    def _reload(self) -> None:
        self._look = self._display_state()
        self._image = LabelImage(self._session.document, self._session.labels_HW)
        self.update()

    def _refresh(self, box: Box) -> None:
        self._image.update(self._session.labels_HW, box)
        self.update(self.view.to_widget(box, self.size()).adjusted(-2, -2, 2, 2).toAlignedRect())

    def _refresh_layers(self) -> None:
        """Opacity and order change colours where no label changes."""
        if self._display_state() != self._look:
            self._reload()
        self.update_cursor()

    def _display_state(self) -> list[tuple[int, bool, float]]:
        layers = self._session.document.layers
        return [(layer.id, layer.is_visible, layer.opacity) for layer in layers]

    # -- the mouse ----------------------------------------------------------------------------------------------

    def pans_with_left(self) -> bool:
        return super().pans_with_left() or self._session.tool is ToolKind.HAND

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() != Qt.MouseButton.LeftButton or self.pans_with_left():
            super().mousePressEvent(event)
            return
        x, y = self.document_point(event)
        modifiers = event.modifiers()
        if self._session.tool is ToolKind.PICK or modifiers & Qt.KeyboardModifier.AltModifier:
            self._pick(x, y)
            return
        erases = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        straight = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        try:
            self._painter.press(x, y, erases, straight)
        except StudioError as error:
            self._refuse(error)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._painter.is_painting:
            x, y = self.document_point(event)
            self._painter.move(x, y, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._painter.is_painting:
            x, y = self.document_point(event)
            self._painter.release(x, y, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            self._move_cursor()
        super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        is_wheel = event.phase() == Qt.ScrollPhase.NoScrollPhase
        if is_wheel and self._session.tool.has_tip and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = notches(event)
            self._session.step_brush(math.ceil(turned) if turned > 0 else math.floor(turned))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._painter.is_painting:
            self._painter.cancel()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._forget_refusal()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if unpacked(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()  # a file is for the window

    def dropEvent(self, event: QDropEvent) -> None:
        label = unpacked(event.mimeData())
        x, y = self.view.to_document(event.position(), self.size())
        if label is not None and self.view.contains(x, y):
            event.acceptProposedAction()
            try:
                self._painter.fill(x, y, label)
            except StudioError as error:
                self._refuse(error)

    def _pick(self, x: float, y: float) -> None:
        if self.view.contains(x, y):
            self._session.choose_class(int(self._session.labels_HW[math.floor(y), math.floor(x)]))

    # -- what follows the mouse ---------------------------------------------------------------------------------

    def idle_cursor(self) -> Qt.CursorShape:
        layer = self._session.layer
        if self._session.tool.paints and (layer is None or layer.is_locked or not layer.is_visible):
            return Qt.CursorShape.ForbiddenCursor
        return Qt.CursorShape.CrossCursor

    def paint_over(self, painter: QPainter, exposed: QRectF) -> None:
        if self._cursor is not None:
            self._cursor.paint(painter, QRectF(self.rect()))

    def _change_tool(self) -> None:
        self.update_cursor()
        self._move_cursor()

    def _refuse(self, error: StudioError) -> None:
        """Say beside the mouse why nothing was painted: a dialog would be in the way of the next stroke."""
        self._refusal = f"{error.message} {error.hint}".strip()
        self._refusal_timer.start()
        self._move_cursor()

    def _forget_refusal(self) -> None:
        if self._refusal:
            self._refusal = ""
            self._move_cursor()

    def _move_cursor(self) -> None:
        """Repaint only what the cursor leaves and where it comes to."""
        metrics, area = QFontMetricsF(self.font()), QRectF(self.rect())
        old, self._cursor = self._cursor, self._present_cursor()
        for cursor in (old, self._cursor):
            if cursor is not None and cursor != (self._cursor if cursor is old else old):
                self.update(cursor.dirty_rect(metrics, area).toAlignedRect())

    def _present_cursor(self) -> BrushCursor | None:
        pointer = self.view.pointer
        if pointer is None:
            return None
        centre = self.view.origin(self.size()) + QPointF(*pointer) * self.view.zoom
        diameter = self._session.brush_size * self.view.zoom if self._session.tool.has_tip else 0.0
        text, swatch = self._refusal, ""
        if not text and self.view.contains(*pointer) and not self._painter.is_painting:
            label = int(self._session.labels_HW[math.floor(pointer[1]), math.floor(pointer[0])])
            classes = self._session.document.palette.classes
            text, swatch = (classes[label].name, classes[label].hex) if label < len(classes) else (str(label), "")
        return BrushCursor(centre, diameter, text, swatch)
