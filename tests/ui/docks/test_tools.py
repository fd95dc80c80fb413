"""Every tool in the window, with mouse, keys and a pen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.selection import select_box
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.sweep import Tip
from oasis_studio.ui.docks.classes import ClassPalette
from tests.ui.desk import Desk
from tests.ui.pointers import pen

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def draw_with_pen(desk: Desk, *points: tuple[float, float], pressure: float, **pointer: object) -> None:
    pen(desk, QEvent.Type.TabletPress, *points[0], pressure, **pointer)  # type: ignore[arg-type]
    for point in points:
        pen(desk, QEvent.Type.TabletMove, *point, pressure, **pointer)  # type: ignore[arg-type]
    pen(desk, QEvent.Type.TabletRelease, *points[-1], 0.0, **pointer)  # type: ignore[arg-type]


def double_click(desk: Desk, x: float, y: float) -> None:
    desk.stroke((x, y))
    desk.mouse(QEvent.Type.MouseButtonDblClick, x, y)
    desk.mouse(QEvent.Type.MouseButtonRelease, x, y)


def test_a_pen_paints_as_wide_as_it_presses(desk: Desk) -> None:
    desk.session.resize_brush(20)
    draw_with_pen(desk, (20, 20), (40, 20), pressure=0.2)
    assert desk.session.labels_HW[20, 30] == 1 and desk.session.labels_HW[25, 30] == 0
    draw_with_pen(desk, (20, 20), (40, 20), pressure=1.0)
    assert desk.session.labels_HW[25, 30] == 1 and desk.session.history.undo_count == 2
    desk.trigger("tool.pressure")
    desk.session.choose_class(2)
    draw_with_pen(desk, (20, 20), (40, 20), pressure=0.2)
    assert desk.session.labels_HW[25, 30] == 2


def test_the_other_end_of_the_pen_erases(desk: Desk) -> None:
    desk.stroke((20, 20), (40, 20))
    draw_with_pen(desk, (20, 20), (40, 20), pressure=1.0, pointer=QPointingDevice.PointerType.Eraser)
    assert desk.session.document.layers[0].labels[20, 30] == UNPAINTED


@pytest.mark.parametrize("end", ["enter", "double click", "first corner"])
def test_a_polygon_ends_in_three_ways(desk: Desk, end: str) -> None:
    desk.session.choose_tool(ToolKind.POLYGON)
    for point in ((5, 5), (45, 5), (45, 35)):
        desk.stroke(point)
        desk.hover(point[0] + 1, point[1])
    assert desk.session.history.undo_count == 0 and desk.session.has_open_stroke
    if end == "enter":
        desk.key(Qt.Key.Key_Return)
    elif end == "double click":
        double_click(desk, 20, 35)
    else:
        desk.stroke((5, 5))
    assert desk.session.history.undo_count == 1 and not desk.session.has_open_stroke
    assert desk.session.labels_HW[15, 35] == 1
    assert np.array_equal(desk.session.labels_HW, desk.session.document.flatten())


def test_escape_forgets_an_open_path_and_backspace_its_last_corner(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.POLYLINE)
    desk.stroke((5, 5))
    desk.stroke((40, 5))
    desk.stroke((40, 40))
    desk.key(Qt.Key.Key_Backspace)
    desk.hover(40, 5)
    assert desk.session.labels_HW[5, 20] == 1 and desk.session.labels_HW[30, 40] == 0
    desk.key(Qt.Key.Key_Escape)
    assert not desk.session.labels_HW.any() and desk.session.history.undo_count == 0


def test_shift_keeps_a_polyline_to_45_degrees_and_control_subtracts(desk: Desk) -> None:
    desk.stroke((30, 30), (30, 30))
    desk.session.resize_brush(30)
    desk.stroke((30, 20), (40, 20))
    desk.session.resize_brush(3)
    desk.session.choose_tool(ToolKind.POLYLINE)
    desk.stroke((25, 20), keys=CONTROL)
    desk.stroke((44, 22), keys=SHIFT | CONTROL)
    desk.key(Qt.Key.Key_Return)
    row = desk.session.document.layers[0].labels[20]
    assert (row[26:43] == UNPAINTED).all()


def test_the_options_row_changes_how_tools_behave(desk: Desk) -> None:
    options, tools = desk.window.tool_options, desk.session.tools
    options.size_field.setValue(33)
    assert desk.session.brush_size == 33 and options.size_slider.value() > 0
    options.smoothing.setValue(50)
    desk.key(Qt.Key.Key_M)
    desk.key(Qt.Key.Key_B, SHIFT)
    assert tools.smoothing == 0.5 and tools.is_mirrored and tools.tip is Tip.SQUARE
    assert not options.gap.isVisible() and not options.tolerance.isVisible()
    desk.session.choose_tool(ToolKind.FILL)
    assert options.gap.isVisible() and not options.size_field.isVisible()
    options.gap.setValue(5)
    assert tools.gap == 5


def test_p_protects_the_chosen_class_and_shields_more(desk: Desk) -> None:
    desk.stroke((20, 20), (40, 20))
    desk.key(Qt.Key.Key_P)
    assert desk.session.tools.is_protected(1)
    desk.session.choose_class(2)
    desk.stroke((20, 20), (40, 20), (40, 40))
    assert desk.session.labels_HW[20, 30] == 1 and desk.session.labels_HW[35, 40] == 2
    desk.key(Qt.Key.Key_P)
    assert not desk.session.tools.is_protected(1)


def test_a_click_on_the_shield_of_a_chip_protects_and_does_not_choose(desk: Desk) -> None:
    palette = desk.window.findChild(ClassPalette)
    assert isinstance(palette, ClassPalette)
    chip = palette.chips[0]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, chip.shield_rect().center())
    assert desk.session.tools.is_protected(0) and chip.is_protected and desk.session.label == 1


def test_a_selection_is_dragged_inverted_filled_and_erased(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.SELECT_BOX)
    desk.stroke((10, 10), (20, 20), (29, 29))
    assert desk.session.selection.current and desk.session.selection.current.count == 400
    desk.key(Qt.Key.Key_F, SHIFT)
    assert (desk.session.labels_HW == 1).sum() == 400
    desk.trigger("select.invert")
    desk.session.choose_class(2)
    desk.trigger("select.fill")
    assert (desk.session.labels_HW == 2).sum() == 64 * 48 - 400
    desk.key(Qt.Key.Key_Delete)
    assert (desk.session.document.layers[0].labels == UNPAINTED).sum() == 64 * 48 - 400
    desk.key(Qt.Key.Key_A, CONTROL | SHIFT)
    assert desk.session.selection.current is None
    assert not desk.window.actions_by_id["select.erase"].isEnabled()


def test_the_outline_of_a_selection_is_seen(desk: Desk) -> None:
    desk.session.resize_brush(1)
    before = desk.labels.grab().toImage()
    desk.session.selection.choose(select_box(Box(10, 10, 30, 30), 64, 48))
    desk.labels.ants.show(False)
    after = desk.labels.grab().toImage()
    assert before != after
    assert desk.color(20, 20) == desk.class_color(0), "only the outline is drawn"


def test_the_move_tool_moves_with_mouse_and_arrows_and_escape_takes_back(desk: Desk) -> None:
    desk.session.selection.choose(select_box(Box(10, 10, 20, 20), 64, 48))
    desk.trigger("select.fill")
    desk.session.choose_tool(ToolKind.MOVE)
    desk.stroke((15, 15), (35, 15))
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Down, SHIFT)
    assert desk.window.tool_options.placement.apply_button.isVisible()
    assert (desk.session.labels_HW[21:31, 30:40] == 1).all()
    desk.key(Qt.Key.Key_Escape)
    assert (desk.session.labels_HW[10:20, 10:20] == 1).all() and desk.session.history.undo_count == 1
    desk.key(Qt.Key.Key_T, CONTROL)
    desk.window.tool_options.placement.angle.setValue(90)
    desk.window.tool_options.placement.apply_button.click()
    assert desk.session.history.undo_count == 1, "a square turned by 90° is the same"


def test_copying_the_selection_to_a_layer_keeps_the_old_one(desk: Desk) -> None:
    desk.session.selection.choose(select_box(Box(10, 10, 20, 20), 64, 48))
    desk.trigger("select.fill")
    desk.trigger("select.copy_layer")
    layers = desk.session.document.layers
    assert len(layers) == 2 and desk.session.layer is layers[1] and (layers[1].labels == 1).sum() == 100
    desk.session.undo()
    assert len(desk.session.document.layers) == 1
