"""The rendering thread, for real, with a renderer that waits at a gate."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.photo.synthesis_thread import RenderFailure, SynthesisThread
from oasis_studio.core.work.request import Renderer
from oasis_studio.errors import MemoryShortage, StudioError
from tests.app.scene import PATIENCE, GatedRenderer, InstantRenderer, request

Open = Callable[[Callable[[], Renderer]], SynthesisThread]


class Heard:
    """What a thread told, in order."""

    def __init__(self, thread: SynthesisThread) -> None:
        self.photos: list[int] = []
        self.failures: list[RenderFailure] = []
        self.abandoned: list[int] = []
        thread.rendered.connect(lambda result: self.photos.append(result.id))
        thread.failed.connect(self.failures.append)
        thread.abandoned.connect(self.abandoned.append)


def test_newest_wins(open_thread: Open, qtbot: QtBot) -> None:
    renderer = GatedRenderer()
    thread = open_thread(lambda: renderer)
    heard = Heard(thread)
    thread.submit(request(1))
    assert renderer.wait_entered() == 1
    for number in (2, 3, 4):
        thread.submit(request(number))
    renderer.let_through(2)
    qtbot.waitUntil(lambda: heard.photos == [4])
    assert heard.abandoned == [1]
    assert renderer.wait_entered() == 4, "2 and 3 never reached the renderer"
    assert renderer.entered.empty()


def test_the_newest_request_is_not_stale(open_thread: Open, qtbot: QtBot) -> None:
    renderer = GatedRenderer()
    thread = open_thread(lambda: renderer)
    heard = Heard(thread)
    thread.submit(request(7))
    renderer.wait_entered()
    renderer.let_through()
    qtbot.waitUntil(lambda: heard.photos == [7])
    assert heard.abandoned == []


def test_results_arrive_in_the_thread_of_the_window(open_thread: Open, qtbot: QtBot) -> None:
    threads: list[int] = []
    thread = open_thread(InstantRenderer)
    thread.rendered.connect(lambda _result: threads.append(threading.get_ident()))
    thread.submit(request(1))
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.get_ident()]


def test_the_renderer_is_opened_in_the_rendering_thread(open_thread: Open, qtbot: QtBot) -> None:
    opened_in: list[int] = []

    def open_renderer() -> Renderer:
        opened_in.append(threading.get_ident())
        return InstantRenderer()

    thread = SynthesisThread(open_renderer)
    with qtbot.waitSignal(thread.opened):
        thread.start()
    assert thread.close()
    assert opened_in and opened_in[0] != threading.get_ident()


def test_a_failure_is_told_and_the_next_render_works(open_thread: Open, qtbot: QtBot) -> None:
    renderer = InstantRenderer()
    renderer.failure = StudioError("The model is damaged.", "Import it again.")
    thread = open_thread(lambda: renderer)
    heard = Heard(thread)
    thread.submit(request(1))
    qtbot.waitUntil(lambda: bool(heard.failures))
    assert heard.failures == [RenderFailure(1, "The model is damaged.", "Import it again.")]
    renderer.failure = None
    thread.submit(request(2))
    qtbot.waitUntil(lambda: heard.photos == [2])


@pytest.mark.parametrize("failure", [MemoryShortage("Not enough memory."), MemoryError()])
def test_memory_shortage_is_marked(open_thread: Open, qtbot: QtBot, failure: Exception) -> None:
    renderer = InstantRenderer()
    renderer.failure = failure
    thread = open_thread(lambda: renderer)
    heard = Heard(thread)
    thread.submit(request(1))
    qtbot.waitUntil(lambda: bool(heard.failures))
    assert heard.failures[0].is_memory_shortage
    assert "memory" in heard.failures[0].message


def test_an_unexpected_error_is_logged_and_told_in_general(
    open_thread: Open, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    renderer = InstantRenderer()
    renderer.failure = ZeroDivisionError("secret detail")
    thread = open_thread(lambda: renderer)
    heard = Heard(thread)
    with caplog.at_level(logging.ERROR):
        thread.submit(request(1))
        qtbot.waitUntil(lambda: bool(heard.failures))
    assert "secret" not in heard.failures[0].message
    assert "ZeroDivisionError" in caplog.text and "Traceback" in caplog.text


def test_an_engine_that_does_not_open_is_tried_again(open_thread: Open, qtbot: QtBot) -> None:
    attempts: list[int] = []

    def open_renderer() -> Renderer:
        attempts.append(1)
        if len(attempts) < 3:
            raise StudioError("The engine is missing.")
        return InstantRenderer()

    thread = open_thread(open_renderer)
    heard = Heard(thread)
    qtbot.waitUntil(lambda: len(heard.failures) == 1)
    thread.submit(request(1))
    qtbot.waitUntil(lambda: len(heard.failures) == 2)
    thread.submit(request(2))
    qtbot.waitUntil(lambda: heard.photos == [2])


def test_closing_abandons_the_render_in_work(qtbot: QtBot) -> None:
    renderer = GatedRenderer()
    thread = SynthesisThread(lambda: renderer)
    heard = Heard(thread)
    thread.start()
    thread.submit(request(1))
    renderer.wait_entered()
    opener = threading.Timer(0.0, renderer.let_through)
    opener.start()
    assert thread.close()
    opener.join(PATIENCE)
    assert not thread.is_running
    assert heard.photos == []


def test_nothing_is_taken_after_closing(open_thread: Open, qtbot: QtBot) -> None:
    renderer = InstantRenderer()
    thread = open_thread(lambda: renderer)
    assert thread.close()
    thread.submit(request(1))
    assert renderer.requests == []
