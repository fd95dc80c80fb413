"""The one long-lived thread in which photos are rendered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QThread, Signal, Slot

from oasis_studio.app.mailbox import FIRST_ASIDE, Mailbox
from oasis_studio.core.request import Renderer, SynthesisCancelled, SynthesisRequest, SynthesisResult
from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

CLOSE_PATIENCE_MS = 30_000
"""How long closing waits for the block that is being computed."""


@dataclass(frozen=True)
class RenderFailure:
    """Why a render gave no photo, in words for the person. ``request_id`` is -1 when the engine did not start."""

    request_id: int
    message: str
    hint: str = ""
    is_memory_shortage: bool = False


class SynthesisThread(QObject):
    """Renders the newest request; results and failures arrive as signals in the thread that owns this object.

    ``open_renderer`` runs inside the thread, so that the slow import of the engine happens behind the window.
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
    _woken = Signal()

    def __init__(self, open_renderer: Callable[[], Renderer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox()
        self._thread = QThread()
        self._thread.setObjectName("synthesis")
        self._worker = _Worker(open_renderer, self._mailbox)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.open)
        self._woken.connect(self._worker.drain)
        self._worker.opened.connect(self._tell_opened)
        self._worker.rendered.connect(self._tell_rendered)
        self._worker.failed.connect(self._tell_failed)
        self._worker.abandoned.connect(self._tell_abandoned)

    @property
    def is_running(self) -> bool:
        return self._thread.isRunning()

    def start(self) -> None:
        """Start the thread and open the renderer in it."""
        self._thread.start()

    def submit(self, request: SynthesisRequest) -> None:
        """Ask for a render; whatever was asked before and is not finished is dropped. Never waits."""
        self._mailbox.put(request)
        self._woken.emit()

    def submit_aside(self, request: SynthesisRequest) -> None:
        """Ask for a render that may wait; its id is FIRST_ASIDE or more. It is abandoned for any other."""
        self._mailbox.put_aside(request)
        self._woken.emit()

    def drop_aside(self) -> None:
        """Give up what was asked for so."""
        self._mailbox.drop_aside()

    def close(self) -> bool:
        """Abandon the work and end the thread; False if it did not end in time."""
        self._mailbox.close()
        self._thread.quit()
        if not self._thread.wait(CLOSE_PATIENCE_MS):
            log.error("the rendering thread did not end within %d ms", CLOSE_PATIENCE_MS)
            return False
        return True

    # Cross-thread connections end in these slots, which run in the thread that owns this object.
    @Slot()
    def _tell_opened(self) -> None:
        self.opened.emit()

    @Slot(object)
    def _tell_rendered(self, result: SynthesisResult) -> None:
        (self.rendered_aside if result.id >= FIRST_ASIDE else self.rendered).emit(result)

    @Slot(object)
    def _tell_failed(self, failure: RenderFailure) -> None:
        (self.failed_aside if failure.request_id >= FIRST_ASIDE else self.failed).emit(failure)

    @Slot(object)
    def _tell_abandoned(self, request_id: int) -> None:
        (self.abandoned_aside if request_id >= FIRST_ASIDE else self.abandoned).emit(request_id)


class _Worker(QObject):
    """Lives in the thread and owns the renderer."""

    opened = Signal()
    rendered = Signal(object)
    failed = Signal(object)
    abandoned = Signal(object)

    def __init__(self, open_renderer: Callable[[], Renderer], mailbox: Mailbox) -> None:
        super().__init__()
        self._open_renderer = open_renderer
        self._mailbox = mailbox
        self._renderer: Renderer | None = None

    @Slot()
    def open(self) -> None:
        """Open the renderer; a failure is told, and the next request tries again."""
        try:
            self._renderer = self._open_renderer()
        except Exception as error:  # a border: nothing may escape into Qt's event loop
            self.failed.emit(describe(error, -1))
        else:
            self.opened.emit()

    @Slot()
    def drain(self) -> None:
        """Render until the mailbox is empty."""
        while (request := self._mailbox.take()) is not None:
            if self._renderer is None:
                self.open()
            if self._renderer is None:
                return
            self._render(self._renderer, request)

    def _render(self, renderer: Renderer, request: SynthesisRequest) -> None:
        try:
            result = renderer.render(request, partial(self._mailbox.is_stale, request.id))
        except SynthesisCancelled:
            self.abandoned.emit(request.id)
        except Exception as error:  # a border: nothing may escape into Qt's event loop
            self.failed.emit(describe(error, request.id))
        else:
            self.rendered.emit(result)


def describe(error: Exception, request_id: int) -> RenderFailure:
    """What to tell the person about ``error``; an unexpected one goes to the log with its traceback."""
    if isinstance(error, StudioError):
        if error.detail:
            log.info("render failed: %s", error.detail)
        return RenderFailure(request_id, error.message, error.hint, isinstance(error, MemoryShortage))
    if isinstance(error, MemoryError):
        return RenderFailure(
            request_id, _("There is not enough memory to render this photo."), _("Try a smaller photo."), True
        )
    log.error("unexpected error while rendering", exc_info=error)
    return RenderFailure(
        request_id, _("The photo could not be rendered."), _("The log file has the details (Help > Show log).")
    )
