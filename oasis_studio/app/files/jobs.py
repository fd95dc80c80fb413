"""Files written behind the window, one after the other, while the person paints on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.session.gradual_copy import GradualCopy
from oasis_studio.app.session.session import Session
from oasis_studio.app.work.background import BackgroundWorker, as_told
from oasis_studio.core.document.document import Document
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Work = Callable[[], object]
Done = Callable[[StudioError | None], object]


@dataclass(frozen=True, eq=False)
class _Job:
    title: str
    prepare: Callable[[Document], Work] | None
    done: Done
    work: Work = bool
    """What to do where no copy of the drawing is needed."""


class FileJobs(QObject):
    """Every job gets a copy of the drawing that nobody paints; ``done`` is called in the window's thread."""

    activity_changed = Signal(str)
    """What is being written, "" when all is done."""
    idle = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[_Job] = deque()
        self._current: _Job | None = None
        self._is_copying = False
        self._copy = GradualCopy(session, self)
        self._copy.finished.connect(self._begin)
        self._copy.failed.connect(self._end)
        session.document_opened.connect(self._give_up)
        self._worker = BackgroundWorker("files", _("The file could not be written."), self)

    @property
    def is_busy(self) -> bool:
        return self._current is not None

    def write(self, title: str, prepare: Callable[[Document], Work], done: Done) -> None:
        """Copy the drawing, call ``prepare`` with the copy (in the window's thread), and what it gives in the other.

        The copy is the drawing as it is at the moment of ``prepare``: strokes that begin later are not in it.
        """
        self._waiting.append(_Job(title, prepare, done))
        self._go_on()

    def write_now(self, title: str, work: Work, done: Done) -> None:
        """Call ``work``, which needs no drawing, in the other thread."""
        self._waiting.append(_Job(title, None, done, work))
        self._go_on()

    def close(self) -> None:
        """Finish what is being written, and end the thread."""
        self._copy.stop()
        self._waiting.clear()
        self._worker.close()

    def _go_on(self) -> None:
        if self._current is None and self._waiting:
            self._current = self._waiting.popleft()
            self.activity_changed.emit(self._current.title)
            if self._current.prepare is None:
                self._submit(self._current.work)
            else:
                self._is_copying = True
                self._copy.start()

    @Slot(object)
    def _begin(self, document: Document) -> None:
        self._is_copying = False
        if self._current is None or self._current.prepare is None:
            return
        try:
            work = self._current.prepare(document)
        except Exception as error:  # the job ends in any case; a fault goes on to the event loop's border
            self._end(as_told(error, _("The file could not be written.")))
            if not isinstance(error, StudioError):
                raise
        else:
            self._submit(work)

    @Slot()
    def _give_up(self) -> None:
        """Another drawing was opened: what would copy the old one is refused."""
        refused = [job for job in self._waiting if job.prepare is not None]
        self._waiting = deque(job for job in self._waiting if job.prepare is None)
        if self._is_copying and self._current is not None:
            refused, self._current, self._is_copying = [self._current, *refused], None, False
        try:
            for job in refused:
                job.done(StudioError(_("Another drawing was opened meanwhile.")))
        finally:
            if refused:
                self._rest_or_go_on()

    def _submit(self, work: Work) -> None:
        self._worker.run(work, lambda _answer: self._end(None), self._end)

    @Slot(object)
    def _end(self, error: StudioError | None) -> None:
        job, self._current, self._is_copying = self._current, None, False
        try:
            if job is not None:
                job.done(error)
        finally:
            self._rest_or_go_on()

    def _rest_or_go_on(self) -> None:
        self._go_on()
        if self._current is None:
            self.activity_changed.emit("")
            self.idle.emit()
