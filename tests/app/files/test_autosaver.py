"""Copies of unsaved work: when they are written, when they go, and that they never touch the person's file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.files.autosaver import STEPS, Autosaver
from oasis_studio.app.session.gradual_copy import GradualCopy
from oasis_studio.app.session.session import Session
from oasis_studio.core.files.projects import autosave
from oasis_studio.core.files.projects.autosave import recoveries
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.core.history.commands import SetSeed
from oasis_studio.errors import StudioError
from tests.app.scene import document


@pytest.fixture
def saver(session: Session) -> Iterator[Autosaver]:
    made = Autosaver(session, lambda: None)
    made.start()
    yield made
    made.close()


def paint(session: Session) -> None:
    session.document.layers[0].labels[:10] = 2
    session.update_labels(session.document.bounds)
    session.do(SetSeed(5))


def test_nothing_is_written_while_nothing_changed(saver: Autosaver, qtbot: QtBot) -> None:
    saver.save_now()
    saver.close()
    assert recoveries() == []


def test_a_change_is_copied_and_the_file_left_alone(
    saver: Autosaver, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "mine.oasis"
    write_project(file, session.document)
    before = file.read_bytes()
    session.mark_saved(file)
    paint(session)
    with qtbot.waitSignal(saver.saved):
        saver.save_now()
    (found,) = recoveries()
    assert found.source == file and found.is_newer and file.read_bytes() == before
    assert np.array_equal(read_project(found.path).document.flatten(), session.labels_HW)


def test_fifty_steps_are_enough_to_be_copied(saver: Autosaver, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(saver.saved):
        for seed in range(1, STEPS + 1):
            session.do(SetSeed(seed))
    assert len(recoveries()) == 1


def test_saving_makes_the_copies_go(saver: Autosaver, session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    paint(session)
    with qtbot.waitSignal(saver.saved):
        saver.save_now()
    session.mark_saved(tmp_path / "mine.oasis")
    qtbot.waitUntil(lambda: not recoveries())


def test_a_copy_on_its_way_goes_too_when_the_drawing_is_left(saver: Autosaver, session: Session) -> None:
    paint(session)
    saver.save_now()
    saver.forget()
    saver.close()
    assert recoveries() == []


def test_closing_without_a_decision_keeps_them(saver: Autosaver, session: Session, qtbot: QtBot) -> None:
    paint(session)
    with qtbot.waitSignal(saver.saved):
        saver.save_now()
    saver.close()
    assert len(recoveries()) == 1


def test_another_drawing_has_copies_of_its_own(saver: Autosaver, session: Session, qtbot: QtBot) -> None:
    paint(session)
    with qtbot.waitSignal(saver.saved):
        saver.save_now()
    session.open(document())
    qtbot.waitUntil(lambda: not recoveries())


def test_an_open_stroke_is_not_copied(saver: Autosaver, session: Session) -> None:
    paint(session)
    session.has_open_stroke = True
    saver.save_now()
    saver.close()
    assert recoveries() == []


def test_a_copy_that_was_due_during_a_stroke_comes_after_it(saver: Autosaver, session: Session, qtbot: QtBot) -> None:
    paint(session)
    session.has_open_stroke = True
    saver._save_in_time()
    with qtbot.waitSignal(saver.saved):
        session.has_open_stroke = False
    assert len(recoveries()) == 1


def test_a_disk_that_refuses_is_told(saver: Autosaver, session: Session, own_home: Path, qtbot: QtBot) -> None:
    (own_home / "autosave").write_text("a file where the folder should be")
    paint(session)
    with qtbot.waitSignal(saver.failed) as told:
        saver.save_now()
    assert told.args and "copies of unsaved work" in told.args[0].message


@pytest.mark.parametrize("fault", [ValueError("odd"), KeyError("odd"), MemoryError(), OSError("odd")])
def test_after_a_fault_the_next_copy_is_written(
    saver: Autosaver, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(threading, "excepthook", lambda _fault: None)
    paint(session)
    with monkeypatch.context() as patch, qtbot.waitSignal(saver.failed):
        patch.setattr(autosave, "write_project", fail)
        saver.save_now()
    with qtbot.waitSignal(saver.saved):
        saver.save_now()
    assert len(recoveries()) == 1


def test_without_memory_for_a_copy_the_next_one_is_tried(
    saver: Autosaver, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise MemoryError

    paint(session)
    with monkeypatch.context() as patch, qtbot.waitSignal(saver.failed):
        patch.setattr(GradualCopy, "_take", fail)
        saver.save_now()
    with qtbot.waitSignal(saver.saved):
        saver.save_now()


def test_a_failure_for_a_drawing_that_is_gone_makes_no_copy_of_the_next_one(saver: Autosaver, session: Session) -> None:
    paint(session)
    saver.save_now()
    session.open(document())
    saver._tell_refused(StudioError("too late"))
    saver.save_now()
    saver.close()
    assert recoveries() == []
