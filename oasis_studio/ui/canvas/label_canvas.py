"""The canvas that is painted on."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFontMetricsF,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QShowEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from oasis_studio.app.photo.comparison import Comparison
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gestures import Gestures
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.ants import Ants
from oasis_studio.ui.canvas.brush_cursor import BrushCursor, Tag
from oasis_studio.ui.canvas.class_tag import tag_at
from oasis_studio.ui.canvas.guides import GRID_ZOOM, paint_mirror_axis, paint_pixel_grid
from oasis_studio.ui.canvas.hand import Hand
from oasis_studio.ui.canvas.hatching import Hatching
from oasis_studio.ui.canvas.label_image import LabelImage
from oasis_studio.ui.canvas.surface import Surface, notches
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.canvas.wipe import Wipe
from oasis_studio.ui.widgets.class_drag import unpacked
from oasis_studio.ui.widgets.pointer_capture import PointerCapture
from oasis_studio.ui.widgets.underlay import Underlay

_REFUSAL_MS = 2500


class LabelCanvas(Surface):
    """Left button or pen: the tool. Ctrl subtracts, Shift goes straight, Alt picks, the wheel sizes it, or zooms."""

    def __init__(
        self,
        session: Session,
        gestures: Gestures,
        comparison: Comparison,
        view: View,
        capture: PointerCapture,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(view, capture, "labels", parent)
        self._session = session
        self._painter = gestures.painter
        self._hand = Hand(session, gestures, self, self._refuse)
        for gesture in gestures.all:
            gesture.released.connect(self._move_cursor)
            gesture.released.connect(self.update_cursor)
            gesture.refused.connect(self._refuse)
        self.ants = Ants(session, gestures, self)
        self.ants.dirty.connect(self._repaint)
        self._refusal = ""
        self._cursor: BrushCursor | None = None
        self._refusal_timer = QTimer(self, singleShot=True, interval=_REFUSAL_MS)
        self._refusal_timer.timeout.connect(self._forget_refusal)
        self._underlay = Underlay()
        self._comparison = comparison
        self._wipe = Wipe(comparison)
        comparison.changed.connect(self.update)
        self.has_grid = True
        """Are the pixels' borders drawn where they are large?"""
        self.wheel_zooms = False
        """Does the wheel alone zoom, and size the brush with Ctrl?"""
        self._look = self._display_state()
        self._image = self._new_image()
        self._hatching = Hatching()
        session.look.changed.connect(self._change_look)
        self.setAcceptDrops(True)
        self.setAccessibleName(_("Labels"))
        self.setAccessibleDescription(_("The canvas that is painted on"))
        session.document_opened.connect(self._reload)
        session.model_changed.connect(self._reload)
        session.document_resized.connect(self._reload)
        session.labels_changed.connect(self._refresh)
        session.layers_changed.connect(self._refresh_layers)
        session.reference_changed.connect(self.update)
        session.brush_resized.connect(self._move_cursor)
        session.class_chosen.connect(self._move_cursor)
        view.changed.connect(self._move_cursor)
        session.tools.changed.connect(self.update)
        session.tools.changed.connect(self._move_cursor)
        session.tool_chosen.connect(self.update_cursor)
        session.tool_chosen.connect(self._move_cursor)
        view.pointer_moved.connect(self._move_cursor)

    # -- the image ----------------------------------------------------------------------------------------------

    def image(self) -> QImage:
        return self._image.qimage

    def _reload(self) -> None:
        self._look = self._display_state()
        self._image = self._new_image()
        self.update()

    def _change_look(self) -> None:
        self._wipe = Wipe(self._comparison)  # it keeps a picture in the old colours
        self._reload()

    def _new_image(self) -> LabelImage:
        document = self._session.document
        return LabelImage(document, self._session.labels_HW, self._session.look.colors(document.palette))

    def _refresh(self, box: Box) -> None:
        if not self._image.shows(self._session.labels_HW):
            self._image = self._new_image()
        self._image.update(box)
        pointer = self.view.pointer
        if pointer is not None and not self._painter.is_open:
            self._move_cursor()  # another class may be under it
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
        else:
            self._hand.press(event)
            self._move_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click of a pair ends a path; for other tools it is a click like any other."""
        if not self._session.tool.is_path or not self._hand.finish():
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.capture.is_held:
            self._hand.hover(event)
        super().mouseMoveEvent(event)
        cursor = self._hand.grip_cursor(event.position(), self.size())
        if cursor is not None and not self.is_panning:
            self.setCursor(cursor)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints with its pressure, its other end erases; without a button under it, Qt makes mouse events."""
        kind = event.type()
        is_tip = event.button() == Qt.MouseButton.LeftButton and not self.pans_with_left()
        is_used = True
        if kind == QEvent.Type.TabletPress and is_tip:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._hand.press(event)
        elif kind == QEvent.Type.TabletMove and self.capture.is_held:
            self.capture.move(event)
            is_used = not self.is_panning
        elif kind == QEvent.Type.TabletMove:
            self._hand.hover(event)
        else:
            is_used = kind == QEvent.Type.TabletRelease and self.capture.release(event)
        event.setAccepted(is_used)
        if is_used:
            self.view.point(self.view.to_document(event.position(), self.size()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        is_wheel = event.phase() == Qt.ScrollPhase.NoScrollPhase
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_wheel and self._session.tool.has_tip and has_control is self.wheel_zooms:
            turned = notches(event)
            self._session.step_brush(math.ceil(turned) if turned > 0 else math.floor(turned))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hand.key(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ants.show(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.ants.show(False)

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

    # -- what follows the mouse ---------------------------------------------------------------------------------

    def idle_cursor(self) -> Qt.CursorShape:
        layer = self._session.layer
        if self._session.tool.paints and (layer is None or layer.is_locked or not layer.is_visible):
            return Qt.CursorShape.ForbiddenCursor
        return Qt.CursorShape.CrossCursor

    def paint_image(self, painter: QPainter, image: QImage) -> None:
        super().paint_image(painter, image)
        painter.save()
        painter.setTransform(self.view.transform(self.size()), True)
        self._underlay.paint(painter, self._session.document.reference)
        snapshot = self._comparison.snapshot
        if snapshot is not None:
            colors = self._session.look.colors(self._session.document.palette)
            self._wipe.paint(painter, snapshot, lambda: colors[snapshot.labels_HW])
        painter.restore()

    def paint_over(self, painter: QPainter, exposed: QRectF) -> None:
        if self._session.look.has_patterns:
            shown = exposed.toAlignedRect().intersected(self.rect())
            self._hatching.paint(painter, self._session.labels_HW, self.view, self.size(), shown)
        painter.save()
        painter.setTransform(self.view.transform(self.size()), True)
        if self.has_grid and self.view.zoom >= GRID_ZOOM:
            document = self._session.document
            shown = painter.transform().inverted()[0].mapRect(exposed)
            paint_pixel_grid(painter, shown, document.width, document.height)
        if self._session.tools.is_mirrored and self._session.tool.paints:
            paint_mirror_axis(painter, self._session.document.width, self._session.document.height)
        self.ants.paint(painter, self.view)
        painter.restore()
        if self._cursor is not None:
            self._cursor.paint(painter, QRectF(self.rect()))

    def _repaint(self, box: Box | None) -> None:
        """Paint what lies over the labels again."""
        if box is None:
            self.update()
        else:
            self.update(self.view.to_widget(box, self.size()).adjusted(-2, -2, 2, 2).toAlignedRect())

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
        centre = self.view.transform(self.size()).map(QPointF(*pointer))
        diameter = self._session.brush_size * self.view.zoom if self._session.tool.has_tip else 0.0
        session = self._session
        is_square = session.tools.tip is Tip.SQUARE or session.tools.shape is not None
        tag = Tag(self._refusal) if self._refusal else tag_at(session, pointer, self.view.contains(*pointer))
        if self._painter.is_open:
            tag = Tag(ring=tag.ring)
        return BrushCursor(centre, diameter, is_square, tag)
