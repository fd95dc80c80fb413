"""The thread for work beside the photo: finding styles, reading photos, judging. Painting and rendering go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.core.work.jobs import Job, JobCancelled, Workshop, no_workshop
from oasis_studio.errors import StudioError


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
        self._workshop: Workshop | None = None
        """The thread's; nobody else touches it."""
        self._worker = BackgroundWorker("jobs", parent=self)
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
        return self._worker.close()

    def _next(self) -> None:
        while self._current is None and self._waiting and not self._is_closed:
            task = self._waiting.popleft()
            if not task.is_wanted:
                self._end(task, task.cancelled.emit)
                continue
            self._current = task
            self._worker.run(partial(self._work, task), partial(self._take, task), partial(self._fail, task))
            self.activity_changed.emit()

    def _work(self, task: Task) -> object:
        """In the thread: the answer, or the task itself if it was given up."""
        if self._workshop is None:
            self._workshop = self._open_workshop()
        progress = partial(self._worker.report, partial(self._tell_progress, task))
        try:
            return self._workshop.work(task.job, progress, partial(_is_stale, task))
        except JobCancelled:
            return task

    def _tell_progress(self, task: Task, value: object) -> None:
        if task.is_wanted:
            task.progressed.emit(value)

    def _take(self, task: Task, answer: object) -> None:
        is_given_up = answer is task or not task.is_wanted
        self._go_on(task, task.cancelled.emit if is_given_up else partial(task.finished.emit, answer))

    def _fail(self, task: Task, error: StudioError) -> None:
        self._go_on(task, partial(task.failed.emit, error) if task.is_wanted else task.cancelled.emit)

    def _go_on(self, task: Task, tell: Callable[[], object]) -> None:
        self._current = None
        self._end(task, tell)
        self._next()
        self.activity_changed.emit()

    def _end(self, task: Task, tell: Callable[[], object]) -> None:
        task.is_over = True
        tell()
        task.deleteLater()


def _is_stale(task: Task) -> bool:
    return not task.is_wanted
