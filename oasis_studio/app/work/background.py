"""Work behind the window: a thread that does one piece of work after the other, with one border for errors.

Rendering, judging, saving, copies of unsaved work, small pictures and animations each have a worker of their own, so
that none waits for another; all of them are this class. Whatever a piece of work raises ends at the border here:

* a StudioError is handed to the one who asked, who tells the person;
* anything else is a fault of the program. It goes to the log with its traceback, the one who asked gets a StudioError
  in its place, and ``threading.excepthook`` is called in the window's thread, where the window shows a banner.

The next piece of work is done in either case.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

CLOSE_PATIENCE_MS = 30_000
"""How long closing waits for the piece of work that is being done."""

Work = Callable[[], Any]
Take = Callable[[Any], object]

_stuck: list[QThread] = []
"""Threads that did not end. Destroying them while they run would abort the whole process."""


def have_all_ended() -> bool:
    """Did every thread end whose worker was closed?"""
    return all(thread.isFinished() for thread in _stuck)


class BackgroundWorker(QObject):
    """Does pieces of work in the order in which they are asked for, in a thread that starts with the first of them.

    Callbacks are called in the thread that this object lives in, through a slot of this object, and never after
    :meth:`close`. A piece of work may call :meth:`report` and :meth:`attempt`, and nothing else of this object.
    """

    _asked = Signal(object)

    def __init__(self, name: str, failure: str = "", parent: QObject | None = None, is_urgent: bool = False) -> None:
        """``name`` is the thread's, for the log. ``failure`` is the sentence for a fault that nobody expected.

        A worker that is not ``is_urgent`` lets the window and urgent workers have the processor first.
        """
        super().__init__(parent)
        self._name = name
        self._priority = QThread.Priority.InheritPriority if is_urgent else QThread.Priority.LowPriority
        self._thread: QThread | None = None
        self._is_closed = False
        self._hand = _Hand(failure or _("This could not be done."))
        self._asked.connect(self._hand.work)
        self._hand.told.connect(self._call)

    @property
    def is_running(self) -> bool:
        """Is there a thread, busy or waiting?"""
        return self._thread is not None and self._thread.isRunning()

    def run(self, work: Work, done: Take | None = None, failed: Take | None = None) -> None:
        """Call ``work`` in the thread, and then ``done`` with what it gave, or ``failed`` with a StudioError.

        After :meth:`close` nothing happens.
        """
        if self._is_closed:
            return
        if self._thread is None:
            self._thread = QThread()
            self._thread.setObjectName(self._name)
            self._hand.moveToThread(self._thread)
            self._thread.start(self._priority)
        self._asked.emit(_Piece(work, done or _nobody, failed or _nobody))

    def report(self, take: Take, value: object) -> None:
        """For a piece of work on its way: have ``take`` called with ``value``, before its end is told."""
        self._hand.told.emit(take, value)

    def attempt(self, work: Work, done: Take, failed: Take) -> None:
        """For a piece of work that decides what else is to be done: do it at once, with callbacks of its own."""
        self._hand.work(_Piece(work, done, failed))

    def close(self) -> bool:
        """Finish the piece of work that is being done, forget the others, and end the thread.

        False if it did not end within CLOSE_PATIENCE_MS; it is left alone then.
        """
        self._is_closed = True
        self._hand.is_closed = True
        thread = self._thread
        if thread is None or thread.isFinished():
            return True
        if thread in _stuck:
            return False
        thread.quit()
        if not thread.wait(CLOSE_PATIENCE_MS):
            log.error("the thread %r did not end within %d ms", self._name, CLOSE_PATIENCE_MS)
            _stuck.append(thread)
            return False
        return True

    @Slot(object, object)
    def _call(self, take: Take, value: object) -> None:
        if not self._is_closed:
            take(value)


@dataclass(frozen=True, eq=False)
class _Piece:
    work: Work
    done: Take
    failed: Take


class _Hand(QObject):
    """Lives in the thread and does the work."""

    told = Signal(object, object)
    """A callback, and what it is to be called with."""

    def __init__(self, failure: str) -> None:
        super().__init__()
        self._failure = failure
        self.is_closed = False

    @Slot(object)
    def work(self, piece: _Piece) -> None:
        if self.is_closed:
            return
        try:
            value = piece.work()
        except Exception as error:  # noqa: BLE001 - the border: nothing may escape into Qt's event loop
            self.told.emit(piece.failed, as_told(error, self._failure))
            if not _is_expected(error):
                self.told.emit(_announce, error)
        else:
            self.told.emit(piece.done, value)


def as_told(error: Exception, failure: str) -> StudioError:
    """What to tell the person about ``error``; one that nobody expected is logged, and told as ``failure``."""
    if isinstance(error, StudioError):
        if error.detail:
            log.info("%s (%s)", error, error.detail)
        return error
    if isinstance(error, MemoryError):
        log.warning("not enough memory", exc_info=error)
        return MemoryShortage(
            _("There is not enough memory for this."), _("Try a smaller photo or drawing."), repr(error)
        )
    log.critical("unexpected error behind the window", exc_info=error)
    return StudioError(failure, _("The log file has the details (Help > Show log)."), repr(error))


def _is_expected(error: Exception) -> bool:
    return isinstance(error, StudioError | MemoryError)


def _announce(error: Exception) -> None:
    """Let the window know of a fault, as Python lets it know of one in any other thread."""
    threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))


def _nobody(_value: object) -> None:
    """For whom the end of a piece of work is no news."""
