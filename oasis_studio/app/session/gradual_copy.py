"""Copying a large drawing a little at a time, so that the hand never feels it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from oasis_studio.app.session.session import Session
from oasis_studio.app.work.background import as_told
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.i18n import _

_BUDGET_S = 0.008
"""Of each turn of the event loop; a single layer is copied in one go."""
_PAUSE_MS = 100
"""After a stroke, whose photo comes first."""
_MOST_ROUNDS = 5


class GradualCopy(QObject):
    """Everything happens in the window's thread, between events.

    What changes meanwhile is copied again in another round, where layers that stayed the same cost a comparison. A
    person who never pauses gets the last round in one go.
    """

    finished = Signal(object)
    """The Document as it is at this moment, in arrays that nobody paints."""
    failed = Signal(object)
    """StudioError: there is no copy, usually for want of memory."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._copies: dict[int, np.ndarray] = {}
        self._todo: list[LabelLayer] = []
        self._rounds = 0
        self._is_stale = False
        self._is_running = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        for signal in (session.labels_changed, session.layers_changed, session.history_changed):
            signal.connect(self._mark_stale)
        session.document_opened.connect(self.stop)
        session.stroke_ended.connect(self._rest)

    @property
    def is_running(self) -> bool:
        return self._is_running

    def start(self) -> None:
        """Copy the session's document; nothing happens if that is under way."""
        if not self.is_running:
            self._rounds = 0
            self._is_running = True
            self._begin_round()
            self._timer.start(0)

    @Slot()
    def stop(self) -> None:
        """Forget what was copied."""
        self._timer.stop()
        self._is_running = False
        self._copies, self._todo = {}, []

    def _begin_round(self) -> None:
        self._todo = list(self._session.document.layers)
        self._is_stale = False
        self._rounds += 1

    @Slot()
    def _rest(self) -> None:
        if self._is_running and not self._timer.isActive():
            self._timer.start(_PAUSE_MS)

    @Slot()
    def _mark_stale(self) -> None:
        self._is_stale = True

    @Slot()
    def _go_on(self) -> None:
        try:
            self._copy_some()
        except Exception as error:  # who waits hears of it; a fault goes on to the event loop's border
            self.stop()
            self.failed.emit(as_told(error, _("The drawing could not be copied.")))
            if not isinstance(error, MemoryError):
                raise

    def _copy_some(self) -> None:
        if self._session.has_open_stroke:
            self._timer.stop()
            return
        self._timer.setInterval(0)
        if self._is_stale and not self._todo:
            self._begin_round()
        has_time = self._rounds < _MOST_ROUNDS
        if not has_time and self._is_stale:
            self._begin_round()
        started = time.monotonic()
        while self._todo:
            self._take(self._todo.pop())
            if has_time and time.monotonic() - started > _BUDGET_S:
                break
        if not self._todo and not self._is_stale:
            self._end()

    def _take(self, layer: LabelLayer) -> None:
        copy = self._copies.get(layer.id)
        if copy is None or copy.shape != layer.labels.shape:
            self._copies[layer.id] = layer.labels.copy()
        elif not np.array_equal(copy, layer.labels):
            np.copyto(copy, layer.labels)

    def _end(self) -> None:
        document = self._session.document
        layers = [replace(layer, labels=self._copies[layer.id]) for layer in document.layers]
        self.stop()
        copied: Document = replace(document, layers=layers)
        self.finished.emit(copied)
