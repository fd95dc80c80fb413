"""The worker behind the window, for real: order, where callbacks run, and what becomes of every kind of error."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.app.work import background
from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.errors import MemoryShortage, StudioError

PATIENCE = 10.0


@pytest.fixture
def worker(qapp: QApplication) -> Iterator[BackgroundWorker]:
    made = BackgroundWorker("test", "The kettle did not boil.")
    yield made
    assert made.close()


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BaseException | None, int]]:
    """What came to ``threading.excepthook``, and in which thread."""
    heard: list[tuple[BaseException | None, int]] = []
    monkeypatch.setattr(threading, "excepthook", lambda fault: heard.append((fault.exc_value, threading.get_ident())))
    return heard


def raising(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_pieces_are_done_in_order_and_told_in_the_thread_of_the_window(worker: BackgroundWorker, qtbot: QtBot) -> None:
    assert not worker.is_running
    told: list[tuple[int, int]] = []
    done_in: list[int] = []

    def work(number: int) -> int:
        done_in.append(threading.get_ident())
        return number

    for number in range(5):
        worker.run(lambda number=number: work(number), lambda answer: told.append((answer, threading.get_ident())))
    qtbot.waitUntil(lambda: len(told) == 5)
    here = threading.get_ident()
    assert told == [(number, here) for number in range(5)]
    assert len(set(done_in)) == 1 and here not in done_in


def test_what_is_reported_comes_before_the_end(worker: BackgroundWorker, qtbot: QtBot) -> None:
    told: list[object] = []

    def work() -> str:
        for share in (0.5, 1.0):
            worker.report(told.append, share)
        return "done"

    worker.run(work, told.append)
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == [0.5, 1.0, "done"]


def test_an_expected_failure_comes_as_it_is(
    worker: BackgroundWorker, qtbot: QtBot, faults: list[tuple[BaseException | None, int]]
) -> None:
    error = StudioError("The disk is full.")
    told: list[StudioError] = []
    worker.run(raising(error), failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [error] and faults == []


def test_too_little_memory_is_no_fault(
    worker: BackgroundWorker, qtbot: QtBot, faults: list[tuple[BaseException | None, int]]
) -> None:
    told: list[StudioError] = []
    worker.run(raising(MemoryError()), failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], MemoryShortage) and faults == []


@pytest.mark.parametrize(
    "error", [KeyError("secret"), RuntimeError("secret"), OSError("secret"), RecursionError("secret")]
)
def test_a_fault_is_logged_announced_and_told_in_words_and_the_next_piece_is_done(
    worker: BackgroundWorker,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    faults: list[tuple[BaseException | None, int]],
    error: Exception,
) -> None:
    told: list[object] = []
    with caplog.at_level(logging.CRITICAL):
        worker.run(raising(error), told.append, told.append)
        worker.run(lambda: "the next one", told.append)
        qtbot.waitUntil(lambda: len(told) == 2)
    first = told[0]
    assert isinstance(first, StudioError) and first.message == "The kettle did not boil." and "log" in first.hint
    assert told[1] == "the next one"
    assert faults == [(error, threading.get_ident())], "told once, in the thread of the window"
    assert "Traceback" in caplog.text and "secret" in caplog.text


def test_a_piece_may_do_another_with_callbacks_of_its_own(worker: BackgroundWorker, qtbot: QtBot) -> None:
    told: list[object] = []
    inner = StudioError("inner")
    worker.run(lambda: worker.attempt(raising(inner), told.append, told.append), lambda _answer: told.append("outer"))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [inner, "outer"]


def test_closing_finishes_what_is_being_done_and_forgets_the_rest(worker: BackgroundWorker, qtbot: QtBot) -> None:
    begun, gate = threading.Event(), threading.Event()
    done: list[str] = []
    told: list[object] = []

    def work() -> None:
        begun.set()
        assert gate.wait(PATIENCE)
        done.append("first")

    worker.run(work, told.append)
    worker.run(lambda: done.append("second"), told.append)
    assert begun.wait(PATIENCE)
    opener = threading.Timer(0.05, gate.set)
    opener.start()
    assert worker.close()
    opener.join()
    worker.run(lambda: done.append("third"), told.append)
    qtbot.wait(20)
    assert done == ["first"] and told == [] and not worker.is_running


def test_a_thread_that_does_not_end_is_said_and_left_alone(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "CLOSE_PATIENCE_MS", 20)
    begun, gate = threading.Event(), threading.Event()
    worker = BackgroundWorker("test")

    def work() -> None:
        begun.set()
        gate.wait(PATIENCE)

    worker.run(work)
    assert begun.wait(PATIENCE)
    with caplog.at_level(logging.ERROR):
        assert not worker.close()
    assert "did not end" in caplog.text
    gate.set()
    (left,) = background._stuck
    assert left.wait(10_000)
    background._stuck.clear()
