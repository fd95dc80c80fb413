"""The photo as a file: rendered once more in full precision, behind the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.files.jobs import FileJobs
from oasis_studio.app.photo.aside import AsideRenders
from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.synthesis_thread import RenderFailure
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.sources import require_apart
from oasis_studio.core.files.pictures.photo import check_photo_name, write_photo
from oasis_studio.core.work.request import Quality
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Told = Callable[[StudioError | None], object]


class PhotoExport(QObject):
    """One export at a time. Painting comes first: the render waits while somebody paints, and shows what is painted."""

    activity_changed = Signal(str)
    """What is under way, "" when nothing is."""
    exported = Signal()
    """A photo is in a file."""

    def __init__(
        self, session: Session, feed: PhotoFeed, aside: AsideRenders, jobs: FileJobs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._feed, self._aside, self._jobs = session, feed, aside, jobs
        self._path: Path | None = None
        self._told: Told | None = None
        self._failure: StudioError | None = None
        aside.failed.connect(self._remember_failure)
        aside.ended.connect(self._end)

    @property
    def is_running(self) -> bool:
        return self._path is not None

    def begin(self, path: Path, told: Told) -> None:
        """Render and write; ``told`` hears how it ended. StudioError at once for a name that is none of a photo, or
        of a file that the drawing was made from.

        Without a model that could render, the photo is written as it is shown.
        """
        check_photo_name(path)
        require_apart(self._session, path)
        self._session.settle()
        if self._session.card is None and self._feed.image_HW3 is not None:
            self._write(path, self._feed.image_HW3, told)
            return
        self.cancel()
        self._aside.cancel()  # what ends by this is no end of ours
        self._path, self._told, self._failure = path, told, None
        self.activity_changed.emit(_("Rendering {name}").format(name=path.name))
        self._aside.run(iter([self._session.styling]), self._take, quality=Quality.FINAL)

    def cancel(self) -> None:
        """Write nothing."""
        if self.is_running:
            self._path = self._told = None
            self._aside.cancel()
            self.activity_changed.emit("")

    def _take(self, _number: int, image_HW3: np.ndarray) -> None:
        path, told, self._path, self._told = self._path, self._told, None, None
        if path is not None and told is not None:
            self.activity_changed.emit("")
            self._write(path, image_HW3, told)

    def _write(self, path: Path, image_HW3: np.ndarray, told: Told) -> None:
        document = self._session.document
        metadata = {"Software": "OASIS Studio", "Model": document.model, "Seed": str(document.seed)}
        title = _("Exporting {name}").format(name=path.name)

        def end(error: StudioError | None) -> None:
            if error is None:
                self.exported.emit()
            told(error)

        self._jobs.write_now(title, partial(write_photo, path, image_HW3, metadata), end)

    @Slot(object)
    def _remember_failure(self, failure: RenderFailure) -> None:
        self._failure = StudioError(failure.message, failure.hint)

    @Slot()
    def _end(self) -> None:
        """The render is over; if no photo came it failed, or something else took its place."""
        told, self._path, self._told = self._told, None, None
        if told is not None:
            self.activity_changed.emit("")
            interrupted = StudioError(
                _("The photo was not exported: other renders took its place."), _("Export it again when they are done.")
            )
            told(self._failure or interrupted)
