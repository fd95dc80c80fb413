from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.app.session.session import Session
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.painting import Painter
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.selection import select_box
from oasis_studio.core.pixels.box import Box
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
    stroke(painter, (10, 10), (20, 10), control=True)
    layer = session.layer
    assert layer is not None and layer.labels[10, 12] == UNPAINTED and layer.labels[10, 28] == 1


def test_shift_joins_the_end_of_the_last_stroke(painter: Painter, session: Session) -> None:
    stroke(painter, (10, 10), (11, 10))
    stroke(painter, (50, 40), shift=True)
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
    assert not painter.is_open and not session.has_open_stroke


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
    session.tools.set_contiguous(False)
    stroke(painter, (5, 5))
    assert session.labels_HW[5, 60] == 1 and session.labels_HW[5, 31] == 2


def click(painter: Painter, *points: tuple[float, float], **keys: bool) -> None:
    for point in points:
        painter.press(*point, **keys)
        painter.release(*point)


def test_a_polygon_is_clicked_corner_by_corner_and_ends_with_enter(painter: Painter, session: Session) -> None:
    session.choose_tool(ToolKind.POLYGON)
    click(painter, (10, 10), (50, 10), (50, 40))
    assert painter.is_open and session.history.undo_count == 0
    painter.finish()
    assert session.history.undo_count == 1 and not session.has_open_stroke
    assert session.labels_HW[20, 40] == 1 and session.labels_HW[35, 15] == 0


def test_a_click_near_its_first_corner_would_close_the_polygon(painter: Painter, session: Session) -> None:
    session.choose_tool(ToolKind.POLYGON)
    click(painter, (10, 10), (50, 10), (50, 40))
    assert painter.closes(11, 11, 3) and not painter.closes(30, 30, 3)


def test_backspace_takes_corners_back_until_nothing_is_open(painter: Painter, session: Session) -> None:
    session.choose_tool(ToolKind.POLYLINE)
    click(painter, (10, 10), (50, 10))
    painter.take_back()
    assert painter.is_open
    painter.take_back()
    assert not painter.is_open and not session.labels_HW.any()


def test_a_lasso_fills_what_it_goes_around(painter: Painter, session: Session) -> None:
    session.choose_tool(ToolKind.LASSO)
    seen = session.labels_HW
    stroke(painter, (10, 10), (50, 10), (50, 40), (10, 40))
    assert (seen[12:38, 12:48] == 1).all() and np.array_equal(seen, session.document.flatten())


def test_control_subtracts_with_a_lasso(painter: Painter, session: Session) -> None:
    session.document.layers[0].labels[:] = 2
    session.update_labels(session.document.bounds)
    session.choose_tool(ToolKind.LASSO)
    stroke(painter, (10, 10), (50, 10), (50, 40), (10, 40), control=True)
    assert session.document.layers[0].labels[20, 30] == UNPAINTED


def test_another_tool_or_undo_finishes_an_open_path(painter: Painter, session: Session) -> None:
    session.choose_tool(ToolKind.POLYGON)
    click(painter, (10, 10), (50, 10), (50, 40))
    session.choose_tool(ToolKind.BRUSH)
    assert session.history.undo_count == 1 and not painter.is_open


def test_a_selection_protected_classes_and_the_mirror_are_heeded(painter: Painter, session: Session) -> None:
    session.document.layers[0].labels[:, :12] = 2
    session.update_labels(session.document.bounds)
    session.tools.toggle_protected(2)
    session.tools.set_mirrored(True)
    session.selection.choose(select_box(Box(0, 0, 64, 20), 64, 48))
    stroke(painter, (6, 10), (20, 10), (20, 30))
    assert (session.labels_HW[10, :12] == 2).all() and session.labels_HW[10, 18] == 1
    assert session.labels_HW[10, 45] == 1, "the mirror image"
    assert session.labels_HW[25, 20] == 0, "outside the selection"


def test_pressure_makes_the_tip_smaller(painter: Painter, session: Session) -> None:
    session.resize_brush(20)
    painter.press(30, 20, pressure=0.2)
    painter.move(40, 20, pressure=0.2)
    painter.release(40, 20)
    assert session.labels_HW[20, 35] == 1 and session.labels_HW[26, 35] == 0 and session.labels_HW[20, 44] == 0


@pytest.mark.parametrize("smoothing", [0.0, 0.8])
@pytest.mark.parametrize("kind", [kind for kind in ToolKind if kind.paints])
def test_what_is_shown_is_what_is_painted_with_every_tool(
    painter: Painter, session: Session, kind: ToolKind, smoothing: float
) -> None:
    session.tools.set_smoothing(smoothing)
    session.tools.set_mirrored(True)
    session.choose_tool(kind)
    for keys in ({}, {"shift": True}, {"control": True}):
        painter.press(10, 10, **keys)
        painter.move(30, 12)
        painter.move(25, 40)
        painter.release(50, 42, shift="shift" in keys)
        assert np.array_equal(session.labels_HW, session.document.flatten()), keys
    painter.finish()
    assert np.array_equal(session.labels_HW, session.document.flatten())
