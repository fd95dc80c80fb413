"""What holds for every test: folders of its own, no display, and nothing left running."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before the first Qt object
if "PYTEST_XDIST_WORKER" in os.environ:  # every core has its worker already; read when the libraries are loaded
    for variable in ("OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
        os.environ.setdefault(variable, "1")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts jobs with "&": programs under test inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

PATIENCE_SECONDS = 2.0
"""How long something may take to end after its test."""


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home for models, settings, runs, autosave and logs: no test meets another's or the person's."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("OASIS_STUDIO_HOME", str(folder))
    for variable in ("OASIS_STUDIO_LANGUAGE", "LANGUAGE"):  # whatever this machine speaks
        monkeypatch.setenv(variable, "en")
    return folder


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a Python thread, a QThread or an active QTimer behind."""
    threads = set(threading.enumerate())
    started: list[weakref.ref[Any]] = []
    if "PySide6.QtCore" in sys.modules:
        record_starts(monkeypatch, started)
    yield
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := [*left_threads(threads), *left_qt(started)]) and time.monotonic() < deadline:
        process_qt_events()
        time.sleep(0.01)
    if left:
        pytest.fail("left running: " + ", ".join(sorted(left)))


def record_starts(monkeypatch: pytest.MonkeyPatch, started: list[weakref.ref[Any]]) -> None:
    """Remember every QThread and QTimer that is started, without keeping it alive."""
    from PySide6.QtCore import QThread, QTimer

    def recording(start: Any) -> Any:
        def start_and_remember(self: Any, *arguments: Any) -> Any:
            started.append(weakref.ref(self))
            return start(self, *arguments)

        return start_and_remember

    for kind in (QThread, QTimer):
        monkeypatch.setattr(kind, "start", recording(kind.start))


def left_threads(before: set[threading.Thread]) -> list[str]:
    """Names of the Python threads that were not there before. Dummies are threads of C++ seen from Python."""
    now = set(threading.enumerate()) - before
    return [f"thread {thread.name!r}" for thread in now if not isinstance(thread, threading._DummyThread)]


def left_qt(started: list[weakref.ref[Any]]) -> list[str]:
    """What is still running of the Qt objects that were started."""
    if not started:
        return []
    from PySide6.QtCore import QThread
    from shiboken6 import isValid

    left = []
    for reference in started:
        thing = reference()
        if thing is None or not isValid(thing):
            continue
        is_active = thing.isRunning() if isinstance(thing, QThread) else thing.isActive()
        if is_active:
            left.append(f"{type(thing).__name__} {thing.objectName()!r} of {type(thing.parent()).__name__}")
    return left


def process_qt_events() -> None:
    """Let closed windows be deleted and finished threads say so."""
    if "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
