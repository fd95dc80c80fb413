"""Turning, pixel grid, labels over the photo, comparing with a snapshot."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.desk import Desk


def color_at(desk: Desk, x: float, y: float) -> tuple[int, int, int]:
    """Colour of the label canvas at a document pixel, however the picture is turned."""
    desk.view.point(None)
    at = desk.view.transform(desk.labels.size()).map(QPointF(x + 0.5, y + 0.5))
    color = desk.labels.grab().toImage().pixelColor(at.toPoint())
    return color.red(), color.green(), color.blue()


@pytest.mark.parametrize("turns", [1, 3, 6, 13])
def test_strokes_land_under_the_mouse_when_the_picture_is_turned(desk: Desk, turns: int) -> None:
    for _turn in range(turns):
        desk.key(Qt.Key.Key_Period)
    assert desk.view.angle == 15 * turns
    transform = desk.view.transform(desk.labels.size())
    desk.at = lambda x, y: transform.map(QPointF(x + 0.5, y + 0.5))  # type: ignore[method-assign]
    desk.stroke((15, 20), (45, 20))
    assert (desk.session.labels_HW[19:21, 14:46] == 1).all() and not desk.session.labels_HW[30:].any()
    assert color_at(desk, 30, 20) == desk.class_color(1) and color_at(desk, 30, 40) == desk.class_color(0)


def test_a_turned_picture_fits_and_pans_with_the_mouse(desk: Desk) -> None:
    desk.view.rotate(90)
    rect = desk.view.to_widget(desk.session.document.bounds, desk.labels.size())
    assert desk.labels.rect().contains(rect.toAlignedRect())
    desk.view.zoom_to(8)
    before = desk.view.transform(desk.labels.size()).map(QPointF(30, 20))
    desk.view.pan(10, 4)
    after = desk.view.transform(desk.labels.size()).map(QPointF(30, 20))
    assert (after.x() - before.x(), after.y() - before.y()) == pytest.approx((10, 4), abs=1)
    desk.trigger("view.upright")
    assert desk.view.angle == 0


def test_single_pixels_have_borders_from_800_percent(desk: Desk) -> None:
    def border_is_darker() -> bool:
        desk.view.point(None)
        image = desk.labels.grab().toImage()
        corner = desk.view.transform(desk.labels.size()).map(QPointF(30, 20)).toPoint()
        line = QColor(image.pixel(corner.x(), corner.y() + round(desk.view.zoom / 2)))
        return line.blue() < desk.class_color(0)[2] - 20

    desk.view.zoom_to(7.9, QPointF(30, 20))
    assert not border_is_darker()
    desk.view.zoom_to(16, QPointF(30, 20))
    assert border_is_darker()
    desk.trigger("view.grid")
    assert not border_is_darker()


def test_labels_lie_over_the_photo_as_strongly_as_wanted_and_follow_the_brush(desk: Desk) -> None:
    desk.window.canvases.overlay.setValue(100)
    desk.stroke((20, 20), (40, 20))
    at = desk.view.transform(desk.photo.size()).map(QPointF(30.5, 20.5)).toPoint()
    desk.view.point(None)
    color = desk.photo.grab().toImage().pixelColor(at)
    assert (color.red(), color.green(), color.blue()) == desk.class_color(1)
    desk.window.canvases.overlay.setValue(0)
    color = desk.photo.grab().toImage().pixelColor(at)
    assert (color.red(), color.green(), color.blue()) != desk.class_color(1)


def test_a_snapshot_is_wiped_over_labels_and_photo(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    desk.trigger("view.snapshot")
    old_photo = desk.feed.image_HW3
    assert old_photo is not None
    desk.stroke((5, 20), (60, 20))
    desk.trigger("view.compare")
    slider = desk.window.canvases.wipe
    assert slider.isVisible()
    slider.setValue(50)
    assert color_at(desk, 10, 20) == desk.class_color(0) and color_at(desk, 50, 20) == desk.class_color(1)
    slider.setValue(100)
    assert color_at(desk, 50, 20) == desk.class_color(0)
    assert desk.studio.comparison.photo is old_photo
    desk.trigger("view.compare")
    assert not slider.isVisible() and color_at(desk, 10, 20) == desk.class_color(1)


def test_a_snapshot_is_brought_back_or_removed_from_the_menu(desk: Desk) -> None:
    desk.stroke((5, 20), (60, 20))
    labels = desk.session.labels_HW.copy()
    desk.trigger("view.snapshot")
    desk.trigger("view.compare")
    desk.session.choose_class(2)
    desk.stroke((5, 25), (60, 25))
    menu = QMenu()
    desk.window.snapshots.fill(menu)
    choices = {action.text(): action for action in menu.actions()[0].menu().actions()}  # type: ignore[union-attr]
    choices["Bring back as a layer"].trigger()
    assert np.array_equal(desk.session.labels_HW, labels)
    choices["Remove"].trigger()
    assert not desk.session.document.snapshots and desk.studio.comparison.snapshot is None
    assert not desk.window.actions_by_id["view.compare"].isEnabled()
