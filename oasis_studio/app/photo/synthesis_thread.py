"""The one long-lived thread in which photos are rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.app.work.mailbox import FIRST_ASIDE, Mailbox
from oasis_studio.core.work.request import Renderer, SynthesisCancelled, SynthesisRequest, SynthesisResult
from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.i18n import _


@dataclass(frozen=True)
class RenderFailure:
    """Why a render gave no photo, in words for the person. ``request_id`` is -1 when the engine did not start."""

    request_id: int
    message: str
    hint: str = ""
    is_memory_shortage: bool = False

    @classmethod
    def of(cls, request_id: int, error: StudioError) -> RenderFailure:
        return cls(request_id, error.message, error.hint, isinstance(error, MemoryShortage))


class SynthesisThread(QObject):
    """Renders the newest request; results and failures arrive as signals in the thread that owns this object.

    Of every request that reaches the renderer exactly one of three ends is told: its photo, why there is none, or that
    it was abandoned. ``open_renderer`` is called inside the thread, so that the slow import of the engine happens
    behind the window; if it fails, the next request tries again.
    """

    opened = Signal()
    rendered = Signal(object)
    """SynthesisResult."""
    failed = Signal(object)
    """RenderFailure."""
    abandoned = Signal(object)
    """Id of a request whose work went stale."""
    rendered_aside = Signal(object)
    failed_aside = Signal(object)
    abandoned_aside = Signal(object)
    """As the three before, for renders that may wait."""

    def __init__(self, open_renderer: Callable[[], Renderer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_renderer = open_renderer
        self._renderer: Renderer | None = None
        self._mailbox = Mailbox()
        self._worker = BackgroundWorker("synthesis", _("The photo could not be rendered."), self, is_urgent=True)
        self._is_started = False

    @property
    def is_running(self) -> bool:
        return self._worker.is_running

    def start(self) -> None:
        """Start the thread and open the renderer in it; then what was asked before now is rendered."""
        self._is_started = True
        self._worker.run(self._open, self._tell_opened, partial(self._tell_failure, -1))
        for _each in range(2):  # a request, and one that may wait
            self._worker.run(self._render_next)

    def submit(self, request: SynthesisRequest) -> None:
        """Ask for a render; whatever was asked before and is not finished is dropped. Never waits."""
        self._mailbox.put(request)
        self._wake()

    def submit_aside(self, request: SynthesisRequest) -> None:
        """Ask for a render that may wait; its id is FIRST_ASIDE or more. It is abandoned for any other."""
        self._mailbox.put_aside(request)
        self._wake()

    def drop_aside(self) -> None:
        """Give up what was asked for so."""
        self._mailbox.drop_aside()

    def close(self) -> bool:
        """Abandon the work and end the thread; False if it did not end in time."""
        self._mailbox.close()
        has_ended = self._worker.close()
        if has_ended:
            self._renderer = None
        return has_ended

    def _wake(self) -> None:
        if self._is_started:
            self._worker.run(self._render_next)

    # -- in the thread ------------------------------------------------------------------------------------------

    def _open(self) -> Renderer:
        if self._renderer is None:
            self._renderer = self._open_renderer()
        return self._renderer

    def _render_next(self) -> None:
        """Render what waits in the mailbox, if anything does: a newer request may have taken an older one's place."""
        request = self._mailbox.take()
        if request is not None:
            ends = partial(self._tell_end, request.id), partial(self._tell_failure, request.id)
            self._worker.attempt(partial(self._render, request), *ends)

    def _render(self, request: SynthesisRequest) -> SynthesisResult | None:
        """The photo; None if nobody waits for it any more."""
        try:
            return self._open().render(request, partial(self._mailbox.is_stale, request.id))
        except SynthesisCancelled:
            return None

    # -- in the thread that owns this object --------------------------------------------------------------------

    def _tell_opened(self, _renderer: Renderer) -> None:
        self.opened.emit()

    def _tell_end(self, request_id: int, result: SynthesisResult | None) -> None:
        is_aside = request_id >= FIRST_ASIDE
        if result is None:
            (self.abandoned_aside if is_aside else self.abandoned).emit(request_id)
        else:
            (self.rendered_aside if is_aside else self.rendered).emit(result)

    def _tell_failure(self, request_id: int, error: StudioError) -> None:
        failed = self.failed_aside if request_id >= FIRST_ASIDE else self.failed
        failed.emit(RenderFailure.of(request_id, error))
