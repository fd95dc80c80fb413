from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.session import LARGEST_BRUSH, Session
from oasis_studio.app.tools.painting import Painter
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.history.commands import AddLayer, RemoveLayer
from oasis_studio.core.pixels.box import Box
from tests.app.scene import OTHER, SMALL, card, document


def painted_layer(label: int) -> LabelLayer:
    return LabelLayer("painted", np.full((48, 64), label, np.uint8))


def test_the_label_map_follows_commands_undo_and_redo(session: Session) -> None:
    session.do(AddLayer(painted_layer(2), 1))
    assert (session.labels_HW == 2).all()
    session.undo()
    assert (session.labels_HW == 0).all()
    session.redo()
    assert (session.labels_HW == 2).all()


def test_changes_are_told_with_their_area_and_ask_for_a_photo(session: Session) -> None:
    boxes: list[Box] = []
    wanted: list[bool] = []
    session.labels_changed.connect(boxes.append)
    session.render_wanted.connect(wanted.append)
    session.do(AddLayer(painted_layer(1), 1))
    assert boxes == [Box(0, 0, 64, 48)] and wanted == [True]


def test_a_name_change_needs_no_photo(session: Session) -> None:
    wanted: list[bool] = []
    session.render_wanted.connect(wanted.append)
    session.do(AddLayer(LabelLayer.blank("empty", 64, 48), 1))
    assert wanted == []


def test_nothing_but_the_stroke_changes_the_document_while_it_is_open(session: Session) -> None:
    session.do(AddLayer(painted_layer(1), 1))
    session.has_open_stroke = True
    session.undo()
    session.do(AddLayer(painted_layer(2), 1))
    assert session.history.undo_count == 1 and len(session.document.layers) == 2


def test_the_end_of_a_stroke_is_told_when_its_step_is_there(session: Session, qtbot: QtBot) -> None:
    painter, told = Painter(session), list[int]()
    session.stroke_ended.connect(lambda: told.append(session.history.undo_count))
    session.resize_brush(4)
    session.choose_class(1)
    for y in (10, 20):
        painter.press(10, y)
        painter.release(20, y)
    assert told == []
    qtbot.waitUntil(lambda: told == [2, 2])
    painter.press(10, 30)
    painter.cancel()
    painter.press(10, 30)  # the next one began at once
    QCoreApplication.processEvents()
    assert told == [2, 2]
    painter.release(20, 30)
    qtbot.waitUntil(lambda: told == [2, 2, 3])


def test_some_layer_stays_chosen(session: Session) -> None:
    first = session.document.layers[0]
    session.do(AddLayer(painted_layer(1), 1))
    session.choose_layer(first.id)
    session.do(RemoveLayer(first.id))
    assert session.layer is session.document.layers[0]
    session.do(RemoveLayer(session.document.layers[0].id))
    assert session.layer is None
    session.undo()
    assert session.layer is session.document.layers[0]


@pytest.mark.parametrize(("asked", "kept"), [(0, 1), (-5, 1), (40, 40), (9999, LARGEST_BRUSH)])
def test_brush_size_stays_in_range(session: Session, asked: int, kept: int) -> None:
    session.resize_brush(asked)
    assert session.brush_size == kept


def test_brush_steps_always_change_the_size(session: Session) -> None:
    session.resize_brush(1)
    sizes = [1]
    while sizes[-1] < LARGEST_BRUSH:
        session.step_brush(1)
        sizes.append(session.brush_size)
    assert sizes == sorted(set(sizes)) and len(sizes) < 60
    session.step_brush(-1)
    assert session.brush_size < LARGEST_BRUSH


def test_a_class_that_is_not_there_cannot_be_chosen(session: Session) -> None:
    session.choose_class(2)
    session.choose_class(9)
    assert session.label == 2


def test_seeds_are_undone(session: Session) -> None:
    session.change_seed(4711)
    session.change_seed(MAX_SEED + 100)
    assert session.document.seed == MAX_SEED
    session.undo()
    session.undo()
    assert session.document.seed == 0


def test_switching_the_model_carries_classes_by_name(session: Session) -> None:
    session.do(AddLayer(painted_layer(2), 1))
    session.document.layers[0].labels[:] = 1
    session.choose_class(2)
    dropped: list[list[str]] = []
    session.classes_dropped.connect(dropped.append)
    before = session.labels_HW.copy()
    session.switch_model(card("other", "Other", OTHER))
    assert session.document.palette is OTHER and session.document.model == "other"
    assert (session.labels_HW == 1).all(), "water is class 1 there"
    assert session.semantic_class.name == "Water"
    assert dropped == [], "tree lies below the water: nobody sees it go"
    session.undo()
    assert session.document.palette == SMALL and (session.labels_HW == before).all()
    assert session.label < len(SMALL)


def test_classes_without_a_namesake_are_named(session: Session) -> None:
    session.do(AddLayer(painted_layer(1), 1))
    dropped: list[list[str]] = []
    session.classes_dropped.connect(dropped.append)
    session.switch_model(card("other", "Other", OTHER))
    assert dropped == [["tree"]]
    assert (session.labels_HW == 2).all(), "the background, sky, shows"


def test_a_missing_model_is_a_state_not_an_error(session: Session) -> None:
    made = document()
    made.model = "gone"
    session.open(made)
    assert session.card is None and session.card_problem is not None
    assert "gone" in session.card_problem.message


def test_opening_forgets_the_history(session: Session) -> None:
    session.do(AddLayer(painted_layer(1), 1))
    assert session.is_modified
    session.open(document(), None, "Fjord")
    assert not session.is_modified and not session.history.can_undo and session.title == "Fjord"


def test_another_seed_is_no_other_model(session: Session) -> None:
    told: list[str] = []
    session.seed_changed.connect(lambda: told.append("seed"))
    session.model_changed.connect(lambda: told.append("model"))
    session.roll_seed()
    session.undo()
    assert told == ["seed", "seed"]
    session.switch_model(session.library.find("other")[1])
    session.undo()
    assert told == ["seed", "seed", "model", "model"]


def test_a_command_ends_the_stroke_and_says_that_it_was_done(session: Session) -> None:
    painter = Painter(session)
    session.choose_class(1)
    painter.press(10, 10)
    painter.move(40, 10)
    assert session.is_modified, "what is painted would be lost"
    assert session.do(AddLayer(painted_layer(2), 1)) and not session.has_open_stroke
    assert session.history.undo_count == 2 and len(session.document.layers) == 2
    session.has_open_stroke = True
    assert not session.do(AddLayer(painted_layer(1), 1)) and len(session.document.layers) == 2


def test_what_comes_by_itself_waits_for_the_end_of_the_stroke(session: Session, qtbot: QtBot) -> None:
    painter, done = Painter(session), list[str]()
    session.when_settled(lambda: done.append("at once"))
    painter.press(10, 10)
    session.when_settled(lambda: done.append("later"))
    assert done == ["at once"]
    painter.release(20, 10)
    qtbot.waitUntil(lambda: done == ["at once", "later"])
    painter.press(10, 10)
    session.when_settled(lambda: done.append("never"))
    session.open(document())
    painter.press(10, 10)
    painter.release(20, 10)
    qtbot.wait(20)
    assert done == ["at once", "later"]
