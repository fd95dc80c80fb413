"""What surrounds the window: faults, the log, where it stands."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget
from pytestqt.qtbot import QtBot

from oasis_studio.app.files.log_file import log_path, open_log
from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.ui.bars.fault_banner import FaultBanner
from oasis_studio.ui.questions import messages
from oasis_studio.ui.window import window_state
from oasis_studio.ui.window.application import watch_faults
from tests.ui.desk import Desk


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *_error: None)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(threading, "__excepthook__", lambda _fault: None)


def test_a_fault_is_logged_and_told(
    desk: Desk, hook: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    kept: list[bool] = []
    monkeypatch.setattr(messages, "show_fault", lambda _parent, log, _report: told.append(log))
    watch_faults(desk.window, lambda: kept.append(True))
    with caplog.at_level(logging.CRITICAL):
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("why"), None)
    assert told == [str(log_path())] and "ZeroDivisionError" in caplog.text
    assert kept == [True], "a copy of the drawing is written"


def test_a_fault_while_one_is_told_does_not_open_another_box(
    desk: Desk, hook: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def show(_parent: object, log: str, _report: object) -> None:
        told.append(log)
        sys.excepthook(ValueError, ValueError(), None)

    monkeypatch.setattr(messages, "show_fault", show)
    watch_faults(desk.window, lambda: None)
    sys.excepthook(ZeroDivisionError, ZeroDivisionError(), None)
    assert len(told) == 1


@pytest.mark.parametrize("is_worker", [True, False])
def test_a_fault_of_a_thread_is_logged_and_told_in_a_banner(
    desk: Desk, hook: None, caplog: pytest.LogCaptureFixture, qtbot: QtBot, is_worker: bool
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("why")

    watch_faults(desk.window, lambda: None)
    (banner,) = desk.window.findChildren(FaultBanner)
    if is_worker:
        worker = BackgroundWorker("test")
        worker.run(fail)
        qtbot.waitUntil(banner.isVisible)
        assert worker.close()
    else:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(banner.isVisible)
    assert "in the background" in banner.message.text() and str(log_path()) in banner.hint.text()
    assert caplog.text.count("ZeroDivisionError: why") == 1


def test_the_log_goes_to_its_file() -> None:
    root = logging.getLogger("oasis_studio")
    level, handlers = root.level, list(root.handlers)
    try:
        path = open_log()
        assert path is not None
        logging.getLogger("oasis_studio.app").error("something to find")
        assert "something to find" in path.read_text(encoding="utf-8")
    finally:
        for handler in set(root.handlers) - set(handlers):
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def test_panels_come_back_as_they_were_left_and_tab_finds_them(desk: Desk) -> None:
    docks = desk.window.findChildren(QDockWidget)
    shown = [dock for dock in docks if dock.isVisible()]
    assert len(shown) >= 4 and not window_state.restore(desk.window), "there was nothing to restore yet"
    desk.trigger("view.panels")
    window_state.save(desk.window)
    desk.trigger("view.panels")
    assert [dock for dock in docks if dock.isVisible()] == shown
    assert window_state.restore(desk.window)
    assert not any(dock.isVisible() for dock in docks)
    desk.trigger("view.panels")
    assert [dock for dock in docks if dock.isVisible()] == shown


def test_panels_come_back_on_a_screen_where_the_window_cannot(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    layers, history = (desk.window.findChild(QDockWidget, name) for name in ("layers", "history"))
    assert layers is not None and history is not None
    desk.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, layers)
    history.hide()
    window_state.save(desk.window)
    desk.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, layers)
    history.show()
    monkeypatch.setattr(desk.window, "restoreGeometry", lambda _geometry: False)
    assert window_state.restore(desk.window)
    assert desk.window.dockWidgetArea(layers) is Qt.DockWidgetArea.LeftDockWidgetArea and history.isHidden()
    assert desk.window.height() <= desk.window.screen().availableSize().height()
    window_state.save(desk.window)
    window_state._store().setValue("geometry", None)
    history.show()
    assert window_state.restore(desk.window) and history.isHidden()
