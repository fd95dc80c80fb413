"""From the document to the photo on the screen: requests out, results in."""

from __future__ import annotations

import time
from itertools import count

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from oasis_studio.app.photo.pacing import RenderPacer
from oasis_studio.app.photo.refining import Refinement
from oasis_studio.app.photo.requests import build_request
from oasis_studio.app.photo.synthesis_thread import RenderFailure, SynthesisThread
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.lock import with_locks
from oasis_studio.core.work.request import Quality, SynthesisRequest, SynthesisResult

_SMALLEST_SIDE = 64
_AT_ONCE_MS = 5.0


class PhotoFeed(QObject):
    """Keeps ``image_HW3`` (uint8, the document's size, or None) as close behind the labels as the engine allows.

    Locked pixels are pasted into every photo, previews included, before anybody sees or saves it.
    """

    photo_shown = Signal()
    """``image_HW3`` is another one."""
    activity_changed = Signal(bool)
    """True: a photo is being rendered."""
    failed = Signal(object)
    """RenderFailure; the last photo stays."""

    def __init__(self, session: Session, thread: SynthesisThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thread = thread
        self._pacer = RenderPacer()
        self._refinement = Refinement()
        self._better: Quality | None = None
        self._asked: SynthesisRequest | None = None
        self._ids = count(1)
        self._shown_id = 0
        self._shrink = 1
        self._was_busy = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._pump)
        self._rendered_HW3: np.ndarray | None = None
        """Without the locked pixels, so that a lock can be opened; None where the photo came with a file."""
        self.image_HW3: np.ndarray | None = None
        self.is_current = False
        """Does the photo show the drawing as it is now, if perhaps not as well as it could?"""
        self.device = ""
        self.milliseconds: float | None = None
        session.document_opened.connect(self._reset)
        session.document_resized.connect(self._reset)
        session.render_wanted.connect(self.request)
        session.locks_changed.connect(self._show_locks)
        thread.rendered.connect(self._take)
        thread.failed.connect(self._fail)
        thread.abandoned.connect(self._abandon)

    @property
    def is_rendering(self) -> bool:
        return self._pacer.is_busy

    @property
    def can_shrink(self) -> bool:
        """Is there a smaller photo to try?"""
        document = self._session.document
        return min(document.width, document.height) // (2 * self._shrink) >= _SMALLEST_SIDE

    def show(self, image_HW3: np.ndarray | None) -> None:
        """Show a photo that was rendered earlier (it came with a file) until there is a new one."""
        if image_HW3 is not None and not self._fits(image_HW3):
            image_HW3 = None
        self.image_HW3, self._rendered_HW3 = image_HW3, None
        self.is_current = image_HW3 is not None
        self.photo_shown.emit()

    @Slot(bool)
    def request(self, is_urgent: bool = True) -> None:
        """Ask for a new photo of the document as it is now."""
        self.is_current = False
        if self._session.card is None and is_urgent:
            self._session.look_for_model()
        if self._session.card is None:
            self._report_missing_model(is_urgent)
            return
        self._pacer.ask(is_urgent)
        self._pump()

    def request_smaller(self) -> None:
        """Render at half the size from now on; the photo is stretched to the document."""
        self._shrink *= 2
        self.request()

    @Slot()
    def _pump(self) -> None:
        now = time.monotonic()
        delay = self._pacer.delay(now)
        if delay is not None and delay > 0:
            self._timer.start(max(1, round(delay * 1000)))
        elif delay is not None:
            self._asked = request = self._build(self._next_quality())
            if request is not None:
                self._pacer.start(request.id, now)
                self._thread.submit(request)
        self._tell_activity()

    def _next_quality(self) -> Quality:
        if self._pacer.is_wanted or self._better is None:
            return self._refinement.first()
        return self._better

    def _build(self, quality: Quality) -> SynthesisRequest | None:
        session = self._session
        if session.card is None:
            self._pacer.clear()
            return None
        return build_request(session, session.styling, next(self._ids), quality, self._shrink)

    @Slot(object)
    def _take(self, result: SynthesisResult) -> None:
        self._pacer.finish(result.id)
        if result.id > self._shown_id:
            self._shown_id = result.id
            old, self._rendered_HW3 = self._rendered_HW3, self._stretched(result.image_HW3)
            self.image_HW3 = self._locked(self._rendered_HW3)
            is_newest = self._asked is not None and self._asked.id == result.id
            self.is_current = is_newest and not self._pacer.is_wanted
            self.device = result.device
            milliseconds = _milliseconds(result)
            is_same = milliseconds < _AT_ONCE_MS and old is not None and np.array_equal(old, self._rendered_HW3)
            if self.milliseconds is None or not is_same:  # to find that nothing changed is no render
                self.milliseconds = milliseconds
            self._plan_better(result)
            self.photo_shown.emit()
        self._pump()

    def _plan_better(self, result: SynthesisResult) -> None:
        """After a photo that is not whole, and with nothing newer to show, the same one again, but better."""
        if self._asked is None or self._asked.id != result.id or self._pacer.is_wanted:
            return
        is_complete = not self._session.has_open_stroke
        step = self._refinement.after(self._asked.quality, result.is_partial, _milliseconds(result), is_complete)
        if step is not None:
            self._better, rest = step
            self._pacer.refine(time.monotonic() + rest)

    @Slot(object)
    def _fail(self, failure: RenderFailure) -> None:
        if failure.request_id < 0:
            self._pacer.clear()
        self._pacer.finish(failure.request_id)
        if failure.request_id < 0 or failure.request_id > self._shown_id:
            self.failed.emit(failure)
        self._pump()

    @Slot(object)
    def _abandon(self, request_id: int) -> None:
        self._pacer.finish(request_id)
        self._pump()

    @Slot()
    def _reset(self) -> None:
        """Another document: nothing that is under way belongs to it."""
        self._shown_id = next(self._ids)
        self._pacer.clear()
        self._shrink = 1
        self.show(None)

    def _locked(self, image_HW3: np.ndarray) -> np.ndarray:
        """The image with the locked pixels in it."""
        return with_locks(image_HW3, self._session.document.locks.values())

    @Slot()
    def _show_locks(self) -> None:
        """Locks changed: the photo is put together anew, or rendered where nobody knows what is behind them."""
        if self._rendered_HW3 is None:
            self.request()
        elif self._fits(self._rendered_HW3):
            self.image_HW3 = self._locked(self._rendered_HW3)
            self.photo_shown.emit()

    def _fits(self, image_HW3: np.ndarray) -> bool:
        return image_HW3.shape[:2] == (self._session.document.height, self._session.document.width)

    def _report_missing_model(self, is_urgent: bool) -> None:
        problem = self._session.card_problem
        if is_urgent and problem is not None:
            self.failed.emit(RenderFailure(-1, problem.message, problem.hint))

    def _stretched(self, image_HW3: np.ndarray) -> np.ndarray:
        size = (self._session.document.width, self._session.document.height)
        if (image_HW3.shape[1], image_HW3.shape[0]) == size:
            return image_HW3
        return np.asarray(Image.fromarray(image_HW3).resize(size, Image.Resampling.BICUBIC))

    def _tell_activity(self) -> None:
        if self.is_rendering != self._was_busy:
            self._was_busy = self.is_rendering
            self.activity_changed.emit(self._was_busy)


def _milliseconds(result: SynthesisResult) -> float:
    return 1000 * result.seconds.get("render", sum(result.seconds.values()))
