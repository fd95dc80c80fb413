"""Guides: dragged out of the rulers, taken hold of with the move tool, aimed at by shapes and by what is moved."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.history.guide_commands import SetGuides
from oasis_studio.ui.canvas.ruler import Ruler
from oasis_studio.ui.widgets import theme
from tests.ui.canvas.rulers import ruler
from tests.ui.desk import Desk

LEVEL, UPRIGHT = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def ruled(desk: Desk) -> Desk:
    desk.trigger("view.rulers")
    QApplication.processEvents()
    return desk


def drag_out(desk: Desk, source: Ruler, x: float, y: float) -> None:
    """From the middle of a ruler to a document point on the label canvas."""
    end = QPointF(desk.labels.mapToGlobal(desk.view.transform(desk.labels.size()).map(QPointF(x, y))))
    start = QPointF(source.mapToGlobal(source.rect().center()))
    for kind, at in (
        (QEvent.Type.MouseButtonPress, start),
        (QEvent.Type.MouseMove, (start + end) / 2),
        (QEvent.Type.MouseMove, end),
        (QEvent.Type.MouseButtonRelease, end),
    ):
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
        event = QMouseEvent(kind, source.mapFromGlobal(at), at, LEFT, pressed, NO_KEY)
        QApplication.sendEvent(source, event)


def guide(desk: Desk, xs: tuple[int, ...] = (), ys: tuple[int, ...] = ()) -> None:
    desk.session.do(SetGuides(Guides(xs, ys)))


def test_a_guide_is_dragged_out_of_a_ruler_and_undone(ruled: Desk) -> None:
    drag_out(ruled, ruler(ruled, LEVEL), 30, 20.2)
    drag_out(ruled, ruler(ruled, UPRIGHT), 41.8, 20)
    assert ruled.session.document.guides == Guides((42,), (20,))
    assert ruled.session.history.titles == ["Add guide", "Add guide"]
    ruled.trigger("edit.undo")
    assert ruled.session.document.guides == Guides((), (20,))
    ruled.trigger("edit.redo")
    ruled.trigger("view.clear_guides")
    assert not ruled.session.document.guides
    assert not ruled.window.actions_by_id["view.clear_guides"].isEnabled()
    ruled.trigger("edit.undo")
    assert ruled.session.document.guides == Guides((42,), (20,))


def test_what_is_dropped_on_a_ruler_is_gone(ruled: Desk) -> None:
    drag_out(ruled, ruler(ruled, LEVEL), 30, -1000)
    assert ruled.session.history.undo_count == 0


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_where_the_picture_lies_on_its_side_a_level_guide_is_one_of_its_columns(ruled: Desk, angle: int) -> None:
    ruled.view.rotate(angle)
    drag_out(ruled, ruler(ruled, LEVEL), 30, 20)
    assert ruled.session.document.guides == (Guides((), (20,)) if angle == 180 else Guides((30,)))


def test_where_the_picture_is_askew_rulers_give_no_guides(ruled: Desk) -> None:
    ruled.view.rotate(15)
    drag_out(ruled, ruler(ruled, LEVEL), 30, 20)
    assert not ruled.session.document.guides


def test_the_move_tool_takes_hold_of_a_guide(ruled: Desk) -> None:
    guide(ruled, ys=(20,))
    ruled.session.choose_tool(ToolKind.MOVE)
    ruled.at = lambda x, y: ruled.view.transform(ruled.labels.size()).map(QPointF(x, y))  # type: ignore[method-assign]
    ruled.stroke((10, 20), (10, 25), (12, 31))
    assert ruled.session.document.guides == Guides((), (31,)) and not ruled.session.has_open_stroke
    ruled.stroke((10, 31), (10, 10), (10, -1000))
    assert not ruled.session.document.guides and ruled.session.history.undo_title == "Remove guide"


def test_escape_puts_a_guide_back(ruled: Desk) -> None:
    guide(ruled, ys=(20,))
    ruled.session.choose_tool(ToolKind.MOVE)
    ruled.at = lambda x, y: ruled.view.transform(ruled.labels.size()).map(QPointF(x, y))  # type: ignore[method-assign]
    ruled.mouse(QEvent.Type.MouseButtonPress, 10, 20)
    ruled.mouse(QEvent.Type.MouseMove, 10, 31)
    ruled.key(Qt.Key.Key_Escape)
    ruled.mouse(QEvent.Type.MouseButtonRelease, 10, 31)
    assert ruled.session.document.guides == Guides((), (20,)) and ruled.session.history.undo_count == 1


def test_lines_are_seen_as_long_as_the_rulers_are(ruled: Desk) -> None:
    guide(ruled, xs=(30,))

    def color() -> str:
        at = ruled.view.transform(ruled.labels.size()).map(QPointF(30, 10.5))
        return QColor(ruled.labels.grab().toImage().pixel(int(at.x()), int(at.y()))).name()

    assert color() == theme.roles().accent
    ruled.trigger("view.rulers")
    QApplication.processEvents()
    assert color() != theme.roles().accent


@pytest.mark.parametrize("miss", [-0.5, 0.0, 0.5])
@pytest.mark.parametrize("tool", [ToolKind.RECTANGLE, ToolKind.SELECT_BOX])
def test_a_box_ends_at_the_guide_to_the_pixel(ruled: Desk, tool: ToolKind, miss: float) -> None:
    guide(ruled, xs=(40,), ys=(30,))
    ruled.session.choose_tool(tool)
    ruled.at = lambda x, y: ruled.view.transform(ruled.labels.size()).map(QPointF(x, y))  # type: ignore[method-assign]
    ruled.stroke((10.5, 8.5), (35, 20), (40 + miss, 30 + miss))
    expected = np.zeros((48, 64), bool)
    expected[8:30, 10:40] = True
    selected = ruled.session.selection.current
    found = ruled.session.labels_HW == 1 if tool is ToolKind.RECTANGLE else selected and selected.mask_HW
    assert np.array_equal(np.asarray(found), expected)


def test_the_brush_and_hidden_guides_leave_the_mouse_alone(ruled: Desk) -> None:
    guide(ruled, xs=(40,), ys=(30,))
    ruled.session.resize_brush(1)
    ruled.stroke((39, 29))
    assert ruled.session.labels_HW[29, 39] == 1 and (ruled.session.labels_HW == 1).sum() == 1
    ruled.trigger("edit.undo")
    ruled.trigger("view.rulers")
    QApplication.processEvents()
    ruled.session.choose_tool(ToolKind.RECTANGLE)
    ruled.stroke((10, 10), (40, 30))
    assert ruled.session.labels_HW[30, 40] == 1


def test_what_is_moved_comes_to_lie_at_a_guide(ruled: Desk) -> None:
    ruled.session.choose_tool(ToolKind.RECTANGLE)
    ruled.stroke((10, 10), (19, 19))
    guide(ruled, xs=(40,))
    ruled.session.choose_tool(ToolKind.MOVE)
    ruled.stroke((15, 15), (25, 18), (35, 18))  # its right edge would be at 40
    ruled.stroke((35, 18), (34.6, 18))
    ruled.key(Qt.Key.Key_Return)
    columns = np.flatnonzero((ruled.session.labels_HW == 1).any(axis=0))
    assert columns[-1] == 39
