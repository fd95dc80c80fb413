"""Looping the noise of regions on a circle, frame by frame, into a file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.photo.aside import AsideRenders
from oasis_studio.app.photo.synthesis_thread import RenderFailure
from oasis_studio.app.regions.style_edits import Keys, StyleEdits
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.sources import require_apart
from oasis_studio.app.work.background import BackgroundWorker
from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import Origin, RegionStyle, StoredVector
from oasis_studio.core.files.pictures.animation import AnimationCancelled, check_writable, write_animation
from oasis_studio.core.models.style_noise import Styling
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

FEWEST_FRAMES, MOST_FRAMES = 8, 360
MOST_BYTES = 2**30
"""Of all frames together, while they wait to be written."""


def circle(start_Z: np.ndarray, seed: int, share: float) -> np.ndarray:
    """A vector on the circle through ``start_Z`` that ``seed`` chooses, ``share`` 0..1 of the way around.

    It is as long as ``start_Z`` everywhere, and 0 and 1 are ``start_Z`` itself.
    """
    other = noise_vector(seed, len(start_Z))
    squared = float(start_Z @ start_Z)
    if squared > 0:
        other = other - start_Z * np.float32(float(other @ start_Z) / squared)
    length = float(np.linalg.norm(other))
    if length > 0:
        other = other * np.float32(math.sqrt(squared) / length)
    angle = 2 * math.pi * share
    return (math.cos(angle) * start_Z + math.sin(angle) * other).astype(np.float32)


class Animation(QObject):
    """One at a time. Rendering goes on beside painting; writing has a thread of its own."""

    progressed = Signal(int, int)
    """Steps done, of how many: frames are rendered first, then written."""
    frame_made = Signal(object)
    """(H, W, 3) uint8."""
    finished = Signal()
    failed = Signal(object)
    """StudioError."""
    cancelled = Signal()

    def __init__(
        self, session: Session, styles: StyleEdits, aside: AsideRenders, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._styles, self._aside = session, styles, aside
        self._frames: list[np.ndarray] = []
        self._count = 0
        self._path: Path | None = None
        self._per_second = 25
        self._worker = BackgroundWorker("animation", _("The animation could not be written."), self)
        self._is_rendering = False
        self._is_writing = False
        self._is_wanted = True
        """Read by the thread that writes."""
        aside.ended.connect(self._end_rendering)
        aside.failed.connect(self._fail_rendering)

    @property
    def is_running(self) -> bool:
        return self._is_rendering or self._is_writing

    def start(self, keys: Keys, path: Path, count: int, per_second: int) -> None:
        """Loop the styles of these in ``count`` frames; StudioError if they have none or the file cannot be written."""
        if self.is_running:
            raise StudioError(_("An animation is being made already."), _("Wait until it is ready, or cancel it."))
        self._styles.check(keys)
        for file in path.glob("frame-*") if path.is_dir() else (path,):
            require_apart(self._session, file)
        check_writable(path)
        document = self._session.document
        if count * document.width * document.height * 3 > MOST_BYTES:
            raise StudioError(
                _("{count} frames of this size need more memory than there should be used.").format(count=count),
                _("Make fewer frames, or scale the drawing."),
            )
        self._path, self._count, self._per_second, self._frames = path, count, per_second, []
        stylings = self._stylings(tuple(keys), count)
        self._aside.cancel()  # what ends by this is no end of ours
        self._is_rendering = True
        self._aside.run(stylings, self._take)

    def cancel(self) -> None:
        """Nothing is written; an old file stays."""
        if self._is_writing:
            self._is_wanted = False
        elif self._is_rendering:
            self._is_rendering = False
            self._aside.cancel()
            self._frames = []
            self.cancelled.emit()

    def close(self) -> None:
        """Cancel, and wait for the thread."""
        self.cancel()
        self._worker.close()

    def _stylings(self, keys: tuple[RegionKey, ...], count: int) -> Iterator[Styling]:
        styling = self._session.styling
        starts = {key: self._styles.vector(key) for key in keys}
        for number in range(count):
            styles = {}
            for place, key in enumerate(keys):
                vector = circle(starts[key], place + 1, number / count)
                stored = StoredVector.of(vector, styling.model, Origin.BLEND)
                styles[key] = RegionStyle(stored, 1.0, self._styles.style(key).paints)
            yield styling.replaced(styles)

    def _take(self, _index: int, image_HW3: np.ndarray) -> None:
        self._frames.append(image_HW3)
        self.frame_made.emit(image_HW3)
        self.progressed.emit(len(self._frames), 2 * self._count)

    @Slot()
    def _end_rendering(self) -> None:
        if not self._is_rendering:
            return
        self._is_rendering = False
        if len(self._frames) < self._count or self._path is None:
            self._frames = []
            self.cancelled.emit()
            return
        self._is_writing = self._is_wanted = True
        self._worker.run(partial(self._write, self._path, self._frames), self._end_writing, self._fail_writing)

    @Slot(object)
    def _fail_rendering(self, failure: RenderFailure) -> None:
        if self._is_rendering:
            self._is_rendering = False
            self._frames = []
            self.failed.emit(StudioError(failure.message, failure.hint))

    def _write(self, path: Path, frames: list[np.ndarray]) -> bool:
        """In the thread; False if it was given up."""

        def tell(done: int, _total: int) -> bool:
            self._worker.report(self._show_written, done)
            return self._is_wanted

        try:
            write_animation(path, frames, self._per_second, tell)
        except AnimationCancelled:
            return False
        return True

    def _show_written(self, count: int) -> None:
        self.progressed.emit(self._count + count, 2 * self._count)

    def _end_writing(self, is_written: bool) -> None:
        self._is_writing, self._frames = False, []
        (self.finished if is_written else self.cancelled).emit()

    def _fail_writing(self, error: StudioError) -> None:
        self._is_writing, self._frames = False, []
        self.failed.emit(error)
