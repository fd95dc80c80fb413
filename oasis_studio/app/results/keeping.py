"""When photos are kept: when the person says so, and by themselves after decisions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from oasis_studio.app.files.jobs import FileJobs, Work
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.settings import Settings
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.result import Result
from oasis_studio.core.document.style import Brushed
from oasis_studio.core.files.projects.results import digest_of, made_result
from oasis_studio.core.history.history import Command
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.models.card import GENERATOR_FILE
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

log = logging.getLogger(__name__)

_REST_MS = 400
"""A photo of a decision that is not looked at for so long is not kept: seeds that a wheel runs through."""


@dataclass(eq=False)
class _Keeping:
    """One photo on its way. ``drawing`` is the open document; ``made`` what came out, None for one that was there."""

    drawing: Document
    is_automatic: bool
    is_given_up: bool = False
    """The photo was out of date by the time that it could be kept."""
    digest: str = ""
    made: Result | None = None


class ResultKeeper(QObject):
    """Photos are packed behind the window, and only such as show the drawing as it is.

    After a step that changed seed, style or model, and after an export, the photo is kept by itself once it has rested,
    unless it is there already. Strokes keep nothing.
    """

    told = Signal(str)
    """A sentence about a photo that the person kept."""
    failed = Signal(object)
    """StudioError: it could not be kept."""

    def __init__(
        self, session: Session, feed: PhotoFeed, jobs: FileJobs, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._feed, self._jobs, self._settings = session, feed, jobs, settings
        self._is_wanted = False
        self._is_under_way = False
        self._decided_at: tuple[Document, int] | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._keep_decision)
        session.decided.connect(self._follow_step)
        session.document_opened.connect(self._forget)
        feed.activity_changed.connect(self._follow)

    def keep(self) -> None:
        """Keep the photo, as soon as it shows the drawing as it is; StudioError if none will."""
        self._session.settle()
        if self._feed.image_HW3 is None:
            raise StudioError(_("There is no photo yet."), _("Wait until the first one is rendered."))
        if not self._feed.is_rendering and not self._feed.is_current:
            raise StudioError(
                _("The photo does not show the drawing as it is now."), _("Render it again, then it can be kept.")
            )
        self._is_wanted = True
        self._keep_wanted()

    @Slot(object)
    def _follow_step(self, command: Command) -> None:
        if not _is_stroke(command):
            self.note_decision()

    @Slot()
    def note_decision(self) -> None:
        """What is shown next is worth keeping, if it stays for a moment."""
        if self._settings.keeps_results:
            self._decided_at = self._state()
            self._rest.start()

    def close(self) -> None:
        self._forget()

    def _state(self) -> tuple[Document, int]:
        history = self._session.history
        return self._session.document, history.first_state + history.undo_count

    @Slot()
    def _forget(self) -> None:
        self._is_wanted, self._decided_at = False, None
        self._rest.stop()

    @Slot(bool)
    def _follow(self, is_busy: bool) -> None:
        if not is_busy:
            self._keep_wanted()
            if self._decided_at is not None:
                self._rest.start()

    @property
    def _is_ready(self) -> bool:
        feed = self._feed
        return feed.is_current and not feed.is_rendering and not self._session.has_open_stroke

    def _keep_wanted(self) -> None:
        if self._is_wanted and self._is_ready and not self._is_under_way:
            self._is_wanted = False
            self._begin(is_automatic=False)

    @Slot()
    def _keep_decision(self) -> None:
        if self._decided_at is None or self._feed.is_rendering:
            return  # it is tried again when the photo is there
        if self._is_under_way:
            self._rest.start()
            return
        decided_at, self._decided_at = self._decided_at, None
        if decided_at == self._state() and self._is_ready:
            self._begin(is_automatic=True)

    def _begin(self, is_automatic: bool) -> None:
        keeping = _Keeping(self._session.document, is_automatic)
        self._is_under_way = True
        title = "" if is_automatic else _("Keeping the photo")
        self._jobs.write(title, lambda document: self._packing(keeping, document), self._ending(keeping))

    def _packing(self, keeping: _Keeping, document: Document) -> Work:
        """What is to be done in the other thread, of what is shown at this moment."""
        image_HW3, card = self._feed.image_HW3, self._session.card
        if image_HW3 is None or not self._is_ready:
            keeping.is_given_up = True
            return bool
        name, sha256 = (card.name, card.sha256.get(GENERATOR_FILE, "")) if card else (document.model, "")
        there = {result.digest for result in self._session.document.results}
        is_lossless, now = self._settings.lossless_results, int(time.time())

        def pack() -> None:
            try:
                keeping.digest = digest_of(image_HW3)
                if keeping.digest not in there:
                    given = (document, image_HW3, name, sha256, now, is_lossless, keeping.is_automatic)
                    keeping.made = made_result(*given)
            except MemoryError as error:
                hint = _("Try a smaller photo or drawing.")
                raise StudioError(_("There is not enough memory for this."), hint, repr(error)) from error

        return pack

    def _ending(self, keeping: _Keeping) -> Callable[[StudioError | None], None]:
        def end(error: StudioError | None) -> None:
            self._is_under_way = False
            if self._session.document is not keeping.drawing:
                return
            if error is not None:
                self._tell_failure(keeping, error)
            elif keeping.is_given_up:
                self._is_wanted = self._is_wanted or not keeping.is_automatic
            elif keeping.made is not None:
                self._take(keeping.made)
            elif not keeping.is_automatic:
                self._take_there(keeping.digest)
            self._keep_wanted()

        return end

    def _take(self, result: Result) -> None:
        self._session.keep(result)
        if not result.is_automatic:
            self.told.emit(_("The photo is kept in the Results panel."))

    def _take_there(self, digest: str) -> None:
        """The person wants a photo that is there."""
        twin = next((each for each in self._session.document.results if each.digest == digest), None)
        if twin is not None and twin.is_automatic:
            self._take(replace(twin, is_automatic=False))
        elif twin is not None:
            self.told.emit(_("This photo was kept already."))

    def _tell_failure(self, keeping: _Keeping, error: StudioError) -> None:
        if keeping.is_automatic:
            log.warning("a photo was not kept: %s %s", error, error.detail)
        else:
            self.failed.emit(error)


def _is_stroke(command: Command) -> bool:
    """Was a style brushed on? That is painting, of which one decides nothing with every dab."""
    styles = command.styles.values() if isinstance(command, SetStyles) else ()
    return any(isinstance(paint.shape, Brushed) for style in styles for paint in style.paints[-1:])
