"""Every gesture ends exactly once: whatever ends it, what comes afterwards does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.settings import Settings
from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.app.studio import Studio
from oasis_studio.app.tools.gesture import Gesture
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.style import Brushed, Paint
from oasis_studio.core.history.commands import AddLayer
from oasis_studio.core.history.document_commands import SetNotes
from oasis_studio.core.tools import layer_steps
from oasis_studio.errors import StudioError
from tests.app import scene

STROKES = (ToolKind.BRUSH, ToolKind.ERASER, ToolKind.LINE, ToolKind.RECTANGLE, ToolKind.ELLIPSE, ToolKind.LASSO)
PATHS = (ToolKind.POLYLINE, ToolKind.POLYGON)
OTHERS = (
    *(ToolKind.MOVE, ToolKind.SELECT_BOX, ToolKind.SELECT_LASSO),
    *(ToolKind.STYLE_BRUSH, ToolKind.GRADIENT, ToolKind.CUT),
)
WAY = ((8.0, 2.0), (40.0, 10.0), (44.0, 34.0))

End = Callable[[Studio, Gesture], object]


@pytest.fixture
def studio(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Studio:
    made = Studio(scene.library(tmp_path / "models"), scene.InstantRenderer, Settings(reduce_motion=True))
    made.session.open(scene.document())
    made.session.document.layers[0].labels[4:24, 4:60] = 1
    made.session.update_labels(made.session.document.bounds)
    made.session.resize_brush(6)
    made.session.choose_class(2)
    return made


def begin(studio: Studio, tool: ToolKind) -> Gesture:
    studio.session.choose_tool(tool)
    gesture = studio.gestures.chosen
    assert gesture is not None
    gesture.press(*WAY[0])
    for point in WAY[1:]:
        gesture.move(*point)
        if tool in PATHS:
            gesture.release(*point)
            gesture.press(*point)
    assert gesture.is_open and gesture.is_held
    return gesture


def state(studio: Studio) -> tuple:
    session = studio.session
    selected = session.selection.current
    return (
        session.labels_HW.tobytes(),
        [layer.labels.tobytes() for layer in session.document.layers],
        [(key, [_look(paint) for paint in trail.style.paints]) for key, trail in session.document.styles.items()],
        None if selected is None else selected.mask_HW.tobytes(),
        session.history.titles,
        session.history.undo_count,
    )


def _look(paint: Paint) -> object:
    return paint.shape.amounts_hw.tobytes() if isinstance(paint.shape, Brushed) else paint.shape


def use_other_model(studio: Studio, _gesture: Gesture) -> None:
    studio.session.switch_model(studio.session.library.find("other")[1])


def add_layer(studio: Studio, _gesture: Gesture) -> None:
    studio.session.do(AddLayer(LabelLayer.blank("new", 64, 48), 1))


ENDS: dict[str, End] = {
    "let go": lambda _studio, gesture: gesture.let_go(),
    "finish": lambda _studio, gesture: gesture.finish(),
    "cancel": lambda _studio, gesture: gesture.cancel(),
    "a command": lambda studio, _gesture: studio.session.do(SetNotes("meanwhile")),
    "a layer": add_layer,
    "undo": lambda studio, _gesture: studio.session.undo(),
    "redo": lambda studio, _gesture: studio.session.redo(),
    "a jump in the history": lambda studio, _gesture: studio.session.go_to(0),
    "another tool": lambda studio, _gesture: studio.session.choose_tool(ToolKind.HAND),
    "another model": use_other_model,
    "another document": lambda studio, _gesture: studio.session.open(scene.document()),
    "dice": lambda studio, _gesture: studio.session.roll_seed(),
}


@pytest.mark.parametrize("end", list(ENDS))
@pytest.mark.parametrize("tool", [*STROKES, *PATHS, *OTHERS])
def test_after_its_end_a_gesture_does_nothing(studio: Studio, tool: ToolKind, end: str) -> None:
    ends: list[int] = []
    gesture = begin(studio, tool)
    gesture.released.connect(lambda: ends.append(1))  # from now on: corners of a path are released before
    ENDS[end](studio, gesture)
    stays = end == "let go" and (tool in PATHS or tool is ToolKind.MOVE)
    assert gesture.is_open == stays and studio.session.has_open_stroke == stays and not gesture.is_held
    gesture.finish()
    assert studio.gestures.open is None and ends == [1]
    after = state(studio)
    gesture.move(50, 40)
    gesture.release(50, 40)
    gesture.finish()
    gesture.cancel()
    assert state(studio) == after and ends == [1]


@pytest.mark.parametrize("tool", [*STROKES, *PATHS, *OTHERS])
def test_what_is_let_go_is_as_if_released_where_it_was_seen_last(studio: Studio, tool: ToolKind) -> None:
    begin(studio, tool).release(*WAY[-1])
    studio.session.settle()
    released, count = state(studio), studio.session.history.undo_count
    if count:
        studio.session.undo()
    studio.session.selection.clear()
    begin(studio, tool).let_go()
    studio.session.settle()
    assert state(studio)[:5] == released[:5]


@pytest.mark.parametrize("tool", [*STROKES, *PATHS, ToolKind.MOVE])
def test_a_command_during_a_stroke_makes_two_steps_that_undo_exactly(studio: Studio, tool: ToolKind) -> None:
    session = studio.session
    session.tools.set_smoothing(0.9)
    states = [session.labels_HW.copy()]
    begin(studio, tool)
    assert session.settle() and session.do(layer_steps.duplicate(session.document, session.document.layers[0].id))
    assert session.history.titles[-1] == "Duplicate layer" and session.history.undo_count == 2
    for count in (0, 1, 2, 0, 2):
        session.go_to(count)
        assert np.array_equal(session.labels_HW, session.document.flatten())
        states.append(session.labels_HW.copy())
    assert np.array_equal(states[0], states[1]) and np.array_equal(states[0], states[4])
    assert np.array_equal(states[3], states[5])


def test_another_press_ends_the_gesture_whose_release_was_lost(studio: Studio) -> None:
    painter = begin(studio, ToolKind.BRUSH)
    painter.press(10, 44)
    assert studio.session.history.undo_count == 1 and painter.is_held
    painter.release(20, 44)
    assert studio.session.history.undo_count == 2


def test_a_path_goes_on_after_one_of_its_presses_was_let_go(studio: Studio) -> None:
    painter = begin(studio, ToolKind.POLYGON)
    painter.let_go()
    assert painter.is_open and not painter.is_held
    for corner in ((44, 44), (8, 44)):
        painter.press(*corner)
        painter.release(*corner)
    painter.finish()
    assert studio.session.labels_HW[40, 30] == 2 and studio.session.history.undo_count == 1


def test_why_a_lost_cut_has_no_effect_is_told(studio: Studio) -> None:
    told: list[StudioError] = []
    studio.session.choose_tool(ToolKind.CUT)
    styler = studio.gestures.styler
    styler.refused.connect(told.append)
    styler.press(8, 8)
    styler.move(10, 10)
    assert studio.session.do(SetNotes("x")), "the command is done all the same"
    assert ["divide" in str(error) for error in told] == [True] and studio.session.history.titles == ["Change notes"]


def test_a_class_of_another_palette_is_not_filled_with(studio: Studio) -> None:
    before = studio.session.labels_HW.copy()
    studio.painter.fill(5, 5, 40)
    assert np.array_equal(studio.session.labels_HW, before) and studio.session.history.undo_count == 0
