"""Options of a tool stay within reach however narrow the window is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from tests.ui.desk import Desk


@pytest.mark.parametrize("kind", list(ToolKind))
def test_no_option_is_cut_at_the_smallest_window(desk: Desk, qtbot: QtBot, kind: ToolKind) -> None:
    desk.window.resize(desk.window.minimumSize())
    desk.session.choose_tool(kind)
    QApplication.processEvents()
    row = desk.window.tool_options.parts
    for part in row._wanted:
        if part in row._folded:
            assert row.more.isVisible() and part.window() is row.menu
        else:
            assert part.isVisible() and part.width() >= min(part.minimumSizeHint().width(), part.maximumWidth())
            assert part.geometry().right() <= row.width()


def test_what_has_no_room_opens_from_the_end_of_the_row_and_works(desk: Desk) -> None:
    desk.window.resize(960, 600)
    desk.session.choose_tool(ToolKind.BRUSH)
    QApplication.processEvents()
    options = desk.window.tool_options
    QTest.mouseClick(options.parts.more, Qt.MouseButton.LeftButton)
    assert options.parts.menu.isVisible() and options.smoothing.isVisible()
    assert options.smoothing.window() is options.parts.menu
    options.smoothing.setValue(40)
    assert desk.session.tools.smoothing == 0.4
    options.parts.menu.hide()


def test_options_come_back_into_the_row_when_there_is_room(desk: Desk, qtbot: QtBot) -> None:
    desk.window.resize(960, 600)
    QApplication.processEvents()
    desk.window.resize(1900, 800)
    options = desk.window.tool_options
    qtbot.waitUntil(lambda: not options.parts.more.isVisible())
    assert options.smoothing.isVisible() and options.smoothing.window() is desk.window
