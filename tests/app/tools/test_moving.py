from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.moving import Grip, Mover
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.selection import select_box
from oasis_studio.core.pixels.box import Box
from oasis_studio.errors import StudioError


@pytest.fixture
def mover(session: Session) -> Mover:
    """A layer with an 8×4 block of trees at (10, 10)."""
    session.document.layers[0].labels[10:14, 10:18] = 1
    session.update_labels(session.document.bounds)
    session.choose_tool(ToolKind.MOVE)
    made = Mover(session)
    made.reach = 1.0
    return made


def labels(session: Session) -> np.ndarray:
    return session.document.layers[0].labels


def drag(mover: Mover, start: tuple[float, float], end: tuple[float, float], **keys: bool) -> None:
    mover.press(*start, **keys)
    mover.move(*end)
    mover.release(*end)


def test_dragging_moves_and_enter_makes_it_one_step(mover: Mover, session: Session) -> None:
    drag(mover, (12, 12), (22, 17))
    drag(mover, (22, 17), (32, 22))
    assert session.history.undo_count == 0 and mover.is_open
    mover.finish()
    assert session.history.undo_count == 1
    assert (labels(session)[20:24, 30:38] == 1).all() and (labels(session) == 1).sum() == 32
    session.undo()
    assert (labels(session)[10:14, 10:18] == 1).all()


def test_escape_puts_everything_back(mover: Mover, session: Session) -> None:
    before = labels(session).copy()
    drag(mover, (12, 12), (40, 40))
    mover.cancel()
    assert np.array_equal(labels(session), before) and np.array_equal(session.labels_HW, session.document.flatten())
    assert not session.has_open_stroke


def test_control_leaves_a_copy_behind(mover: Mover, session: Session) -> None:
    drag(mover, (12, 12), (42, 12), control=True)
    mover.finish()
    assert (labels(session) == 1).sum() == 64


def test_a_corner_scales_and_the_outside_turns(mover: Mover, session: Session) -> None:
    mover.begin()
    assert mover.grip_at(18, 14) is Grip.CORNER and mover.grip_at(18, 12) is Grip.SIDE
    assert mover.grip_at(14, 10) is Grip.TOP and mover.grip_at(30, 30) is Grip.OUTSIDE
    drag(mover, (18, 14), (22, 16))
    assert mover.placement.scale_x == pytest.approx(2) and mover.placement.scale_y == pytest.approx(2)
    mover.take_back()
    drag(mover, (40, 12), (14, 40))
    assert mover.placement.angle == pytest.approx(90)
    mover.finish()
    assert (labels(session) == 1).sum() == 32
    rows, columns = np.nonzero(labels(session) == 1)
    assert (np.ptp(rows), np.ptp(columns)) == (7, 3)


def test_flips_and_turns_are_steps_of_their_own(mover: Mover, session: Session) -> None:
    labels(session)[10:14, 10:12] = 2
    mover.flip(is_across=True)
    assert session.history.undo_count == 1 and (labels(session)[10:14, 16:18] == 2).all()
    for _quarter in range(4):
        mover.turn(90)
    assert (labels(session)[10:14, 16:18] == 2).all() and session.history.undo_count == 5


def test_only_the_selection_moves_and_goes_along(mover: Mover, session: Session) -> None:
    session.selection.choose(select_box(Box(10, 10, 14, 14), 64, 48))
    mover.nudge(0, 10)
    mover.finish()
    assert (labels(session)[20:24, 10:14] == 1).all() and labels(session)[12, 12] == UNPAINTED
    assert labels(session)[12, 16] == 1
    assert session.selection.current and session.selection.current.box == Box(10, 20, 14, 24)


def test_another_tool_finishes_it(mover: Mover, session: Session) -> None:
    drag(mover, (12, 12), (22, 12))
    session.choose_tool(ToolKind.BRUSH)
    assert not mover.is_open and session.history.undo_count == 1


def test_nothing_to_move_is_told(mover: Mover, session: Session) -> None:
    labels(session)[:] = UNPAINTED
    with pytest.raises(StudioError, match="Nothing is painted"):
        mover.press(5, 5)
    assert not mover.is_open and not session.has_open_stroke
