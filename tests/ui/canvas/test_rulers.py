"""Rulers: lines that never crowd, at the right places, however the picture lies."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from oasis_studio.app.session.settings import read_settings
from oasis_studio.ui.canvas.pane import Pane
from oasis_studio.ui.canvas.ruler import THICKNESS
from oasis_studio.ui.canvas.ticks import Axis, ticks
from oasis_studio.ui.canvas.view import LARGEST_ZOOM, SMALLEST_ZOOM
from oasis_studio.ui.widgets import theme
from tests.ui.canvas.rulers import ruler
from tests.ui.desk import Desk, wait_until


@given(st.floats(SMALLEST_ZOOM, LARGEST_ZOOM), st.sampled_from([1, -1]), st.floats(-9e5, 9e5), st.floats(100, 4000))
def test_lines_never_crowd_and_numbers_are_round(zoom: float, sign: int, origin: float, length: float) -> None:
    room, axis = 40.0, Axis(origin, sign * zoom)
    found = ticks(axis, length, room)
    places = [axis.at(tick.value) for tick in found]
    assert min(places) <= 1e-6 and max(places) >= length - 1e-6  # of a pixel
    assert all(abs(two - one) >= 4.99 for one, two in pairwise(places))
    numbers = [tick.value for tick in found if tick.rank == 0]
    gaps = {two - one for one, two in pairwise(numbers)}
    assert len(gaps) == 1
    gap = gaps.pop()
    assert gap * zoom >= room and (gap == 1 or gap * zoom <= 2.5 * room)
    assert str(gap).rstrip("0") in ("1", "2", "5")
    assert all(tick.value % gap for tick in found if tick.rank)
    assert all(2 * tick.value % gap == 0 for tick in found if tick.rank == 1)


def test_rulers_are_shown_on_wish_and_remembered(desk: Desk) -> None:
    panes = desk.window.findChildren(Pane)
    assert not any(each.isVisibleTo(pane) for pane in panes for each in pane.ruled.rulers)
    width, height = desk.labels.width(), desk.labels.height()
    desk.key(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert all(each.isVisibleTo(pane) for pane in panes for each in pane.ruled.rulers)
    assert read_settings().has_rulers and desk.window.actions_by_id["view.rulers"].isChecked()
    wait_until(lambda: (desk.labels.width(), desk.labels.height()) == (width - THICKNESS, height - THICKNESS))
    desk.trigger("view.rulers")
    wait_until(lambda: (desk.labels.width(), desk.labels.height()) == (width, height))
    assert not read_settings().has_rulers


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_what_a_ruler_says_is_what_the_brush_paints(desk: Desk, angle: int) -> None:
    desk.trigger("view.rulers")
    desk.view.rotate(angle)
    desk.view.zoom_to(7.3, QPointF(20, 11))
    across, down = (ruler(desk, way).axis() for way in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical))
    assert across is not None and down is not None
    for x, y in ((0, 0), (13, 7), (64, 48)):
        at = desk.view.transform(desk.labels.size()).map(QPointF(x, y))
        first, second = (x, y) if angle % 180 == 0 else (y, x)
        assert (across.at(first), down.at(second)) == pytest.approx((at.x(), at.y()))
        assert (across.value(at.x()), down.value(at.y())) == pytest.approx((first, second))


def test_the_mouse_is_marked_on_both(desk: Desk) -> None:
    desk.trigger("view.rulers")
    accent = theme.roles().accent
    desk.view.point((30.0, 20.0))
    at = desk.view.transform(desk.labels.size()).map(QPointF(30, 20))
    above, beside = (ruler(desk, way) for way in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical))
    assert QColor(above.grab().toImage().pixel(int(at.x()), 2)).name() == accent
    assert QColor(beside.grab().toImage().pixel(2, int(at.y()))).name() == accent
    desk.view.point(None)
    assert QColor(above.grab().toImage().pixel(int(at.x()), 2)).name() != accent


def test_where_the_picture_is_askew_the_rulers_are_empty(desk: Desk) -> None:
    desk.trigger("view.rulers")
    desk.view.point((30.0, 20.0))
    above = ruler(desk, Qt.Orientation.Horizontal)
    desk.view.rotate(15)
    image = above.grab().toImage()
    assert above.axis() is None and above.mark() is None
    assert {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())} == {
        QColor(theme.roles().panel).rgb()
    }
