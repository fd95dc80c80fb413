"""What is shown over the labels while one paints: the class in hand, lines under way, ends of gradients."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from oasis_studio.app.regions.gradients import Gradient
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.style import OwnSeed
from oasis_studio.ui.canvas.brush_cursor import Tag
from tests.ui.desk import NO_KEY, Desk


def tag(desk: Desk) -> Tag:
    cursor = desk.labels._cursor
    assert cursor is not None
    return cursor.tag


def test_ring_and_tag_show_the_class_in_hand_and_small_the_one_below(desk: Desk) -> None:
    desk.hover(10, 10)
    palette = desk.session.document.palette
    assert tag(desk) == Tag("tree", palette.classes[1].hex, "sky", palette.classes[0].hex, palette.classes[1].hex)
    desk.session.choose_class(2)
    assert tag(desk).text == "water" and tag(desk).ring == palette.classes[2].hex
    desk.session.choose_tool(ToolKind.ERASER)
    assert tag(desk).text == "sky" and not tag(desk).ring and not tag(desk).below


def test_the_tag_is_never_stale(desk: Desk) -> None:
    desk.stroke((30, 20), (40, 20))
    desk.hover(10, 20)
    assert tag(desk).below == "sky"
    desk.view.pan(-22 * desk.view.zoom, 0)  # the stroke comes under the pointer, which stands still
    assert tag(desk).below == "tree"
    desk.view.fit()
    assert tag(desk).below == "sky"
    desk.hover(35, 20)
    desk.session.undo()
    assert tag(desk).below == "sky"


def test_a_polygon_shows_its_corners_until_it_is_done(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.POLYGON)
    painter = desk.studio.gestures.painter
    for point in ((10, 10), (30, 10), (30, 30)):
        desk.stroke(point)
    desk.hover(12, 28)
    line, corners = painter.line
    assert len(corners) == 3 and len(line) == 4 and line[-1] == pytest.approx((12.5, 28.5), abs=0.6)
    desk.view.point(None)
    image = desk.labels.grab().toImage()
    corner = desk.at(10, 10).toPoint()
    assert image.pixelColor(corner).lightness() > 240, "the square at the first corner"
    desk.key(Qt.Key.Key_Return)
    assert painter.line == ([], [])


def test_a_lasso_shows_its_line(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.LASSO)
    desk.mouse(QEvent.Type.MouseButtonPress, 10, 10)
    for point in ((20, 10), (20, 20)):
        desk.mouse(QEvent.Type.MouseMove, *point)
    line, corners = desk.studio.gestures.painter.line
    assert len(line) >= 2 and len(corners) == 1
    desk.mouse(QEvent.Type.MouseButtonRelease, 10, 20)
    assert desk.studio.gestures.painter.line == ([], [])


@pytest.mark.parametrize("keys", [NO_KEY, Qt.KeyboardModifier.ControlModifier])
def test_a_gradient_is_dragged_again_by_its_ends(desk: Desk, keys: Qt.KeyboardModifier) -> None:
    desk.session.choose_tool(ToolKind.GRADIENT)
    styler = desk.studio.gestures.styler
    assert styler.gradient is None
    desk.stroke((10, 20), (30, 20), keys=keys)
    first = styler.gradient
    assert isinstance(first, Gradient) and first.end[0] == pytest.approx(30.5, abs=0.6)
    assert first.is_round is bool(keys)
    source = desk.studio.styles.second
    desk.studio.styles.set_second(OwnSeed(77))
    desk.stroke((30, 20), (50, 20))
    second = styler.gradient
    assert second is not None and second.end[0] == pytest.approx(50.5, abs=0.6) and second.start == first.start
    assert second.is_round is first.is_round
    styles = map(desk.studio.styles.style, desk.session.document.styles)
    assert [paint.source for style in styles for paint in style.paints] == [source], "it goes to the style it went to"
    desk.session.undo()
    assert styler.gradient == first
    desk.session.choose_tool(ToolKind.BRUSH)
    assert styler.gradient is None


def test_enter_in_a_number_gives_the_keyboard_back_to_the_canvas(desk: Desk) -> None:
    field = desk.window.tool_options.size_field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "80")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.session.brush_size == 80 and desk.labels.hasFocus()
    QTest.keyClick(QApplication.focusWidget() or desk.window, Qt.Key.Key_3)
    assert desk.session.brush_size == 80 and desk.session.label == 2


def test_a_double_click_sets_a_slider_back(desk: Desk) -> None:
    options = desk.window.tool_options
    desk.session.resize_brush(200)
    slider = options.size_slider
    at = QPointF(slider.rect().center())
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseButtonDblClick, at, QPointF(slider.mapToGlobal(at)), left, left, NO_KEY)
    QApplication.sendEvent(slider, event)
    assert desk.session.brush_size == 40


def test_the_wheel_zooms_where_the_person_wants_that(desk: Desk) -> None:
    zoom, size = desk.view.zoom, desk.session.brush_size
    desk.hover(10, 10)
    desk.trigger("view.wheel_zooms")
    desk.wheel(desk.labels, 1)
    assert desk.view.zoom > zoom and desk.session.brush_size == size
    desk.wheel(desk.labels, 1, Qt.KeyboardModifier.ControlModifier)
    assert desk.session.brush_size > size
    desk.trigger("view.wheel_zooms")
    desk.wheel(desk.labels, -1)
    assert desk.session.brush_size == size


def test_merging_down_says_so_and_chooses_what_it_merged_into(desk: Desk) -> None:
    lower = desk.session.document.layers[0]
    desk.trigger("layer.add")
    desk.stroke((10, 12), (20, 12))
    upper = desk.session.layer
    assert upper is not None
    desk.trigger("layer.merge")
    assert desk.session.layer is desk.session.document.layers[0] and desk.session.layer.id == lower.id
    said = desk.window.status.tip.text()
    assert upper.name in said and lower.name in said
