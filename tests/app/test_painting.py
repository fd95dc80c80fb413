from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.app.painting import Painter, snapped
from oasis_studio.app.session import Session
from oasis_studio.app.tool_kind import ToolKind
from oasis_studio.core.palette import UNPAINTED
from oasis_studio.errors import StudioError
from tests.app.scene import document


@pytest.fixture
def painter(session: Session) -> Painter:
    session.resize_brush(6)
    session.choose_class(1)
    return Painter(session)


def stroke(painter: Painter, *points: tuple[float, float], **press: bool) -> None:
    painter.press(*points[0], **press)
    for point in points[1:]:
        painter.move(*point)
    painter.release(*points[-1])


def test_a_stroke_is_one_step(painter: Painter, session: Session) -> None:
    stroke(painter, (10, 10), (20, 10), (30, 20))
    assert session.history.undo_count == 1
    assert session.labels_HW[10, 15] == 1 and session.labels_HW[40, 60] == 0
    session.undo()
    assert (session.labels_HW == 0).all()


def test_previews_are_wanted_while_painting_and_one_at_the_end(painter: Painter, session: Session) -> None:
    wanted: list[bool] = []
    session.render_wanted.connect(wanted.append)
    stroke(painter, (10, 10), (20, 10), (30, 20))
    assert wanted[:2] == [False, False] and wanted[-1] is True


def test_control_erases(painter: Painter, session: Session) -> None:
    stroke(painter, (10, 10), (30, 10))
    stroke(painter, (10, 10), (20, 10), erases=True)
    layer = session.layer
    assert layer is not None and layer.labels[10, 12] == UNPAINTED and layer.labels[10, 28] == 1


def test_shift_joins_the_end_of_the_last_stroke(painter: Painter, session: Session) -> None:
    stroke(painter, (10, 10), (11, 10))
    stroke(painter, (50, 40), straight=True)
    assert session.labels_HW[25, 30] == 1


def test_cancel_takes_the_stroke_back(painter: Painter, session: Session) -> None:
    painter.press(10, 10)
    painter.move(30, 30)
    painter.cancel()
    assert (session.labels_HW == 0).all() and session.history.undo_count == 0
    assert not session.has_open_stroke
    painter.release(30, 30)
    assert session.history.undo_count == 0


def test_a_locked_layer_refuses_and_nothing_is_open(painter: Painter, session: Session) -> None:
    session.document.layers[0].is_locked = True
    with pytest.raises(StudioError, match="locked"):
        painter.press(10, 10)
    assert not painter.is_painting and not session.has_open_stroke


def test_without_a_layer_there_is_a_sentence(painter: Painter, session: Session) -> None:
    empty = document()
    empty.layers.clear()
    session.open(empty)
    with pytest.raises(StudioError, match="no layer"):
        painter.press(1, 1)


def test_a_click_that_changes_nothing_is_no_step(painter: Painter, session: Session) -> None:
    session.choose_tool(ToolKind.ERASER)
    stroke(painter, (10, 10))
    assert session.history.undo_count == 0 and not session.is_modified


@pytest.mark.parametrize(
    ("tool", "inside", "outside"),
    [
        (ToolKind.RECTANGLE, (12, 12), (40, 40)),
        (ToolKind.ELLIPSE, (20, 20), (11, 11)),
        (ToolKind.LINE, (20, 20), (28, 12)),
    ],
)
def test_shapes(
    painter: Painter, session: Session, tool: ToolKind, inside: tuple[int, int], outside: tuple[int, int]
) -> None:
    session.choose_tool(tool)
    stroke(painter, (10, 10), (50, 40), (30, 30))
    assert session.labels_HW[inside[1], inside[0]] == 1
    assert session.labels_HW[outside[1], outside[0]] == 0


def test_fill_respects_borders_or_takes_the_whole_class(painter: Painter, session: Session) -> None:
    session.document.layers[0].labels[:, 30:34] = 2
    session.update_labels(session.document.bounds)
    session.choose_tool(ToolKind.FILL)
    stroke(painter, (5, 5))
    assert session.labels_HW[5, 5] == 1 and session.labels_HW[5, 60] == 0
    session.undo()
    session.fills_contiguous = False
    stroke(painter, (5, 5))
    assert session.labels_HW[5, 60] == 1 and session.labels_HW[5, 31] == 2


@pytest.mark.parametrize(
    ("end", "expected"), [((10, 1), (10.05, 0)), ((7, 8), (7.52, 7.52)), ((-1, 9), (0, 9.06)), ((0, 0), (0, 0))]
)
def test_constrained_ends_lie_on_45_degrees(end: tuple[float, float], expected: tuple[float, float]) -> None:
    assert np.allclose(snapped((0, 0), end), expected, atol=0.01)
