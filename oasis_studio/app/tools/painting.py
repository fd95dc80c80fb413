"""Strokes: from a press on the canvas to a step in the history."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind, open_tool
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.core.history.history import Command
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import Point
from oasis_studio.core.tools import LassoTool, PathTool, Tool, ToolOptions
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class Painter(Gesture):
    """Runs one tool at a time on the session's document: the gesture of every tool that paints."""

    line_changed = Signal()
    """The line of an open path has another course, or is gone."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tool: Tool | None = None
        self._last_end: tuple[float, float] | None = None
        self._pressure = 1.0
        session.document_opened.connect(self._forget_end)
        session.settling.connect(self.finish)

    @property
    def line(self) -> tuple[list[Point], list[Point]]:
        """The line of an open path or lasso and the corners that are set on it, in document points."""
        tool = self._tool
        if isinstance(tool, PathTool):
            return tool.line, list(tool.corners)
        return (tool.line, tool.line[:1]) if isinstance(tool, LassoTool) else ([], [])

    @property
    def is_open(self) -> bool:
        """Is a stroke or a path under way?"""
        return self._tool is not None

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        """Begin a stroke or set a corner; ``control`` leaves unpainted pixels, whatever the tool.

        ``shift`` joins the brush to the end of the last stroke, and keeps lines to steps of 45 degrees.
        """
        session, layer = self._session, self._session.layer
        if layer is None:
            raise StudioError(_("There is no layer to paint on."), _("Add one in the layers list."))
        if self._tool is not None:
            self._show(self._tool.press(x, y, session.document, layer, self._options(shift, control), pressure))
            return
        kind = ToolKind.ERASER if control and session.tool is ToolKind.BRUSH else session.tool
        tool = open_tool(kind, session.tools.fills_contiguous)
        joins = shift and kind.is_freehand and self._last_end is not None
        start = self._last_end if joins and self._last_end else (x, y)
        dirty = tool.press(*start, session.document, layer, self._options(shift, control), pressure)
        if joins:
            dirty = dirty.united(tool.move(x, y, pressure))
        self._tool, self._pressure = tool, pressure
        session.has_open_stroke = True
        self._show(dirty)

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        """Go on; ``shift`` keeps lines to 45 degrees, rectangles to squares and ellipses to circles."""
        if self._tool:
            self._pressure = pressure
            self._show(self._tool.move(x, y, pressure, snaps=shift))

    def _release(self, x: float, y: float, shift: bool) -> None:
        """End the stroke and remember it, or set a corner of a path."""
        tool = self._tool
        if tool is None:
            return
        if isinstance(tool, PathTool):
            self._show(tool.move(x, y, snaps=shift))
            tool.release(x, y, snaps=shift)
            return
        paints_late = self._session.tools.smoothing > 0 or isinstance(tool, LassoTool)
        dirty = tool.move(x, y, self._pressure, snaps=shift)
        command = tool.release(x, y, snaps=shift)
        self._last_end = (x, y)
        self._end(command, tool.extent if paints_late else dirty)

    def closes(self, x: float, y: float, distance: float) -> bool:
        """Would a click there, within ``distance`` document pixels of its first corner, close the open polygon?"""
        tool, kind = self._tool, self._session.tool
        return isinstance(tool, PathTool) and kind is ToolKind.POLYGON and tool.is_near_start(x, y, distance)

    def _finish(self) -> None:
        """End an open path; a stroke ended with its release."""
        if isinstance(self._tool, PathTool):
            self._end(self._tool.finish(), self._tool.extent)

    def take_back(self) -> None:
        """Forget the last corner of an open path."""
        if isinstance(self._tool, PathTool):
            tool = self._tool
            self._show(tool.take_back())
            if not tool.is_open:
                self._end(None, tool.extent)

    def fill(self, x: float, y: float, label: int) -> None:
        """Fill what hangs together at a point with a class, whatever tool is chosen; StudioError as for press."""
        session = self._session
        is_free, layer = session.settle(), session.layer
        if layer is None or not is_free or label >= len(session.document.palette):
            return
        tool = open_tool(ToolKind.FILL)
        options = session.tools.options(label, session.brush_size, session.selection.paintable)
        dirty = tool.press(x, y, session.document, layer, options)
        command = tool.release(x, y)
        session.update_labels(dirty)
        if command is not None:
            session.record(command)
            session.render_wanted.emit(True)

    def _cancel(self) -> None:
        """Take the open stroke back."""
        if self._tool:
            dirty = self._tool.cancel()
            self._end(None, dirty.united(self._tool.extent))
            self._session.render_wanted.emit(True)

    def _end(self, command: Command | None, dirty: Box) -> None:
        """Nothing is open any more; ``dirty`` may look different."""
        had_line, self._tool = isinstance(self._tool, PathTool | LassoTool), None
        self._session.has_open_stroke = False
        if had_line:
            self.line_changed.emit()
        self._session.update_labels(dirty)
        if command is not None:
            self._session.record(command)
            self._session.render_wanted.emit(True)

    def _options(self, shift: bool, control: bool) -> ToolOptions:
        session = self._session
        return session.tools.options(session.label, session.brush_size, session.selection.paintable, shift, control)

    def _show(self, dirty: Box) -> None:
        if isinstance(self._tool, PathTool):
            self.line_changed.emit()
        if not dirty.is_empty:
            self._session.update_labels(dirty)
            self._session.render_wanted.emit(False)

    def _forget_end(self) -> None:
        self._last_end = None
