"""Selecting with the mouse: rectangle, lasso, region, magic wand."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.core.document.reference import Reference
from oasis_studio.core.document.selection import (
    Selection,
    SelectionMode,
    select_box,
    select_class,
    select_color,
    select_polygon,
    select_region,
)
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Point = tuple[float, float]


class Selector(Gesture):
    """The gesture of the tools that select. Shift adds, Ctrl subtracts, both together keep what is in both.

    ``path`` is what the canvas shows meanwhile: the corners of the rectangle, or the line drawn so far.
    """

    path_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._mode = SelectionMode.REPLACE
        self._is_open = False
        self._drawn: tuple[Reference, np.ndarray] | None = None
        self.path: list[Point] = []
        session.settling.connect(self.finish)

    @property
    def is_open(self) -> bool:
        return self._is_open

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        session = self._session
        self._mode = self._wanted_mode(control, shift)
        if session.tool is ToolKind.SELECT_REGION:
            session.selection.choose(self._region(math.floor(x), math.floor(y)), self._mode)
        elif session.tool is ToolKind.WAND:
            session.selection.choose(self._alike(math.floor(x), math.floor(y)), self._mode)
        else:
            self._is_open = True
            self._show([(x, y)])

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        if self._session.tool is ToolKind.SELECT_BOX:
            self._show(_corners(self.path[0], (x, y)))
        else:
            self._show([*self.path, (x, y)])

    def _release(self, x: float, y: float, shift: bool) -> None:
        """A click without a way selects nothing."""
        self.move(x, y)
        path, selection = self.path, self._session.selection
        self._cancel()
        if len(path) > 2 and max(math.dist(path[0], point) for point in path) >= 1:
            selection.choose(self._enclosed(path), self._mode)
        elif self._mode is SelectionMode.REPLACE:
            selection.clear()

    def _cancel(self) -> None:
        self._is_open = False
        self._show([])

    def _wanted_mode(self, control: bool, shift: bool) -> SelectionMode:
        if control and shift:
            return SelectionMode.INTERSECT
        if shift:
            return SelectionMode.ADD
        return SelectionMode.SUBTRACT if control else self._session.tools.selection_mode

    def _enclosed(self, path: list[Point]) -> Selection:
        document = self._session.document
        if self._session.tool is ToolKind.SELECT_BOX:
            (left, top), (right, bottom) = path[0], path[2]
            rows, columns = sorted((top, bottom)), sorted((left, right))
            box = Box(math.floor(columns[0]), math.floor(rows[0]), math.floor(columns[1]) + 1, math.floor(rows[1]) + 1)
            return select_box(box, document.width, document.height)
        return select_polygon(path, document.width, document.height)

    def _region(self, x: int, y: int) -> Selection:
        labels = self._session.labels_HW
        if self._session.tools.fills_contiguous:
            return select_region(labels, x, y)
        is_inside = 0 <= y < labels.shape[0] and 0 <= x < labels.shape[1]
        return select_class(labels, int(labels[y, x])) if is_inside else Selection(np.zeros(labels.shape, bool))

    def _alike(self, x: int, y: int) -> Selection:
        """What looks like the touched pixel of the reference photo."""
        document = self._session.document
        if document.reference is None:
            raise StudioError(_("There is no reference photo."), _("Drag a photo onto the labels first."))
        if self._drawn is None or self._drawn[0] is not document.reference:
            self._drawn = (document.reference, document.reference.drawn(document.width, document.height)[0])
        tools = self._session.tools
        return select_color(self._drawn[1], x, y, tools.tolerance, tools.fills_contiguous)

    def _show(self, path: list[Point]) -> None:
        if path or self.path:
            self.path = path
            self.path_changed.emit()


def _corners(start: Point, end: Point) -> list[Point]:
    return [start, (end[0], start[1]), end, (start[0], end[1])]
