"""Panels: shown and hidden one by one and all at once, folded, closed, and laid out as usual."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.ui.docks.dock import Dock
from oasis_studio.ui.docks.region_row import ROW
from oasis_studio.ui.docks.regions import RegionView
from oasis_studio.ui.window import window_state
from tests.ui.desk import Desk

NAMES = ("classes", "regions", "layers", "history", "results", "dataset", "variations")


def dock_of(desk: Desk, name: str) -> Dock:
    dock = desk.window.findChild(Dock, name)
    assert isinstance(dock, Dock)
    return dock


def is_checked(desk: Desk, name: str) -> bool:
    return desk.window.actions_by_id[f"panel.{name}"].isChecked()


def focused(desk: Desk):
    return QApplication.focusWidget() or desk.window


def test_every_panel_stands_in_the_menu_and_is_checked_while_it_is_shown(desk: Desk) -> None:
    assert {dock.objectName() for dock in desk.window.findChildren(Dock)} == set(NAMES)
    assert is_checked(desk, "classes") and is_checked(desk, "layers") and not is_checked(desk, "variations")
    desk.trigger("panel.classes")
    assert not dock_of(desk, "classes").isVisible() and not is_checked(desk, "classes")
    desk.trigger("panel.classes")
    assert dock_of(desk, "classes").isVisible() and is_checked(desk, "classes")


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_has_a_button_that_closes_it(desk: Desk, name: str) -> None:
    dock = dock_of(desk, name)
    dock.show()
    dock.raise_()
    QTest.mouseClick(dock.close_button, Qt.MouseButton.LeftButton)
    assert dock.isHidden() and not is_checked(desk, name)


def test_a_panel_behind_another_comes_to_the_front_before_it_is_hidden(desk: Desk, qtbot: QtBot) -> None:
    dock_of(desk, "layers").raise_()
    qtbot.waitUntil(lambda: dock_of(desk, "history").visibleRegion().isEmpty())
    desk.trigger("panel.history")
    qtbot.waitUntil(lambda: not dock_of(desk, "history").visibleRegion().isEmpty())
    assert is_checked(desk, "history")


@pytest.mark.parametrize(("key", "name"), [(Qt.Key.Key_F6, "variations"), (Qt.Key.Key_F8, "results")])
def test_one_key_shows_and_hides_a_panel(desk: Desk, qtbot: QtBot, key: Qt.Key, name: str) -> None:
    dock = dock_of(desk, name)
    QTest.keyClick(desk.window, key)
    qtbot.waitUntil(lambda: dock.isVisible() and not dock.visibleRegion().isEmpty())
    QTest.keyClick(desk.window, key)
    assert dock.isHidden()
    if name == "variations":
        assert desk.studio.variations.all, "the strip was filled when it came"


def test_the_key_of_the_grid_closes_it_again(desk: Desk) -> None:
    QTest.keyClick(desk.window, Qt.Key.Key_F7)
    grid = desk.window.variations.grid
    assert grid is not None and grid.isVisible()
    grid.activateWindow()
    QTest.keyClick(grid, Qt.Key.Key_F7)
    assert not grid.isVisible()


def test_tab_brings_back_what_was_shown_whatever_has_the_focus(desk: Desk) -> None:
    dock_of(desk, "history").hide()
    shown = {dock.objectName() for dock in desk.window.findChildren(Dock) if not dock.isHidden()}
    dock_of(desk, "regions").fold_button.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClick(focused(desk), Qt.Key.Key_Tab)
    assert all(dock.isHidden() for dock in desk.window.findChildren(Dock))
    QTest.keyClick(focused(desk), Qt.Key.Key_Tab)
    assert {dock.objectName() for dock in desk.window.findChildren(Dock) if not dock.isHidden()} == shown


def test_who_goes_through_the_window_by_keys_keeps_tab_for_it(desk: Desk) -> None:
    dock_of(desk, "regions").fold_button.setFocus()
    QTest.keyClick(focused(desk), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    before = focused(desk)
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert dock_of(desk, "classes").isVisible() and dock_of(desk, "regions").fold_button.hasFocus()


def test_the_canvases_alone_are_the_whole_window_and_tab_ends_it(desk: Desk) -> None:
    window, before = desk.window, desk.labels.width()
    zoom = desk.view.zoom
    desk.view.zoom_to(zoom)  # no longer fitted, so it must stay
    desk.trigger("view.canvas_only")
    assert not window.tool_options.isVisible() and not window.status.isVisible()
    assert all(dock.isHidden() for dock in window.findChildren(Dock))
    assert desk.labels.isVisible() and desk.view.zoom == zoom
    desk.labels.setFocus()
    desk.key(Qt.Key.Key_Tab)
    assert window.tool_options.isVisible() and window.status.isVisible() and dock_of(desk, "classes").isVisible()
    QApplication.processEvents()
    assert desk.labels.width() == pytest.approx(before, abs=4)


def test_a_folded_panel_is_its_heading_and_stays_so(desk: Desk) -> None:
    dock = dock_of(desk, "classes")
    QTest.mouseClick(dock.fold_button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert dock.is_folded and dock.height() <= dock.titleBarWidget().sizeHint().height()
    assert not dock.widget().isVisible()
    window_state.save(desk.window)
    dock.fold(False)
    assert window_state.restore(desk.window) and dock.is_folded


def test_the_usual_layout_comes_back(desk: Desk) -> None:
    desk.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock_of(desk, "layers"))
    dock_of(desk, "regions").hide()
    dock_of(desk, "classes").fold(True)
    dock_of(desk, "history").setFloating(True)
    desk.trigger("panel.reset")
    assert desk.window.dockWidgetArea(dock_of(desk, "layers")) is Qt.DockWidgetArea.RightDockWidgetArea
    assert not dock_of(desk, "regions").isHidden() and not dock_of(desk, "classes").is_folded
    assert not dock_of(desk, "history").isFloating() and dock_of(desk, "variations").isHidden()


@pytest.mark.parametrize("height", [720, 1000])
def test_the_list_of_regions_has_five_rows(desk: Desk, qtbot: QtBot, height: int) -> None:
    desk.window.resize(1280, height)
    desk.trigger("panel.reset")
    dock_of(desk, "regions").raise_()
    view = dock_of(desk, "regions").findChild(RegionView)
    assert view is not None
    qtbot.waitUntil(lambda: view.height() >= 5 * ROW)


def test_full_screen_goes_back_to_a_maximized_window(desk: Desk) -> None:
    desk.window.showMaximized()
    desk.trigger("view.full_screen")
    assert desk.window.isFullScreen()
    desk.trigger("view.full_screen")
    assert desk.window.isMaximized() and not desk.window.isFullScreen()
