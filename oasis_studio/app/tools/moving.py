"""Moving, scaling, turning and flipping what is selected, or all that a layer holds."""

from __future__ import annotations

import math
from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.session.session import Session
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.core.tools.transform import Placement, Transformation
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Point = tuple[float, float]

_SMALLEST = 0.02
_TURN_STEP = 15
REACH = 8.0


class Grip(Enum):
    """What a press took hold of."""

    INSIDE = "inside"
    SIDE = "side"
    """The left or right edge: width alone."""
    TOP = "top"
    """The upper or lower edge: height alone."""
    CORNER = "corner"
    OUTSIDE = "outside"
    """Beyond the frame: turns it."""


class Mover(Gesture):
    """The gesture of the move tool. It stays open until it is finished, so that nothing is lost on the way.

    ``reach`` is how close to an edge, in document pixels, the mouse takes hold of it; ``guide_reach``, how close to a
    guide its corners go onto it.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running = Transformation()
        self._grip: Grip | None = None
        self._from: Point = (0.0, 0.0)
        self._at_press = Placement()
        self.placement = Placement()
        self.reach = REACH
        self.guide_reach = 0.0
        session.settling.connect(self.finish)

    @property
    def is_open(self) -> bool:
        return self._running.is_open

    def begin(self) -> None:
        """Take hold of the selection, or of the layer; StudioError if there is nothing to take."""
        session = self._session
        if not session.settle():
            return
        layer = session.layer
        if layer is None:
            raise StudioError(_("There is no layer to move."), _("Add one in the layers list."))
        if self._running.begin(layer, session.selection.current).is_empty:
            raise StudioError(
                _("Nothing is painted here on “{name}”.").format(name=layer.name), _("Choose the layer that holds it.")
            )
        self.placement = Placement()
        session.has_open_stroke = True
        self.changed.emit()

    # -- the mouse ----------------------------------------------------------------------------------------------

    def _begin(self, x: float, y: float, control: bool, shift: bool, pressure: float) -> None:
        """Take hold of the frame where the mouse is; ``control`` leaves a copy behind."""
        is_fresh = not self.is_open
        if is_fresh:
            self.begin()
        self._grip = Grip.INSIDE if is_fresh else self.grip_at(x, y)
        if control and not self.placement.is_copy:
            self.place(replace(self.placement, is_copy=True))
        self._from, self._at_press = (x, y), self.placement

    def _go_on(self, x: float, y: float, shift: bool, pressure: float) -> None:
        """``shift`` moves straight, keeps the proportions, turns in steps of 15 degrees."""
        old = self._at_press
        if self._grip is Grip.INSIDE:
            dx, dy = x - self._from[0], y - self._from[1]
            if shift:
                dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
            self.place(self._aimed(replace(old, dx=old.dx + round(dx), dy=old.dy + round(dy)), shift))
        elif self._grip is Grip.OUTSIDE:
            angle = old.angle + self._direction((x, y)) - self._direction(self._from)
            angle = round(angle / _TURN_STEP) * _TURN_STEP if shift else angle
            self.place(replace(old, angle=angle % 360))
        elif self._grip is not None:
            self._scale((x, y), shift)

    def _aimed(self, placement: Placement, is_straight: bool) -> Placement:
        """There, or where a corner of the frame comes to lie on a guide that is near."""
        if not self.guide_reach:
            return placement
        dx, dy = placement.dx - self.placement.dx, placement.dy - self.placement.dy
        corners = [(x + dx, y + dy) for x, y in self.corners()]
        dx, dy = self._session.document.guides.pull(corners, self.guide_reach)
        if is_straight:  # and stays in its row or column
            dx, dy = (dx if placement.dx != self._at_press.dx else 0), (dy if placement.dy != self._at_press.dy else 0)
        return replace(placement, dx=placement.dx + round(dx), dy=placement.dy + round(dy))

    def _release(self, x: float, y: float, shift: bool) -> None:
        self._grip = None

    def _finish(self) -> None:
        """Leave it where it is, as one step; the selection goes along."""
        session = self._session
        moved = self._running.selection_now() if session.selection.current else None
        command = self._running.finish()
        self._grip = None
        session.has_open_stroke = False
        if moved is not None:
            session.selection.choose(moved)
        if command is not None:
            session.record(command)
            session.render_wanted.emit(True)
        self.changed.emit()

    def take_back(self) -> None:
        """Back to where it was, and go on."""
        if self.is_open:
            self.place(Placement())

    def _cancel(self) -> None:
        dirty = self._running.cancel()
        self._grip = None
        self._session.has_open_stroke = False
        self._session.update_labels(dirty)
        self._session.render_wanted.emit(True)
        self.changed.emit()

    # -- the placement ------------------------------------------------------------------------------------------

    def place(self, placement: Placement) -> None:
        """Show it there; only while open."""
        if self.is_open and placement != self.placement:
            self.placement = placement
            self._session.update_labels(self._running.show(placement))
            self._session.render_wanted.emit(False)
            self.changed.emit()

    def nudge(self, dx: int, dy: int) -> None:
        self._adjust(
            dx=self.placement.dx + dx if self.is_open else dx, dy=self.placement.dy + dy if self.is_open else dy
        )

    def flip(self, is_across: bool) -> None:
        """Left and right, or top and bottom, change places; as a step of its own unless it is open already."""
        was_open, old = self.is_open, self.placement if self.is_open else Placement()
        if is_across:
            self._adjust(is_flipped_x=not old.is_flipped_x)
        else:
            self._adjust(is_flipped_y=not old.is_flipped_y)
        if not was_open:
            self.finish()

    def turn(self, degrees: float) -> None:
        """Clockwise; as a step of its own unless it is open already."""
        was_open = self.is_open
        self._adjust(angle=((self.placement.angle if was_open else 0.0) + degrees) % 360)
        if not was_open:
            self.finish()

    def _adjust(self, **values: object) -> None:
        if not self.is_open:
            self.begin()
        self.place(replace(self.placement, **values))  # pyright: ignore[reportArgumentType] - names are given above

    # -- the frame ----------------------------------------------------------------------------------------------

    @property
    def centre(self) -> Point:
        box = self._running.box
        return (box.left + box.right) / 2 + self.placement.dx, (box.top + box.bottom) / 2 + self.placement.dy

    @property
    def half_size(self) -> Point:
        """From the middle to the edges, before turning."""
        box = self._running.box
        return box.width * self.placement.scale_x / 2, box.height * self.placement.scale_y / 2

    def corners(self) -> list[Point]:
        """Of the frame around it, in document pixels, clockwise from the top left."""
        (x, y), (across, down) = self.centre, self.half_size
        turn = math.radians(self.placement.angle)
        cosine, sine = math.cos(turn), math.sin(turn)
        signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        local = [(across * h, down * v) for h, v in signs]
        return [(x + a * cosine - b * sine, y + a * sine + b * cosine) for a, b in local]

    def grip_at(self, x: float, y: float) -> Grip:
        """What a press there would take hold of."""
        (across, down), (a, b) = self.half_size, self._local((x, y))
        if abs(a) > across + self.reach or abs(b) > down + self.reach:
            return Grip.OUTSIDE
        near_side = abs(abs(a) - across) <= self.reach and across > self.reach
        near_top = abs(abs(b) - down) <= self.reach and down > self.reach
        if near_side and near_top:
            return Grip.CORNER
        if near_side or near_top:
            return Grip.SIDE if near_side else Grip.TOP
        return Grip.INSIDE

    def _scale(self, to: Point, keeps_proportions: bool) -> None:
        """Both opposite edges follow the mouse, so that the middle stays."""
        old, (a, b), (c, d) = self._at_press, self._local(to), self._local(self._from)
        across = max(_SMALLEST, old.scale_x * abs(a) / max(abs(c), 1e-6)) if self._grip is not Grip.TOP else old.scale_x
        down = max(_SMALLEST, old.scale_y * abs(b) / max(abs(d), 1e-6)) if self._grip is not Grip.SIDE else old.scale_y
        if keeps_proportions and self._grip is Grip.CORNER:
            share = max(across / old.scale_x, down / old.scale_y)
            across, down = old.scale_x * share, old.scale_y * share
        self.place(replace(old, scale_x=across, scale_y=down))

    def _local(self, point: Point) -> Point:
        """From the middle of the frame, turned as the frame is."""
        dx, dy = point[0] - self.centre[0], point[1] - self.centre[1]
        turn = math.radians(-self.placement.angle)
        return dx * math.cos(turn) - dy * math.sin(turn), dx * math.sin(turn) + dy * math.cos(turn)

    def _direction(self, point: Point) -> float:
        return math.degrees(math.atan2(point[1] - self.centre[1], point[0] - self.centre[0]))
