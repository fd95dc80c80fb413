"""Guides over the canvases, and dragging them: out of a ruler, or with the move tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.history.guide_commands import SetGuides
from oasis_studio.i18n import _
from oasis_studio.ui.canvas.guide_drag import GuideDrag
from oasis_studio.ui.canvas.surface import Surface
from oasis_studio.ui.canvas.view import View
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.widgets.pointer_capture import PointerEvent

_REACH = 4
"""Widget pixels within which the move tool takes hold of a line."""

_HALO = 150
"""How opaque, of 255, a line's border is that sets it off from labels of its own colour."""


class GuideLines(QObject):
    """``surfaces`` show the lines; on the first of them the move tool takes hold of one."""

    def __init__(self, session: Session, view: View, surfaces: Iterable[Surface]) -> None:
        self._surfaces = list(surfaces)
        super().__init__(self._surfaces[0])
        self._session, self._view = session, view
        self._drag = GuideDrag(session, view, self)
        self._drag.changed.connect(self._repaint)
        self._is_near = False
        self.is_shown = False
        for surface in self._surfaces:
            surface.marks.append(self.paint)
        self._surfaces[0].installEventFilter(self)
        session.guides_changed.connect(self._repaint)

    def show(self, is_shown: bool) -> None:
        """Lines that nobody sees draw nothing to them."""
        self.is_shown = self._session.tools.aims_at_guides = is_shown
        self._repaint()

    def clear(self) -> None:
        """Take all of them away."""
        if self._session.document.guides:
            self._session.do(SetGuides(Guides(), _("Clear guides")))

    def follow(self, allow_clear: Callable[[bool], object]) -> None:
        """Tell ``allow_clear`` at every change whether there are guides."""

        def look() -> None:
            allow_clear(bool(self._session.document.guides))

        for signal in (self._session.guides_changed, self._session.document_opened):
            signal.connect(look)
        look()

    # -- dragging -----------------------------------------------------------------------------------------------

    def take_up(self, surface: Surface, widget: QWidget, event: QMouseEvent, is_upright: bool, old: int | None) -> None:
        """Begin with a new line, or with that at ``old``, at a press on ``widget``; it is dragged over ``surface``."""

        def place(event: PointerEvent) -> tuple[float, float, float]:
            at = QPointF(surface.mapFromGlobal(event.globalPosition()))
            return at.x(), at.y(), 1.0

        self._drag.aim(surface, is_upright, old)
        self._drag.press(*place(event)[:2])
        surface.capture.hold(self._drag, widget, event, place)

    def line_at(self, surface: Surface, at: QPointF) -> tuple[bool, int] | None:
        """The line under the mouse: whether it is upright in the drawing, and where."""
        guides, point = self._session.document.guides, self._view.to_document(at, surface.size())
        x, y = guides.aimed(point, _REACH / self._view.zoom)
        if x in guides.xs:
            return True, round(x)
        return (False, round(y)) if y in guides.ys else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """On the label canvas, before the tool gets it."""
        if not isinstance(event, QMouseEvent) or not self.is_shown or not isinstance(watched, Surface):
            return False
        kind, is_left = event.type(), event.button() == Qt.MouseButton.LeftButton
        is_free = (
            self._session.tool is ToolKind.MOVE and not self._session.has_open_stroke and not watched.capture.is_held
        )
        found = self.line_at(watched, event.position()) if is_free else None
        if kind == QEvent.Type.MouseButtonPress and is_left and found is not None:
            self.take_up(watched, watched, event, *found)
            return True
        if kind == QEvent.Type.MouseMove:
            self._show_grip(watched, found)
        return False

    def _show_grip(self, surface: Surface, found: tuple[bool, int] | None) -> None:
        """The mouse cursor over a line that can be taken hold of."""
        if found is not None:
            is_seen_upright = found[0] == (self._view.angle % 180 == 0)
            surface.setCursor(Qt.CursorShape.SplitHCursor if is_seen_upright else Qt.CursorShape.SplitVCursor)
        elif self._is_near:
            surface.update_cursor()
        self._is_near = found is not None

    # -- painting -----------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        """Draw in document coordinates, which the painter counts in already."""
        guides = self._drag.guides
        if not self.is_shown or not guides:
            return
        shown = painter.clipBoundingRect()
        lines = [QLineF(x, shown.top(), x, shown.bottom()) for x in guides.xs]
        lines += [QLineF(shown.left(), y, shown.right(), y) for y in guides.ys]
        halo = QColor(theme.roles().window)
        halo.setAlpha(_HALO)
        for color, width in ((halo, 3), (QColor(theme.roles().accent), 1)):
            pen = QPen(color, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(lines)

    def _repaint(self) -> None:
        for surface in self._surfaces:
            surface.update()
