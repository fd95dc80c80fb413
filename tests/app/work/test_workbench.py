"""Jobs run in their own thread, one after the other; of live ones the newest counts; a cancelled one says so."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.app.work.workbench import Task, Workbench
from oasis_studio.core.work.jobs import CritiqueJob, SegmentJob
from oasis_studio.errors import StudioError
from tests.app.workshop import FakeWorkshop

IMAGE = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture
def workshop() -> FakeWorkshop:
    return FakeWorkshop()


@pytest.fixture
def bench(workshop: FakeWorkshop, qapp: QApplication) -> Iterator[Workbench]:
    made = Workbench(lambda: workshop)
    yield made
    workshop.let_through(100)
    assert made.close()


def critique() -> CritiqueJob:
    return CritiqueJob("small", IMAGE, IMAGE[:, :, 0])


def ends(task: Task) -> list[str]:
    """What the task says, as it says it."""
    told: list[str] = []
    task.finished.connect(lambda _answer: told.append("finished"))
    task.failed.connect(lambda error: told.append(error.message))
    task.cancelled.connect(lambda: told.append("cancelled"))
    return told


def test_there_is_no_thread_before_the_first_job(bench: Workbench, qtbot: QtBot) -> None:
    assert "jobs" not in {thread.name for thread in threading.enumerate()} and bench.current is None
    with qtbot.waitSignal(bench.start(SegmentJob("small", IMAGE)).finished) as answered:
        pass
    assert answered.args and answered.args[0].labels_HW.shape == (8, 8)


def test_jobs_come_in_order_and_live_ones_last(bench: Workbench, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    workshop.is_gated = True
    first = ends(bench.start(SegmentJob("a", IMAGE)))
    live = [ends(bench.start(critique(), is_live=True)) for _time in range(3)]
    second = ends(bench.start(SegmentJob("b", IMAGE)))
    workshop.let_through(10)
    qtbot.waitUntil(lambda: bool(live[2]))
    assert first == second == live[2] == ["finished"] and live[0] == live[1] == ["cancelled"]
    assert [job.model for job in workshop.jobs] == ["a", "b", "small"]


def test_a_live_job_gives_way(bench: Workbench, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    workshop.is_gated = True
    live = ends(bench.start(critique(), is_live=True))
    asked = ends(bench.start(SegmentJob("a", IMAGE)))
    workshop.let_through(10)
    qtbot.waitUntil(lambda: bool(asked))
    assert live == ["cancelled"] and asked == ["finished"]


def test_a_cancelled_job_says_so_and_nothing_else(bench: Workbench, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    workshop.is_gated = True
    task = bench.start(SegmentJob("a", IMAGE))
    told = ends(task)
    task.cancel()
    workshop.let_through()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["cancelled"] and bench.current is None


@pytest.mark.parametrize(
    ("failure", "words"),
    [(StudioError("no such class"), "no such class"), (MemoryError(), "memory"), (KeyError(), "done")],
)
def test_a_failure_comes_in_words(
    bench: Workbench, workshop: FakeWorkshop, qtbot: QtBot, failure: Exception, words: str
) -> None:
    workshop.failure = failure
    told = ends(bench.start(SegmentJob("a", IMAGE)))
    qtbot.waitUntil(lambda: bool(told))
    assert words in told[0]


def test_a_workshop_that_does_not_open_is_told(qapp: QApplication, qtbot: QtBot) -> None:
    bench = Workbench()
    told = ends(bench.start(SegmentJob("a", IMAGE)))
    qtbot.waitUntil(lambda: bool(told))
    assert "without the networks" in told[0] and bench.close()
