"""Every command of the program, given while the pen is down: the stroke ends first, and every step undoes exactly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.ui.docks.region_row import dice_rect, lock_rect
from oasis_studio.ui.docks.regions import RegionPanel
from tests.app import scene
from tests.ui.desk import Desk
from tests.ui.docks.region_rows import press

PRESS, MOVE, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease
LEAVES = {"file.quit", "help.log", "help.folder"}
"""They end the test, or start other programs."""
STAY_OPEN = {"select.move"}
"""What they begin is open by itself."""


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Offscreen, Qt ends with a crash where Python data is left on it."""
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def impatient(desk: Desk) -> Iterator[Desk]:
    """Whatever dialog or menu opens is left at once."""

    def leave() -> None:
        modal, popup = QApplication.activeModalWidget(), QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        elif isinstance(modal, QDialog):
            modal.reject()

    timer = QTimer(interval=15)
    timer.timeout.connect(leave)
    timer.start()
    yield desk
    timer.stop()


def begin_stroke(desk: Desk) -> None:
    """A blank drawing with one stroke in it, and a second one under the pen, which the brush follows late."""
    desk.session.open(scene.document())
    desk.session.choose_tool(ToolKind.BRUSH)
    desk.session.choose_class(1)
    desk.session.resize_brush(8)
    desk.session.tools.set_smoothing(0.8)
    desk.stroke((5, 5), (20, 5))
    desk.mouse(PRESS, 5, 30)
    desk.mouse(MOVE, 40, 30)
    assert desk.session.has_open_stroke and desk.session.history.undo_count == 1


def assert_exact(desk: Desk, command: str) -> None:
    """Every state of the history is the same whether it is reached by undo or by redo."""
    session = desk.session
    last = session.history.undo_count
    states = {}
    for count in (*range(last, -1, -1), *range(last + 1)):
        session.go_to(count)
        assert np.array_equal(session.labels_HW, session.document.flatten()), command
        found = session.labels_HW.copy()
        assert np.array_equal(states.setdefault(count, found), found), f"{command}, state {count}"
    if desk.session.document.model == "small" and states[0].shape == (48, 64):
        assert not states[0].any(), command


def test_a_command_comes_after_the_stroke(impatient: Desk, chosen: dict, qtbot: QtBot) -> None:
    """``chosen`` answers no file dialog."""
    desk, session = impatient, impatient.session
    for spec in desk.window.actions_by_id.specs:
        if spec.id in LEAVES:
            continue
        begin_stroke(desk)
        desk.window.actions_by_id[spec.id].trigger()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and not desk.studio.jobs.is_busy)
        desk.mouse(MOVE, 50, 30)
        desk.mouse(RELEASE, 50, 30)
        assert session.has_open_stroke == (spec.id in STAY_OPEN), spec.id
        session.settle()
        assert session.layer is not None or not session.document.layers, spec.id
        assert_exact(desk, spec.id)
        session.history.mark_saved()
    for dialog in desk.window.findChildren(QDialog):
        dialog.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_J, Qt.Key.Key_Delete, Qt.Key.Key_V])
def test_the_next_stroke_paints(desk: Desk, key: Qt.Key) -> None:
    actions = {
        Qt.Key.Key_N: "layer.add",
        Qt.Key.Key_J: "layer.duplicate",
        Qt.Key.Key_Delete: "layer.remove",
        Qt.Key.Key_V: "edit.paste",
    }
    desk.trigger("layer.add")
    desk.trigger("edit.copy_labels")
    desk.mouse(PRESS, 5, 30)
    desk.mouse(MOVE, 40, 30)
    count, steps = len(desk.session.document.layers), desk.session.history.undo_count
    desk.trigger(actions[key])
    desk.mouse(RELEASE, 40, 30)
    assert len(desk.session.document.layers) == count + (-1 if key == Qt.Key.Key_Delete else 1)
    assert desk.session.history.undo_count == steps + 2 and desk.session.layer is not None
    before = desk.session.layer.labels.copy()
    desk.stroke((5, 10), (20, 10))
    assert not np.array_equal(desk.session.layer.labels, before) and not desk.labels._refusal


def test_the_panels_during_a_stroke(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.window.findChild(RegionPanel)
    assert panel is not None
    session = desk.session
    for place in (dice_rect, lock_rect):
        begin_stroke(desk)
        tree = RegionKey(session.document.layers[0].id, 1)
        panel.items.refresh()
        session.regions.follow()
        desk.mouse(RELEASE, 40, 30)
        panel.items.refresh()
        desk.mouse(PRESS, 5, 40)
        desk.mouse(MOVE, 40, 40)
        qtbot.waitUntil(lambda: desk.feed.image_HW3 is not None)
        press(panel, tree, place)
        assert not session.has_open_stroke and session.history.undo_count == 4, place
        desk.mouse(RELEASE, 50, 40)
        assert_exact(desk, place.__name__)
        assert session.labels_HW.any()


def test_another_model_during_a_stroke_is_used(desk: Desk) -> None:
    dropped: list[list[str]] = []
    desk.session.classes_dropped.connect(dropped.append)
    desk.mouse(PRESS, 5, 30)
    desk.mouse(MOVE, 40, 30)
    desk.session.switch_model(desk.session.library.find("other")[1])
    assert desk.session.document.model == "other" and desk.session.semantic_class.name == "sky"
    assert dropped == [["tree"]] and desk.session.history.undo_count == 2
    desk.session.undo()
    assert desk.session.document.model == "small" and desk.session.labels_HW[30, 20] == 1
