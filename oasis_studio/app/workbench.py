"""The thread for work beside the photo: finding styles, reading photos, judging. Painting and rendering go on."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Lock

from PySide6.QtCore import QObject, QThread, Signal, Slot

from oasis_studio.core.jobs import Job, JobCancelled, Workshop, no_workshop
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

CLOSE_PATIENCE_MS = 30_000


class Task(QObject):
    """A job that was asked for; its signals come in the thread that asked. Exactly one of the last three comes."""

    progressed = Signal(object)
    finished = Signal(object)
    """The answer."""
    failed = Signal(object)
    """StudioError."""
    cancelled = Signal()

    def __init__(self, job: Job, is_live: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.job = job
        self.is_live = is_live
        self.is_over = False
        self.is_wanted = True

    def cancel(self) -> None:
        """Give the work up; ``cancelled`` comes when it has stopped."""
        self.is_wanted = False


class Workbench(QObject):
    """One job at a time, in the order they were asked; of *live* ones only the newest counts, and it goes last.

    ``open_workshop`` runs inside the thread, with the first job: until then there is neither thread nor torch.
    """

    activity_changed = Signal()

    def __init__(self, open_workshop: Callable[[], Workshop] = no_workshop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_workshop = open_workshop
        self._bench: _Bench | None = None
        self._waiting: deque[Task] = deque()
        self._current: Task | None = None
        self._is_closed = False

    @property
    def current(self) -> Task | None:
        """What is being worked on."""
        return self._current

    def start(self, job: Job, is_live: bool = False) -> Task:
        """Ask for a job. Live ones that were asked before and are not finished are given up."""
        task = Task(job, is_live, self)
        if is_live:
            for older in [*self._waiting, *([self._current] if self._current else [])]:
                if older.is_live:
                    older.cancel()
            self._waiting.append(task)
        else:
            place = next((index for index, other in enumerate(self._waiting) if other.is_live), len(self._waiting))
            self._waiting.insert(place, task)
            if self._current is not None and self._current.is_live:
                self._current.cancel()
        self._next()
        return task

    def close(self) -> bool:
        """Give everything up and end the thread; False if it did not end in time."""
        self._is_closed = True
        for task in [*self._waiting, *([self._current] if self._current else [])]:
            task.cancel()
        self._waiting.clear()
        return self._bench is None or self._bench.close()

    def _next(self) -> None:
        while self._current is None and self._waiting and not self._is_closed:
            task = self._waiting.popleft()
            if not task.is_wanted:
                self._end(task, task.cancelled.emit)
                continue
            self._current = task
            if self._bench is None:
                self._bench = _Bench(self._open_workshop, self)
                self._bench.told.connect(self._take)
            self._bench.put(task.job, partial(_is_stale, task))
            self.activity_changed.emit()

    @Slot(str, object)
    def _take(self, kind: str, value: object) -> None:
        task = self._current
        if task is None:
            return
        if kind == "progress":
            if task.is_wanted:
                task.progressed.emit(value)
            return
        self._current = None
        if kind == "cancelled" or not task.is_wanted:
            self._end(task, task.cancelled.emit)
        else:
            signal = task.finished if kind == "finished" else task.failed
            self._end(task, partial(signal.emit, value))
        self._next()
        self.activity_changed.emit()

    def _end(self, task: Task, tell: Callable[[], object]) -> None:
        task.is_over = True
        tell()
        task.deleteLater()


class _Bench(QObject):
    """The thread, and the way to it and back."""

    told = Signal(str, object)
    _woken = Signal()

    def __init__(self, open_workshop: Callable[[], Workshop], parent: QObject) -> None:
        super().__init__(parent)
        self._box = _Box()
        self._thread = QThread()
        self._thread.setObjectName("jobs")
        self._worker = _Worker(open_workshop, self._box)
        self._worker.moveToThread(self._thread)
        self._woken.connect(self._worker.work)
        self._worker.told.connect(self._pass_on)
        self._thread.start(QThread.Priority.LowPriority)

    def put(self, job: Job, is_stale: Callable[[], bool]) -> None:
        self._box.put(job, is_stale)
        self._woken.emit()

    def close(self) -> bool:
        self._thread.quit()
        if not self._thread.wait(CLOSE_PATIENCE_MS):
            log.error("the thread for jobs did not end within %d ms", CLOSE_PATIENCE_MS)
            return False
        return True

    @Slot(str, object)
    def _pass_on(self, kind: str, value: object) -> None:
        self.told.emit(kind, value)


class _Box:
    """Holds the one job on its way into the thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._work: tuple[Job, Callable[[], bool]] | None = None

    def put(self, job: Job, is_stale: Callable[[], bool]) -> None:
        with self._lock:
            self._work = (job, is_stale)

    def take(self) -> tuple[Job, Callable[[], bool]] | None:
        with self._lock:
            work, self._work = self._work, None
            return work


class _Worker(QObject):
    """Lives in the thread and owns the workshop."""

    told = Signal(str, object)

    def __init__(self, open_workshop: Callable[[], Workshop], box: _Box) -> None:
        super().__init__()
        self._open_workshop = open_workshop
        self._box = box
        self._workshop: Workshop | None = None

    @Slot()
    def work(self) -> None:
        work = self._box.take()
        if work is None:
            return
        job, is_stale = work
        try:
            if self._workshop is None:
                self._workshop = self._open_workshop()
            answer = self._workshop.work(job, partial(self.told.emit, "progress"), is_stale)
        except JobCancelled:
            self.told.emit("cancelled", None)
        except Exception as error:  # a border: nothing may escape into Qt's event loop
            self.told.emit("failed", described(error))
        else:
            self.told.emit("finished", answer)


def described(error: Exception) -> StudioError:
    """What to tell the person about ``error``; an unexpected one goes to the log with its traceback."""
    if isinstance(error, StudioError):
        return error
    if isinstance(error, MemoryError):
        return StudioError(_("There is not enough memory for this."), _("Try a smaller photo or drawing."))
    log.error("unexpected error in a job", exc_info=error)
    return StudioError(_("This could not be done."), _("The log file has the details (Help > Show log)."))


def _is_stale(task: Task) -> bool:
    return not task.is_wanted
