"""Files behind the window: every job ends, whatever goes wrong in it, and the next one is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from oasis_studio.app.files.jobs import FileJobs, Work
from oasis_studio.app.session.gradual_copy import GradualCopy
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.document import Document
from oasis_studio.errors import StudioError
from tests.app import scene

FAULTS = [KeyError("odd"), ValueError("odd"), MemoryError(), StudioError("The disk is full.")]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _fault: None)


@pytest.fixture
def jobs(session: Session) -> Iterator[FileJobs]:
    made = FileJobs(session)
    yield made
    made.close()


def failing(fault: Exception) -> Callable[..., Work]:
    def fail(*_arguments: object) -> Work:
        raise fault

    return fail


def end_of(jobs: FileJobs, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not jobs.is_busy)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_work_that_fails_is_told_and_the_next_is_done(jobs: FileJobs, qtbot: QtBot, fault: Exception) -> None:
    told: list[StudioError | None] = []
    jobs.write_now("one", failing(fault), told.append)
    jobs.write_now("two", lambda: None, told.append)
    end_of(jobs, qtbot)
    assert isinstance(told[0], StudioError) and told[1] is None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_work_that_cannot_be_prepared_is_told_and_the_next_is_done(
    jobs: FileJobs, qtbot: QtBot, fault: Exception
) -> None:
    told: list[StudioError | None] = []
    with capture_exceptions() as faults:
        jobs.write("one", failing(fault), told.append)
        jobs.write("two", lambda _document: bool, told.append)
        end_of(jobs, qtbot)
    assert isinstance(told[0], StudioError) and told[1] is None
    assert [error for _kind, error, _trace in faults] == ([] if isinstance(fault, StudioError) else [fault])


def test_a_copy_that_fails_is_told_and_the_next_is_made(
    jobs: FileJobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[StudioError | None] = []
    with monkeypatch.context() as patch:
        patch.setattr(GradualCopy, "_take", failing(MemoryError()))
        jobs.write("one", lambda _document: bool, told.append)
        end_of(jobs, qtbot)
    jobs.write("two", lambda _document: bool, told.append)
    end_of(jobs, qtbot)
    assert isinstance(told[0], StudioError) and "memory" in told[0].message and told[1] is None


def test_who_fails_to_hear_of_the_end_stops_nobody_else(jobs: FileJobs, qtbot: QtBot) -> None:
    told: list[StudioError | None] = []
    with capture_exceptions() as faults:
        jobs.write_now("one", lambda: None, failing(KeyError("odd")))
        jobs.write_now("two", lambda: None, told.append)
        end_of(jobs, qtbot)
    assert told == [None] and len(faults) == 1


def test_jobs_of_a_drawing_that_was_left_are_refused_and_the_others_done(
    jobs: FileJobs, session: Session, qtbot: QtBot
) -> None:
    told: list[tuple[str, StudioError | None]] = []

    def prepare(_document: Document) -> Work:
        return bool

    for name in ("copying", "waiting"):
        jobs.write(name, prepare, lambda error, name=name: told.append((name, error)))
    jobs.write_now("other", lambda: None, lambda error: told.append(("other", error)))
    session.open(scene.document())
    end_of(jobs, qtbot)
    assert [name for name, _error in told] == ["copying", "waiting", "other"]
    assert told[0][1] is not None and told[1][1] is not None and told[2][1] is None


def test_after_closing_nothing_begins(jobs: FileJobs, qtbot: QtBot) -> None:
    done: list[str] = []
    begun, gate = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        gate.wait(10)
        done.append("one")

    jobs.write_now("one", work, lambda _error: None)
    jobs.write_now("two", lambda: done.append("two"), lambda _error: None)
    assert begun.wait(10)
    gate.set()
    jobs.close()
    qtbot.wait(20)
    assert done == ["one"]
