"""Copies of unsaved work, written behind the window while the person paints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from oasis_studio.app.session.gradual_copy import GradualCopy
from oasis_studio.app.session.session import Session
from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.core.document.document import Document
from oasis_studio.core.files.projects import autosave
from oasis_studio.core.files.projects.autosave import Autosave, Labelled
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

INTERVAL_MS = 60_000
STEPS = 50
"""After so many steps a copy is written without waiting for the minute."""


@dataclass(frozen=True, eq=False)
class _Copy:
    """What to write, in arrays that nobody paints; ``replaces`` is the key of older copies that then may go."""

    autosave: Autosave
    document: Document
    source: Path | None
    title: str
    image_HW3: np.ndarray | None
    labelled: Labelled | None
    replaces: str

    def write(self) -> None:
        self.autosave.save(self.document, self.source, self.title, self.image_HW3, self.labelled)
        if self.replaces:
            autosave.discard(self.autosave.folder, self.replaces)


class Autosaver(QObject):
    """Watches the session; ``photo`` gives the last photo or None. Never writes over the person's file."""

    saved = Signal()
    failed = Signal(object)
    """StudioError: there is no new copy; the next attempt comes by itself."""

    def __init__(self, session: Session, photo: Callable[[], np.ndarray | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._photo = photo
        self.labelled: Callable[[], Labelled | None] = lambda: None
        """Which photo the drawing is the label map of, if it is one."""
        self._autosave = Autosave()
        self._gone: list[Autosave] = []
        self._steps = 0
        self._has_copies = False
        self._is_writing = False
        self._is_late = False
        """Was it time for a copy while the pen was down?"""
        self._replaces = ""
        self._copy = GradualCopy(session, self)
        self._copy.finished.connect(self._write)
        self._copy.failed.connect(self._tell_refused)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._save_in_time)
        self._worker = BackgroundWorker("autosave", _("No copy of your unsaved work could be written."), self)
        session.document_opened.connect(self.forget)
        session.history_changed.connect(self._count_step)
        session.stroke_ended.connect(self._save_late)

    def start(self) -> None:
        self._timer.start()

    def set_interval(self, seconds: int) -> None:
        """How long unsaved work may go without a copy."""
        self._timer.setInterval(1000 * seconds)

    def close(self) -> None:
        """End the thread; copies stay unless :meth:`forget` was called before."""
        self._timer.stop()
        self._copy.stop()
        self._worker.close()
        for gone in self._gone:
            gone.discard()

    def save_now(self) -> None:
        """Copy the drawing if it has unsaved steps, no stroke is open and no copy is on its way."""
        session = self._session
        if not self._steps or session.has_open_stroke or self._is_writing:
            return
        self._steps = 0
        self._is_writing = self._has_copies = True
        self._copy.start()

    @Slot(object)
    def _write(self, document: Document) -> None:
        session, image = self._session, self._photo()
        if image is not None and image.shape[:2] != (document.height, document.width):
            image = None
        about = session.path, session.title, image, self.labelled()
        copy = _Copy(self._autosave, document, *about, self._replaces)
        self._worker.run(copy.write, partial(self._tell_written, copy), self._tell_refused)

    def take_over(self, key: str) -> None:
        """The open drawing was recovered from those copies: they go as soon as there is one of its own."""
        self._replaces = key
        self._steps = max(self._steps, 1)
        self.save_now()

    @Slot()
    def forget(self) -> None:
        """The drawing was saved or given up: its copies go, and what comes next gets copies of its own."""
        self._steps = 0
        if self._copy.is_running:
            self._copy.stop()
            self._is_writing = False
        if self._replaces:
            autosave.discard(self._autosave.folder, self._replaces)
            self._replaces = ""
        if self._has_copies:
            self._gone.append(self._autosave)
            self._worker.run(self._autosave.discard)
            self._autosave = Autosave()
            self._has_copies = False

    @Slot()
    def _count_step(self) -> None:
        if not self._session.is_modified:
            self.forget()
            return
        self._steps += 1
        if self._steps >= STEPS:
            self.save_now()

    @Slot()
    def _save_in_time(self) -> None:
        self._is_late = self._session.has_open_stroke
        self.save_now()

    @Slot()
    def _save_late(self) -> None:
        if self._is_late:
            self._save_in_time()

    def _tell_written(self, copy: _Copy, _written: object) -> None:
        self._is_writing = False
        if copy.replaces == self._replaces:
            self._replaces = ""
        self.saved.emit()

    @Slot(object)
    def _tell_refused(self, error: StudioError) -> None:
        self._is_writing = False
        if self._session.is_modified:
            self._steps += 1
        self.failed.emit(error)
