"""Presses, moves, releases and all that comes in between, in any order: every gesture ends exactly once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.tools.gesture import Gesture
from tests.app import scene
from tests.core import painters
from tests.ui.desk import Desk
from tests.ui.pointers import LEFT, MIDDLE, MOVE, PRESS, RELEASE, RIGHT, hover_with_pen, pen, send

POINTS = st.tuples(st.integers(-6, 69), st.integers(-6, 53))
"""Of a drawing of 64×48 pixels, and beside it."""
BUTTONS = st.sampled_from([LEFT, LEFT, LEFT, MIDDLE, RIGHT])
KEYS = st.sampled_from(
    [
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.AltModifier,
    ]
)
ENDS = (
    QEvent(QEvent.Type.WindowDeactivate),
    QEvent(QEvent.Type.WindowBlocked),
    QEvent(QEvent.Type.UngrabMouse),
    QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason),
)
"""After these no release may come."""
COMMANDS = (
    *("edit.undo", "edit.redo", "layer.add", "layer.remove", "layer.duplicate", "layer.up", "layer.hide", "layer.lock"),
    *("layer.merge", "layer.flatten", "layer.specks", "select.all", "select.none", "select.invert", "select.fill"),
    *("select.erase", "select.turn_left", "select.copy_layer", "select.move", "view.turn_right", "view.fit"),
)


class Counted:
    """How often a gesture began to follow a button, and how often it stopped."""

    def __init__(self, gesture: Gesture, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gesture, self.begun, self.ended = gesture, 0, 0
        begin = gesture.press

        def press(*place: Any) -> None:
            begin(*place)  # which ends what was held before
            self.begun += gesture.is_held

        monkeypatch.setattr(gesture, "press", press)
        gesture.released.connect(self._count)

    def _count(self) -> None:
        self.ended += 1


class GestureMachine(RuleBasedStateMachine):
    """Hands, pens and commands on one window; ``caught`` are the exceptions that Qt would only have printed."""

    def __init__(self, desk: Desk, counted: list[Counted], caught: list) -> None:
        super().__init__()
        self.desk, self.session, self.counted, self.caught = desk, desk.session, counted, caught

    @initialize(tool=st.sampled_from(list(ToolKind)))
    def start(self, tool: ToolKind) -> None:
        self.space(False)
        self.desk.labels.capture.let_go()
        self.session.open(scene.document())
        self.session.resize_brush(8)
        self.session.choose_class(1)
        self.session.choose_tool(tool)
        self.desk.trigger("view.upright")
        self.desk.view.fit()
        self.blank = painters.state(self.session.document)

    # -- hands ----------------------------------------------------------------------------------------------------

    @rule(at=POINTS, button=BUTTONS, keys=KEYS)
    def press(self, at: tuple[int, int], button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        self.desk.mouse(PRESS, *at, keys=keys, button=button)

    @rule(at=POINTS)
    def click_twice(self, at: tuple[int, int]) -> None:
        self.desk.mouse(QEvent.Type.MouseButtonDblClick, *at)

    @rule(at=POINTS, button=BUTTONS, keys=KEYS)
    def drag(self, at: tuple[int, int], button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        self.unless_held(lambda: self.desk.mouse(MOVE, *at, keys=keys, button=button))

    @rule(at=POINTS, button=BUTTONS)
    def release(self, at: tuple[int, int], button: Qt.MouseButton) -> None:
        self.unless_held(lambda: self.desk.mouse(RELEASE, *at, button=button))

    @rule(at=POINTS)
    def press_another_button(self, at: tuple[int, int]) -> None:
        send(self.desk.labels, PRESS, self.desk.at(*at), RIGHT, LEFT | RIGHT)

    @rule(at=POINTS)
    def hover(self, at: tuple[int, int]) -> None:
        self.unless_held(lambda: self.desk.hover(*at))
        followed = self.desk.labels.capture.gesture
        assert followed is None or self.is_penned, "a button that is up is followed"

    @rule(at=POINTS, points=st.lists(POINTS, max_size=4))
    def draw(self, at: tuple[int, int], points: list[tuple[int, int]]) -> None:
        self.desk.stroke(at, *points)
        assert not self.desk.labels.capture.is_held

    @rule(at=POINTS, notches=st.sampled_from([-2, 1]), control=st.booleans())
    def turn_the_wheel(self, at: tuple[int, int], notches: int, control: bool) -> None:
        keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        self.desk.wheel(self.desk.labels, notches, keys)

    # -- pens -----------------------------------------------------------------------------------------------------

    @rule(at=POINTS, pressure=st.floats(0.1, 1))
    def press_with_pen(self, at: tuple[int, int], pressure: float) -> None:
        pen(self.desk, QEvent.Type.TabletPress, *at, pressure)

    @rule(at=POINTS, pressure=st.floats(0.1, 1))
    def drag_with_pen(self, at: tuple[int, int], pressure: float) -> None:
        self.unless_held(lambda: pen(self.desk, QEvent.Type.TabletMove, *at, pressure))

    @rule(at=POINTS)
    def lift_the_pen(self, at: tuple[int, int]) -> None:
        self.unless_held(lambda: pen(self.desk, QEvent.Type.TabletRelease, *at, 0.0))

    @rule(at=POINTS, leaves=st.booleans())
    def hover_with_pen(self, at: tuple[int, int], leaves: bool) -> None:
        kind = QEvent.Type.TabletLeaveProximity if leaves else QEvent.Type.TabletMove
        self.unless_held(lambda: hover_with_pen(self.desk, *at, kind))

    # -- what comes in between ------------------------------------------------------------------------------------

    @rule(number=st.integers(0, len(ENDS) - 1), at=st.none() | POINTS)
    def lose_the_pointer(self, number: int, at: tuple[int, int] | None) -> None:
        if at is not None:
            self.desk.mouse(PRESS, *at)
        on_canvas = ENDS[number].type() in (QEvent.Type.UngrabMouse, QEvent.Type.FocusOut)
        target = self.desk.labels if on_canvas else self.desk.window
        QApplication.sendEvent(target, ENDS[number].clone())
        assert not self.desk.labels.capture.is_held and not any(each.gesture.is_held for each in self.counted)

    @rule()
    def leave(self) -> None:
        self.unless_held(lambda: QApplication.sendEvent(self.desk.labels, QEvent(QEvent.Type.Leave)))

    @rule()
    def hide_and_show(self) -> None:
        self.desk.window.hide()
        self.desk.window.show()
        assert not self.desk.labels.capture.is_held

    @rule(
        key=st.sampled_from(
            [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Down]
        )
    )
    def hit_a_key(self, key: Qt.Key) -> None:
        was_held = self.desk.labels.capture.is_held
        self.desk.key(key)
        if was_held and key == Qt.Key.Key_Escape:
            assert not self.desk.labels.capture.is_held

    @rule(is_down=st.booleans())
    def space(self, is_down: bool) -> None:
        (QTest.keyPress if is_down else QTest.keyRelease)(self.desk.labels, Qt.Key.Key_Space)

    @rule(tool=st.sampled_from(list(ToolKind)), label=st.integers(0, 2))
    def choose(self, tool: ToolKind, label: int) -> None:
        self.session.choose_tool(tool)
        self.session.choose_class(label)
        assert not self.session.has_open_stroke

    @rule(command=st.sampled_from(COMMANDS))
    def command(self, command: str) -> None:
        self.desk.window.actions_by_id[command].trigger()
        assert not self.desk.labels.capture.is_held or command.startswith("view.")

    @rule(name=st.sampled_from(["small", "other"]))
    def switch_the_model(self, name: str) -> None:
        self.session.switch_model(self.session.library.find(name)[1])
        assert self.session.document.model == name

    @rule()
    def let_time_pass(self) -> None:
        QApplication.processEvents()

    @rule()
    def go_through_the_history(self) -> None:
        """Every state is the same, whether it is reached by undo or by redo, and the first one is the blank drawing."""
        self.session.settle()
        last, states = self.session.history.undo_count, {}
        for count in (*range(last, -1, -1), *range(last + 1)):
            self.session.go_to(count)
            found = painters.state(self.session.document)
            assert states.setdefault(count, found) == found, f"state {count} of {last}"
        assert states[0] == self.blank

    # -- what holds at all times ----------------------------------------------------------------------------------

    @invariant()
    def every_gesture_ends_exactly_once(self) -> None:
        for each in self.counted:
            assert each.begun - each.ended == each.gesture.is_held, type(each.gesture).__name__
        held = [each.gesture for each in self.counted if each.gesture.is_held]
        followed = self.desk.labels.capture.gesture
        assert held == ([] if followed is None else [followed])

    @invariant()
    def one_gesture_at_most_is_open(self) -> None:
        tools = self.desk.studio.gestures.all
        assert sum(gesture.is_open for gesture in tools) <= 1
        writers = [gesture for gesture in tools if gesture is not self.desk.studio.gestures.selector]
        assert self.session.has_open_stroke == any(gesture.is_open for gesture in writers)

    @invariant()
    def what_is_seen_is_the_document(self) -> None:
        if hasattr(self, "blank"):
            assert self.caught == []
            assert np.array_equal(self.session.labels_HW, self.session.document.flatten())
            is_changed = painters.state(self.session.document) != self.blank
            assert self.session.is_modified or not is_changed, "a change that no undo knows"

    def teardown(self) -> None:
        if hasattr(self, "blank"):
            self.go_through_the_history()
            self.session.history.mark_saved()

    # -- what the rules share -------------------------------------------------------------------------------------

    @property
    def is_penned(self) -> bool:
        """Is it a pen that is followed, which the mouse has nothing to do with?"""
        hold = self.desk.labels.capture._hold
        return hold is not None and hold.source == "pen"

    def unless_held(self, act: Callable[[], object]) -> None:
        """Where nothing is held and nothing stays open, the pointer may go anywhere and changes nothing."""
        is_idle = not self.desk.labels.capture.is_held and not self.session.has_open_stroke
        before = painters.state(self.session.document)
        act()
        assert not is_idle or painters.state(self.session.document) == before


def attack(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, examples: int, steps: int) -> None:
    gestures = (*desk.studio.gestures.all, desk.labels._pan)
    counted = [Counted(gesture, monkeypatch) for gesture in gestures]
    monkeypatch.setattr(QDialog, "exec", lambda _dialog: 0)  # nobody is there who could answer
    with qtbot.captureExceptions() as caught:
        run_state_machine_as_test(
            lambda: GestureMachine(desk, counted, caught),  # type: ignore[arg-type]  # it need not be a class
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                derandomize=True,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
            ),
        )


def test_gestures_in_any_order_end_once(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    attack(desk, qtbot, monkeypatch, 12, 40)


@pytest.mark.slow
def test_many_gestures_in_any_order_end_once(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """OASIS_STUDIO_GESTURES is how many orders are tried."""
    attack(desk, qtbot, monkeypatch, int(os.environ.get("OASIS_STUDIO_GESTURES", "1000")), 80)
