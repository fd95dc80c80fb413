"""Renders beside the photo: variations and frames. Painting comes first, always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.requests import build_request
from oasis_studio.app.photo.synthesis_thread import RenderFailure, SynthesisThread
from oasis_studio.app.session.session import Session
from oasis_studio.app.work.mailbox import FIRST_ASIDE
from oasis_studio.core.document.lock import Lock, with_locks
from oasis_studio.core.models.style_noise import Styling
from oasis_studio.core.work.request import Quality, SynthesisRequest, SynthesisResult
from oasis_studio.errors import StudioError

_REST_MS = 120
"""Of pen and photo, before a render is begun that would be in the way of the next dab."""

Take = Callable[[int, np.ndarray], None]
_ids = count(FIRST_ASIDE)


class AsideRenders(QObject):
    """One row of renders at a time; a new row takes the place of an older one.

    They are the document as it is, in other styles, with the locked pixels in them.
    """

    ended = Signal()
    """All are there, or the row was cancelled or failed."""
    failed = Signal(object)
    """RenderFailure."""

    def __init__(
        self, session: Session, feed: PhotoFeed, thread: SynthesisThread, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._feed, self._thread = session, feed, thread
        self._row: Iterator[Styling] | None = None
        self._take: Take | None = None
        self._next: Styling | None = None
        self._asked: SynthesisRequest | None = None
        self._index = 0
        self._shrink = 1
        self._quality = Quality.PREVIEW
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._pump)
        feed.activity_changed.connect(self._follow_feed)
        session.stroke_ended.connect(self._rest)
        thread.rendered_aside.connect(self._receive)
        thread.failed_aside.connect(self._fail)
        thread.abandoned_aside.connect(self._abandon)
        session.document_opened.connect(self.cancel)
        session.document_resized.connect(self.cancel)

    @property
    def is_running(self) -> bool:
        return self._row is not None

    def run(self, stylings: Iterator[Styling], take: Take, shrink: int = 1, quality: Quality = Quality.PREVIEW) -> None:
        """Render one photo after the other; ``take`` gets the number of each, from 0, and its pixels."""
        self.cancel()
        self._row, self._take, self._index, self._shrink = stylings, take, 0, shrink
        self._quality = quality
        self._pump()

    @Slot()
    def cancel(self) -> None:
        """Give up what is not there yet."""
        self._timer.stop()
        self._thread.drop_aside()
        was_running = self.is_running
        self._row = self._take = self._next = self._asked = None
        if was_running:
            self.ended.emit()

    @Slot()
    def _pump(self) -> None:
        if self._row is None or self._asked is not None:
            return
        if self._session.has_open_stroke or self._feed.is_rendering:
            return  # their end begins the rest
        try:
            if self._next is None:
                self._next = next(self._row, None)
            if self._next is not None:
                self._asked = build_request(self._session, self._next, next(_ids), self._quality, self._shrink)
        except StudioError as error:
            self._end_with(RenderFailure.of(-1, error))
            return
        except BaseException:
            self.cancel()  # who waits for the row hears of its end
            raise
        if self._asked is None:
            self.cancel()
        else:
            self._thread.submit_aside(self._asked)

    @Slot(object)
    def _receive(self, result: SynthesisResult) -> None:
        if self._asked is None or result.id != self._asked.id or self._take is None:
            return
        index, take = self._index, self._take
        self._asked = self._next = None
        self._index += 1
        try:
            take(index, with_locks(result.image_HW3, self._locks()))
        finally:
            self._pump()

    def _locks(self) -> list[Lock]:
        """Those of the document, for a photo of every ``shrink``-th pixel."""
        locks = list(self._session.document.locks.values())
        if self._shrink == 1:
            return locks
        return [thin for lock in locks if (thin := lock.thinned(self._shrink)) is not None]

    @Slot(object)
    def _abandon(self, request_id: int) -> None:
        if self._asked is not None and request_id == self._asked.id:
            self._asked = None  # once more, when there is time
            self._timer.start()

    @Slot(object)
    def _fail(self, failure: RenderFailure) -> None:
        if self._asked is not None and failure.request_id == self._asked.id:
            self._end_with(failure)

    def _end_with(self, failure: RenderFailure) -> None:
        self.failed.emit(failure)
        self.cancel()

    @Slot(bool)
    def _follow_feed(self, is_busy: bool) -> None:
        if not is_busy:
            self._rest()

    @Slot()
    def _rest(self) -> None:
        if self.is_running:
            self._timer.start()
