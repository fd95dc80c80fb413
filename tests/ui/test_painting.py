"""Painting with synthetic mouse events: the document and the pixels on the screen change at the right place."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.history.commands import ChangeLayer
from tests.ui.desk import Desk

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.mark.parametrize("zoom", [0.5, 1.0, 3.3, 16.0])
def test_a_stroke_lands_under_the_mouse_at_every_zoom(desk: Desk, zoom: float) -> None:
    desk.view.zoom_to(zoom, QPointF(20, 20))
    desk.labels.grab()
    desk.stroke((15, 20), (20, 20), (25, 20))
    assert (desk.session.labels_HW[18:22, 14:26] == 1).all()
    assert (desk.session.labels_HW[30:] == 0).all()
    assert desk.color(20, 20) == desk.class_color(1)
    assert desk.color(20, 30) == desk.class_color(0)


def test_the_whole_canvas_equals_the_label_map_after_strokes(desk: Desk) -> None:
    """Partial conversion must leave nothing behind."""
    for number, label in enumerate((1, 2, 0, 1)):
        desk.session.choose_class(label)
        desk.stroke((5 + 9 * number, 5), (30, 25), (50 - 5 * number, 40))
    desk.session.undo()
    image = desk.labels.image().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.array(image.constBits(), copy=True).reshape(48, 64, 4)[..., 2::-1]
    assert np.array_equal(pixels, desk.session.document.palette.colors[desk.session.labels_HW])


def test_painting_changes_the_photo(desk: Desk, qtbot: QtBot) -> None:
    before = desk.feed.image_HW3
    assert before is not None
    desk.stroke((10, 10), (50, 30))
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    after = desk.feed.image_HW3
    assert after is not None and not np.array_equal(before, after)
    assert np.array_equal(desk.renderer.requests[-1].labels_HW, desk.session.labels_HW)


def test_undo_and_redo_show_on_the_canvas(desk: Desk) -> None:
    desk.stroke((20, 20), (30, 20))
    desk.key(Qt.Key.Key_Z, CONTROL)
    assert desk.color(25, 20) == desk.class_color(0)
    desk.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert desk.color(25, 20) == desk.class_color(1)


def test_undo_names_its_step(desk: Desk) -> None:
    assert not desk.window.actions_by_id["edit.undo"].isEnabled()
    desk.stroke((20, 20), (30, 20))
    assert "Brush stroke" in desk.window.actions_by_id["edit.undo"].text()
    desk.trigger("edit.undo")
    assert "Brush stroke" in desk.window.actions_by_id["edit.redo"].text()


def test_escape_takes_an_open_stroke_back(desk: Desk) -> None:
    desk.mouse(QEvent.Type.MouseButtonPress, 20, 20)
    desk.mouse(QEvent.Type.MouseMove, 40, 20)
    desk.key(Qt.Key.Key_Escape)
    desk.mouse(QEvent.Type.MouseButtonRelease, 40, 20)
    assert not desk.session.labels_HW.any() and desk.session.history.undo_count == 0


def test_alt_click_and_the_pick_tool_choose_the_class(desk: Desk) -> None:
    desk.stroke((20, 20), (30, 20))
    desk.session.choose_class(2)
    desk.stroke((25, 20), keys=ALT)
    assert desk.session.label == 1
    desk.session.choose_tool(ToolKind.PICK)
    desk.stroke((5, 45))
    assert desk.session.label == 0
    assert desk.session.history.undo_count == 1


def test_picking_beside_the_canvas_does_nothing(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.PICK)
    desk.stroke((-3, 10))
    assert desk.session.label == 1


def test_the_wheel_sizes_the_brush_and_with_control_zooms(desk: Desk) -> None:
    desk.wheel(desk.labels, 1)
    assert desk.session.brush_size > 8
    size, zoom = desk.session.brush_size, desk.view.zoom
    desk.wheel(desk.labels, 1, CONTROL)
    assert desk.view.zoom > zoom and desk.session.brush_size == size
    desk.wheel(desk.photo, -1)
    assert desk.view.zoom == pytest.approx(zoom)


def test_zooming_keeps_the_point_under_the_mouse(desk: Desk) -> None:
    point = desk.view.to_document(QPointF(desk.labels.rect().center()), desk.labels.size())
    desk.wheel(desk.labels, 3, CONTROL)
    assert desk.view.to_document(QPointF(desk.labels.rect().center()), desk.labels.size()) == pytest.approx(
        point, abs=1 / desk.view.zoom
    )


def test_space_pans_and_paints_nothing(desk: Desk) -> None:
    desk.view.zoom_to(8)
    start = desk.view.centre
    QTest.keyPress(desk.labels, Qt.Key.Key_Space)
    desk.stroke((20, 20), (25, 22))
    QTest.keyRelease(desk.labels, Qt.Key.Key_Space)
    assert desk.view.centre != start and desk.session.history.undo_count == 0
    desk.stroke((30, 20))
    assert desk.session.history.undo_count == 1


def test_the_middle_button_pans(desk: Desk) -> None:
    desk.view.zoom_to(8)
    start = desk.view.centre
    middle = Qt.MouseButton.MiddleButton
    desk.mouse(QEvent.Type.MouseButtonPress, 20, 20, button=middle)
    desk.mouse(QEvent.Type.MouseMove, 24, 20, button=middle)
    desk.mouse(QEvent.Type.MouseButtonRelease, 24, 20, button=middle)
    assert desk.view.centre.x() < start.x()


def test_both_canvases_show_the_same_place(desk: Desk) -> None:
    desk.view.zoom_to(5)
    for canvas in (desk.labels, desk.photo):
        centre = desk.view.to_document(QPointF(canvas.width() / 2, canvas.height() / 2), canvas.size())
        assert centre == pytest.approx((32, 24), abs=0.3)


def test_fit_shows_everything_and_follows_the_window(desk: Desk, qtbot: QtBot) -> None:
    desk.view.zoom_to(30)
    desk.trigger("view.fit")
    corner, end = desk.at(0, 0), desk.at(63, 47)
    assert desk.labels.rect().contains(corner.toPoint()) and desk.labels.rect().contains(end.toPoint())
    zoom = desk.view.zoom
    desk.window.resize(1000, 640)
    qtbot.waitUntil(lambda: desk.view.zoom < zoom)


def test_the_class_under_the_mouse_is_named(desk: Desk) -> None:
    desk.hover(10, 10)
    assert "sky" in desk.window.status.place.text()
    cursor = desk.labels._cursor
    assert cursor is not None and cursor.tag.below == "sky" and cursor.tag.text == "tree"
    assert cursor.diameter == pytest.approx(8 * desk.view.zoom), "the outline has the true size of the brush"


def test_a_locked_layer_says_why_it_is_not_painted_on(desk: Desk) -> None:
    desk.session.do(ChangeLayer(desk.session.document.layers[0].id, "Lock", is_locked=True))
    assert desk.labels.idle_cursor() is Qt.CursorShape.ForbiddenCursor
    desk.hover(10, 10)
    desk.stroke((10, 10))
    cursor = desk.labels._cursor
    assert cursor is not None and "locked" in cursor.tag.text
    assert not desk.session.labels_HW.any()


def test_half_transparent_layers_are_blended_for_the_eye_only(desk: Desk) -> None:
    desk.stroke((20, 20), (30, 20))
    labels = desk.session.labels_HW.copy()
    desk.session.do(ChangeLayer(desk.session.document.layers[0].id, "Opacity", opacity=0.5))
    sky, tree = np.array(desk.class_color(0)), np.array(desk.class_color(1))
    assert np.allclose(desk.color(25, 20), (sky + tree) / 2, atol=1)
    assert np.array_equal(labels, desk.session.labels_HW)
    desk.stroke((40, 30), (50, 30))
    assert np.allclose(desk.color(45, 30), (sky + tree) / 2, atol=1)
