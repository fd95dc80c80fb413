"""Gestures in the window whose release never comes: dialogs, other windows, lost buttons, pens that leave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.files.projects.project import read_project
from oasis_studio.ui.docks.layers import LayerList
from oasis_studio.ui.docks.regions import RegionPanel
from oasis_studio.ui.questions import messages
from tests.ui.canvas.interruptions import INTERRUPTIONS, lose_focus, open_dialog
from tests.ui.canvas.rulers import ruler
from tests.ui.desk import Desk
from tests.ui.pointers import LEFT, MIDDLE, MOVE, NONE, PRESS, RELEASE, RIGHT, hover_with_pen, pen, send


def test_a_stroke_ends_and_nothing_paints_afterwards(saved: Desk, afresh: Iterator[str]) -> None:
    session = saved.session
    for name in afresh:
        saved.mouse(PRESS, 10, 30)
        saved.mouse(MOVE, 25, 30)
        assert session.has_open_stroke and saved.labels._hand.is_down
        INTERRUPTIONS[name](saved)
        assert not session.has_open_stroke and not saved.labels._hand.is_down and not saved.labels.capture.is_held, name
        assert session.history.undo_count == (0 if name == "undo" else 1), name
        before = session.labels_HW.copy()
        saved.hover(40, 30)
        saved.mouse(MOVE, 50, 30)
        saved.mouse(RELEASE, 50, 30)
        assert np.array_equal(session.labels_HW, before), name
        session.choose_tool(ToolKind.BRUSH)
        saved.stroke((10, 10), (20, 10))
        session.undo()
        assert np.array_equal(session.labels_HW, before), name
        session.go_to(0)
        assert not session.labels_HW.any(), name


def test_a_picture_that_is_dragged_about_stays_then(saved: Desk, afresh: Iterator[str]) -> None:
    for name in afresh:
        saved.view.zoom_to(8)
        saved.mouse(PRESS, 20, 20, button=MIDDLE)
        saved.mouse(MOVE, 24, 20, button=MIDDLE)
        INTERRUPTIONS[name](saved)
        assert not saved.labels.is_panning, name
        centre = saved.view.centre
        saved.mouse(MOVE, 40, 20, button=MIDDLE)
        saved.hover(50, 20)
        assert saved.view.centre == centre, name


def test_a_guide_that_is_dragged_stays_then(saved: Desk, afresh: Iterator[str]) -> None:
    saved.trigger("view.rulers")
    QApplication.processEvents()
    source = ruler(saved, Qt.Orientation.Horizontal)
    for name in afresh:
        over = QPointF(source.mapFromGlobal(saved.labels.mapToGlobal(saved.at(30, 20))))
        send(source, PRESS, QPointF(source.rect().center()), LEFT, LEFT)
        send(source, MOVE, over, LEFT, LEFT)
        INTERRUPTIONS[name](saved)
        ys = saved.session.document.guides.ys
        assert not saved.labels.capture.is_held and len(ys) == (0 if name == "undo" else 1), name
        send(source, MOVE, over + QPointF(0, 60), LEFT, LEFT)
        send(source, RELEASE, over + QPointF(0, 60), LEFT, NONE)
        assert saved.session.document.guides.ys == ys, name


def test_a_selection_ends_with_the_dialog(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.SELECT_BOX)
    desk.mouse(PRESS, 10, 10)
    desk.mouse(MOVE, 30, 20)
    open_dialog(desk)
    selected = desk.session.selection.current
    assert selected is not None and selected.mask_HW[15, 20] and not selected.mask_HW[30, 40]
    desk.mouse(MOVE, 50, 40)
    desk.mouse(RELEASE, 50, 40)
    assert desk.session.selection.current is selected


def test_a_polygon_stays_open_while_a_dialog_is(desk: Desk) -> None:
    desk.session.choose_tool(ToolKind.POLYGON)
    for point in ((5, 5), (45, 5), (45, 35)):
        desk.stroke(point)
    open_dialog(desk)
    assert desk.session.has_open_stroke
    assert desk.window.files.may_close() and not desk.session.has_open_stroke
    assert desk.session.labels_HW[15, 35] == 1 and desk.session.is_modified


# -- buttons and keys -------------------------------------------------------------------------------------------------


def test_escape_takes_the_gesture_back_wherever_the_focus_is(desk: Desk) -> None:
    desk.mouse(PRESS, 10, 30)
    desk.mouse(MOVE, 25, 30)
    desk.photo.setFocus()
    desk.mouse(PRESS, 10, 30)
    desk.mouse(MOVE, 25, 30)
    count = desk.session.history.undo_count
    QTest.keyClick(desk.photo, Qt.Key.Key_Escape)
    assert not desk.session.has_open_stroke and desk.session.history.undo_count == count
    desk.view.zoom_to(8)
    centre = desk.view.centre
    desk.mouse(PRESS, 20, 20, button=MIDDLE)
    desk.mouse(MOVE, 30, 20, button=MIDDLE)
    assert desk.view.centre != centre
    QTest.keyClick(desk.photo, Qt.Key.Key_Escape)
    assert desk.view.centre == centre and not desk.labels.is_panning


def test_other_buttons_mean_nothing_while_one_is_held(desk: Desk) -> None:
    desk.view.zoom_to(8)
    centre, menus = desk.view.centre, []
    desk.labels.menu_wanted.connect(lambda *_: menus.append(1))
    desk.mouse(PRESS, 20, 20)
    for button in (RIGHT, MIDDLE):
        send(desk.labels, PRESS, desk.at(22, 20), button, LEFT | button)
        send(desk.labels, MOVE, desk.at(28, 20), NONE, LEFT | button)
        at = desk.at(28, 20).toPoint()
        QApplication.sendEvent(desk.labels, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, at))
        send(desk.labels, RELEASE, desk.at(28, 20), button, LEFT)
    assert desk.view.centre == centre and not menus and desk.session.has_open_stroke
    desk.mouse(RELEASE, 30, 20)
    assert desk.session.history.undo_count == 1 and desk.session.labels_HW[20, 26] == 1


def test_a_second_press_without_a_release_is_a_second_stroke(desk: Desk) -> None:
    desk.mouse(PRESS, 10, 10)
    desk.mouse(MOVE, 20, 10)
    desk.mouse(PRESS, 10, 40)
    desk.mouse(MOVE, 20, 40)
    desk.mouse(RELEASE, 20, 40)
    assert desk.session.history.undo_count == 2 and desk.session.labels_HW[25, 15] == 0


def test_space_is_not_held_once_the_focus_is_elsewhere(desk: Desk) -> None:
    for leave in (lose_focus, lambda _desk: desk.photo.setFocus()):
        desk.labels.setFocus()
        QTest.keyPress(desk.labels, Qt.Key.Key_Space)
        assert desk.labels.pans_with_left()
        leave(desk)
        lose_focus(desk)
        assert not desk.labels.pans_with_left() and desk.labels.cursor().shape() is Qt.CursorShape.CrossCursor
    desk.stroke((10, 10), (20, 10))
    assert desk.session.history.undo_count == 1


# -- pens -------------------------------------------------------------------------------------------------------------


def test_a_pen_that_hovers_or_leaves_paints_no_more(desk: Desk) -> None:
    for count, kind in enumerate((QEvent.Type.TabletMove, QEvent.Type.TabletLeaveProximity), 1):
        pen(desk, QEvent.Type.TabletPress, 10, 10 * count, 0.5)
        pen(desk, QEvent.Type.TabletMove, 30, 10 * count, 0.5)
        hover_with_pen(desk, 40, 20, kind)
        before = desk.session.labels_HW.copy()
        assert not desk.session.has_open_stroke and desk.session.history.undo_count == count
        hover_with_pen(desk, 50, 40)
        pen(desk, QEvent.Type.TabletRelease, 50, 40, 0.0)
        assert np.array_equal(desk.session.labels_HW, before)


def test_pen_and_mouse_do_not_draw_one_stroke(desk: Desk) -> None:
    pen(desk, QEvent.Type.TabletPress, 10, 10, 0.5)
    desk.hover(50, 40)
    assert desk.session.has_open_stroke and desk.session.labels_HW[25, 30] == 0
    desk.mouse(PRESS, 10, 40)
    assert desk.session.history.undo_count == 1
    pen(desk, QEvent.Type.TabletMove, 50, 10, 0.5)
    hover_with_pen(desk, 50, 5)
    assert desk.session.has_open_stroke, "the pen that hovers ends no stroke of the mouse"
    desk.mouse(MOVE, 20, 40)
    desk.mouse(RELEASE, 20, 40)
    assert desk.session.history.undo_count == 2
    assert desk.session.labels_HW[40, 15] == 1 and desk.session.labels_HW[10, 40] == 0


# -- sliders of the panels --------------------------------------------------------------------------------------------


def drag_slider(slider: QSlider, share: float) -> QPointF:
    """Press its handle and drag it there, without letting go; returns where the pointer is."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    handle = QPointF(slider.style().subControlRect(kind, option, part, slider).center())
    send(slider, PRESS, handle, LEFT, LEFT)
    assert slider.isSliderDown()
    end = QPointF(share * slider.width(), handle.y())
    send(slider, MOVE, end, NONE, LEFT)
    return end


@pytest.fixture
def panel(desk: Desk) -> RegionPanel:
    found = desk.window.findChild(RegionPanel)
    assert found is not None
    return found


def test_the_drag_of_a_style_slider_ends_once(saved: Desk, panel: RegionPanel, afresh: Iterator[str]) -> None:
    slider, session = panel.fields.strength, saved.session
    for name in afresh:
        if name in ("lost focus", "menu", "lost grab", "no button"):
            continue  # those are of the canvas
        end = drag_slider(slider, 0.9)
        assert session._tried_styles and session.history.undo_count == 0, name
        INTERRUPTIONS[name](saved)
        assert not slider.isSliderDown() and not session._tried_styles, name
        strength, count = saved.studio.styles.style(WHOLE_IMAGE).strength, session.history.undo_count
        assert (strength, count) == (1, 0) if name == "undo" else (strength > 1.05 and count == 1), name
        assert slider.value() == round(100 * strength), name
        send(slider, MOVE, end - QPointF(40, 0), NONE, LEFT)
        send(slider, RELEASE, end - QPointF(40, 0), LEFT, NONE)
        assert session.history.undo_count == count, name
        assert saved.studio.styles.style(WHOLE_IMAGE).strength == strength, name


def test_escape_brings_back_where_a_slider_was(desk: Desk, panel: RegionPanel) -> None:
    drag_slider(panel.fields.strength, 0.8)
    QTest.keyClick(panel.fields.strength, Qt.Key.Key_Escape)
    assert panel.fields.strength.value() == 100 and not desk.session._tried_styles
    assert desk.session.history.undo_count == 0 and not panel.fields.strength.isSliderDown()


def test_the_opacity_of_a_layer_is_taken_when_a_dialog_ends_the_drag(desk: Desk, qtbot: QtBot) -> None:
    layers = desk.window.findChild(LayerList)
    assert layers is not None
    drag_slider(layers.opacity, 0.5)
    open_dialog(desk)
    assert 0.3 < desk.session.document.layers[0].opacity < 0.8 and not layers.opacity.isSliderDown()


# -- saving, closing, undo --------------------------------------------------------------------------------------------


def test_what_is_saved_during_a_stroke_holds_the_stroke(saved: Desk, qtbot: QtBot) -> None:
    saved.mouse(PRESS, 10, 30)
    saved.mouse(MOVE, 40, 30)
    saved.window.files.save()
    qtbot.waitUntil(lambda: not saved.studio.jobs.is_busy)
    assert saved.session.path is not None
    found = read_project(saved.session.path).document.flatten()
    assert np.array_equal(found, saved.session.labels_HW) and (found[30, 10:40] == 1).all()
    assert not saved.session.is_modified


def test_closing_asks_about_what_is_under_way(saved: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    asked: list[str] = []
    answer = messages.Answer.CANCEL
    monkeypatch.setattr(messages, "ask_unsaved", lambda _parent, title: asked.append(title) or answer)
    saved.stroke((10, 10), (30, 10))
    for tool in (ToolKind.BRUSH, ToolKind.POLYGON, ToolKind.MOVE):
        saved.session.choose_tool(tool)
        saved.window.files.save()
        qtbot.waitUntil(lambda: not saved.studio.jobs.is_busy and not saved.session.is_modified)
        for point in ((10, 30), (40, 30)) if tool is ToolKind.POLYGON else ():
            saved.stroke(point)
        saved.mouse(PRESS, *((40, 44) if tool is ToolKind.POLYGON else (20, 10)))
        saved.mouse(MOVE, 30, 40)
        assert saved.session.is_modified
        assert not saved.window.close() and not saved.session.has_open_stroke, tool
    assert asked == 3 * ["yard.oasis"]
    answer = messages.Answer.DISCARD


def test_undo_can_be_done_during_the_first_stroke(desk: Desk, qtbot: QtBot) -> None:
    undo = desk.window.actions_by_id["edit.undo"]
    assert not undo.isEnabled()
    desk.mouse(PRESS, 10, 30)
    desk.mouse(MOVE, 25, 30)
    assert undo.isEnabled()
    undo.trigger()
    assert not desk.session.labels_HW.any() and not desk.session.has_open_stroke
    qtbot.waitUntil(lambda: not undo.isEnabled())
    assert desk.window.actions_by_id["edit.redo"].isEnabled() and not desk.window.isWindowModified()
