"""Strokes: from a press on the canvas to a step in the history."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject

from oasis_studio.app.session import Session
from oasis_studio.app.tool_kind import ToolKind, open_tool
from oasis_studio.core.box import Box
from oasis_studio.core.tools import Tool, ToolOptions
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class Painter(QObject):
    """Runs one tool at a time on the session's document. Coordinates are document pixels as floats."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tool: Tool | None = None
        self._start = (0.0, 0.0)
        self._last_end: tuple[float, float] | None = None
        self._is_shape = False
        session.document_opened.connect(self._forget)

    @property
    def is_painting(self) -> bool:
        return self._tool is not None

    def press(self, x: float, y: float, erases: bool = False, straight: bool = False) -> None:
        """Begin a stroke; ``erases`` whatever the tool, ``straight`` joins the end of the last stroke.

        Raises StudioError if the layer cannot be painted on.
        """
        session = self._session
        layer = session.layer
        if layer is None:
            raise StudioError(_("There is no layer to paint on."), _("Add one in the layers list."))
        kind = ToolKind.ERASER if erases and session.tool is ToolKind.BRUSH else session.tool
        tool = open_tool(kind, session.fills_contiguous)
        joins = straight and not kind.is_shape and kind.has_tip and self._last_end is not None
        start = self._last_end if joins and self._last_end else (x, y)
        dirty = tool.press(*start, session.document, layer, ToolOptions(session.label, session.brush_size))
        if joins:
            dirty = dirty.united(tool.move(x, y))
        self._tool, self._start, self._is_shape = tool, start, kind.is_shape
        session.has_open_stroke = True
        self._show(dirty)

    def move(self, x: float, y: float, constrained: bool = False) -> None:
        """Go on; ``constrained`` keeps a shape to steps of 45 degrees."""
        if self._tool:
            self._show(self._tool.move(*self._target(x, y, constrained)))

    def release(self, x: float, y: float, constrained: bool = False) -> None:
        """End the stroke and remember it."""
        if not self._tool:
            return
        tool, self._tool = self._tool, None
        self._session.has_open_stroke = False
        target = self._target(x, y, constrained)
        self._show(tool.move(*target))
        command = tool.release(*target)
        self._last_end = target
        if command is not None:
            self._session.record(command)
            self._session.render_wanted.emit(True)

    def fill(self, x: float, y: float, label: int) -> None:
        """Fill what hangs together at a point with a class, whatever tool is chosen; StudioError as for press."""
        session, layer = self._session, self._session.layer
        if layer is None or self._tool or session.has_open_stroke:
            return
        tool = open_tool(ToolKind.FILL)
        dirty = tool.press(x, y, session.document, layer, ToolOptions(label, session.brush_size))
        command = tool.release(x, y)
        session.update_labels(dirty)
        if command is not None:
            session.record(command)
            session.render_wanted.emit(True)

    def cancel(self) -> None:
        """Take the open stroke back."""
        if self._tool:
            tool, self._tool = self._tool, None
            self._session.has_open_stroke = False
            self._session.update_labels(tool.cancel())
            self._session.render_wanted.emit(True)

    def _show(self, dirty: Box) -> None:
        if not dirty.is_empty:
            self._session.update_labels(dirty)
            self._session.render_wanted.emit(False)

    def _target(self, x: float, y: float, constrained: bool) -> tuple[float, float]:
        return snapped(self._start, (x, y)) if constrained and self._is_shape else (x, y)

    def _forget(self) -> None:
        self._tool = self._last_end = None


def snapped(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """``end`` turned around ``start`` to the nearest multiple of 45 degrees."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    angle = round(math.atan2(dy, dx) / (math.pi / 4)) * math.pi / 4
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)
