"""Tools on regions: brush a style, draw a gradient, cut a region in two."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.regions.gradients import Gradient, gradient_of, paint_of
from oasis_studio.app.regions.style_edits import StyleEdits
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import MOST_PAINTS, Brushed, Paint, RegionStyle
from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.core.pixels.raster import Point, box_around
from oasis_studio.core.tools import region_steps
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

_SHORTEST = 2.0
"""Pixels that a gradient has to be long."""


class Styler(Gesture):
    """The gesture of those tools. Works on the chosen regions, or else on the one under the first point.

    The style brush and the gradient bring in the *second* style; Ctrl wipes with the brush and makes the gradient
    round. ``path`` is what the canvas shows meanwhile. A press on an end of the gradient that is there, within
    ``reach`` document pixels, drags that end.
    """

    path_changed = Signal()

    def __init__(self, session: Session, styles: StyleEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._styles = session, styles
        self._is_open = False
        self._control = False
        self._keys: tuple[RegionKey, ...] = ()
        self._amounts: np.ndarray | None = None
        self._last: Point = (0.0, 0.0)
        self._graded: tuple[RegionKey, ...] = ()
        self._dragged: tuple[Gradient, int] | None = None
        self.reach = 0.0
        self.path: list[Point] = []
        session.document_opened.connect(self._forget_graded)
        session.settling.connect(self.finish)

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def gradient(self) -> Gradient | None:
        """The gradient of the chosen regions, or of those that were graded last, while the tool is in hand."""
        if self._session.tool is not ToolKind.GRADIENT:
            return None
        keys = tuple(self._session.regions.chosen) or self._graded
        found = (gradient_of(self._styles.style(key)) for key in keys)
        return next((each for each in found if each is not None), None)

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        """Begin; StudioError if the model cannot have such styles."""
        there = None if control else self.gradient  # Ctrl begins another, a round one, even on an end of this one
        end = there.end_near((x, y), self.reach) if there is not None else None
        self._dragged = (there, end) if there is not None and end is not None else None
        under = self._session.regions.map.at(math.floor(x), math.floor(y))
        chosen = tuple(self._session.regions.chosen)
        self._keys = chosen or ((() if under is None else (under,)) if self._dragged is None else self._graded)
        if self._session.tool is not ToolKind.CUT:  # a cut may begin beyond the canvas
            self._styles.check(self._keys)
        self._is_open, self._control = True, control
        if self._session.tool is ToolKind.STYLE_BRUSH:
            self._session.has_open_stroke = True
            self._amounts = self._brushed_so_far()
            self._last = (x, y)
            self._dab((x, y), pressure)
        elif self._dragged is not None:
            self._control = self._dragged[0].is_round
            self._show(self._dragged_to((x, y)))
        else:
            self._show([(x, y)])

    def _dragged_to(self, point: Point) -> list[Point]:
        """The gradient with the end that is held at that point."""
        assert self._dragged is not None, "no end is held"
        there, end = self._dragged
        return [there.start, point] if end else [point, there.end]

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        if self._amounts is not None:
            self._dab((x, y), pressure)
        elif self._session.tool is ToolKind.GRADIENT:
            self._show(self._dragged_to((x, y)) if self._dragged else [self.path[0], (x, y)])
        else:
            self._show([*self.path, (x, y)])

    def _release(self, x: float, y: float, shift: bool) -> None:
        """StudioError if a cut does not divide the region."""
        self.move(x, y)
        path, amounts, keys, is_new = self.path, self._amounts, self._keys, self._dragged is None
        styles = {} if amounts is None else self._with(amounts)
        self._forget()
        if amounts is not None:
            self._styles.keep(styles, _("Brush style"))
        elif self._session.tool is ToolKind.GRADIENT:
            self._grade(keys, path, is_new)
        elif self._session.tool is ToolKind.CUT:
            self._cut(path)

    def _cancel(self) -> None:
        was_brushing = self._amounts is not None
        self._forget()
        if was_brushing:
            self._session.try_styles({})

    # -- what the tools do --------------------------------------------------------------------------------------

    def _grade(self, keys: tuple[RegionKey, ...], path: list[Point], is_new: bool) -> None:
        """A gradient of the second style; one that was dragged keeps the style that it goes to."""
        gradient = Gradient(path[0], path[-1], self._control)
        if gradient.length >= _SHORTEST:
            there = None if is_new else next(filter(None, (paint_of(self._styles.style(key)) for key in keys)), None)
            self._graded = keys
            self._styles.add_gradient(keys, gradient.shape, None if there is None else there.source)

    def _cut(self, path: list[Point]) -> None:
        """The region that most of the stroke lies on is cut."""
        session, regions = self._session, self._session.regions.map
        crossed = [regions.at(math.floor(x), math.floor(y)) for x, y in _every_pixel(path)]
        chosen = self._session.regions.chosen
        candidates = [key for key in crossed if key is not None and (key in chosen or not chosen)]
        if not candidates:
            raise StudioError(_("The stroke does not cross a region."), _("Draw it from one edge to another."))
        key = max(set(candidates), key=candidates.count)
        session.do(region_steps.cut(session.document, regions, key, path))

    def _brushed_so_far(self) -> np.ndarray:
        """(H, W) uint8: what the second style covers already."""
        document = self._session.document
        amounts = np.zeros((document.height, document.width), np.uint8)
        for key in self._keys:
            shape = self._top(self._styles.style(key))
            if shape is not None:
                inside = shape.box.clipped(document.width, document.height)
                part = Box(*(a - b for a, b in zip(inside, (*shape.box[:2], *shape.box[:2]), strict=True)))
                np.maximum(amounts[inside.slices], shape.amounts_hw[part.slices], out=amounts[inside.slices])
        return amounts

    def _top(self, style: RegionStyle) -> Brushed | None:
        """The brushed paint of the second style, if it is the uppermost."""
        top = style.paints[-1] if style.paints else None
        is_same = top is not None and top.source == self._styles.second
        return top.shape if top is not None and is_same and isinstance(top.shape, Brushed) else None

    def _dab(self, to: Point, pressure: float) -> None:
        """A soft line from the last point: full in its middle, nothing at the tip's edge."""
        amounts, document = self._amounts, self._session.document
        assert amounts is not None, "dab without press"
        radius = max(1.0, self._session.brush_size * pressure / 2)
        box = _around(self._last, to, radius).clipped(document.width, document.height)
        if not box.is_empty:
            soft = _soft_line(self._last, to, radius, box)
            part = amounts[box.slices]
            part[:] = np.minimum(part, 255 - soft) if self._control else np.maximum(part, soft)
        self._last = to
        self._styles.try_out(self._with(amounts.copy()))

    def _with(self, amounts_HW: np.ndarray) -> Mapping[RegionKey, RegionStyle]:
        """The styles with that much of the second one brushed over them."""
        box = box_around(amounts_HW > 0)
        found = {}
        for key in self._keys:
            style = self._styles.style(key)
            below = style.paints[:-1] if self._top(style) is not None else style.paints
            brushed = () if box == EMPTY or box.is_empty else (self._paint(box, amounts_HW),)
            found[key] = replace(style, paints=(*below, *brushed)[-MOST_PAINTS:])
        return found

    def _paint(self, box: Box, amounts_HW: np.ndarray) -> Paint:
        return Paint(self._styles.second, Brushed(box, amounts_HW[box.slices].copy()))

    def _forget_graded(self) -> None:
        self._graded = ()

    def _show(self, path: list[Point]) -> None:
        if path or self.path:
            self.path = path
            self.path_changed.emit()

    def _forget(self) -> None:
        if self._amounts is not None:
            self._session.has_open_stroke = False
        self._is_open, self._amounts, self._keys, self._dragged = False, None, (), None
        self._show([])


def _every_pixel(path: list[Point]) -> list[Point]:
    """Points on the path no farther than a pixel apart."""
    found = path[:1]
    for start, end in itertools.pairwise(path):
        steps = max(1, math.ceil(math.dist(start, end)))
        shares = [step / steps for step in range(1, steps + 1)]
        found += [(start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in shares]
    return found


def _around(start: Point, end: Point, radius: float) -> Box:
    (ax, ay), (bx, by) = start, end
    return Box(
        math.floor(min(ax, bx) - radius),
        math.floor(min(ay, by) - radius),
        math.ceil(max(ax, bx) + radius),
        math.ceil(max(ay, by) + radius),
    )


def _soft_line(start: Point, end: Point, radius: float, box: Box) -> np.ndarray:
    """(h, w) uint8 in ``box``: 255 on the line, falling smoothly to 0 at ``radius`` from it."""
    rows = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] + 0.5 - start[1]
    columns = np.arange(box.left, box.right, dtype=np.float32)[None, :] + 0.5 - start[0]
    dx, dy = end[0] - start[0], end[1] - start[1]
    squared = dx * dx + dy * dy
    along = np.clip((columns * dx + rows * dy) / squared, 0, 1) if squared > 0 else np.float32(0)
    near = np.clip(1 - np.hypot(columns - along * dx, rows - along * dy) / radius, 0, 1)
    return np.rint(255 * near * near * (3 - 2 * near)).astype(np.uint8)
