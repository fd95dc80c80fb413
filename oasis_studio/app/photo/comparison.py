"""Comparing the drawing with a snapshot of it: left of a divider the old, right of it the new."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.snapshot import Snapshot
from oasis_studio.core.history.document_commands import RemoveSnapshot, TakeSnapshot
from oasis_studio.core.tools.layer_steps import restore
from oasis_studio.i18n import _

_MOST_PHOTOS = 8


class Comparison(QObject):
    """``share`` 0..1 of the width shows the old state: a snapshot, or whatever :meth:`show` is given.

    Photos of snapshots are kept while the drawing is open.
    """

    changed = Signal()

    def __init__(self, session: Session, feed: PhotoFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._feed = feed
        self._index: int | None = None
        self._shown: tuple[Snapshot, np.ndarray] | None = None
        self._photos: dict[str, np.ndarray] = {}
        self.share = 0.5
        session.document_opened.connect(self._forget)
        session.notes_changed.connect(self._check)
        session.document_resized.connect(self._forget_photos)
        session.model_changed.connect(self._check_palette)
        self._palette = session.document.palette

    @property
    def snapshot(self) -> Snapshot | None:
        """What the drawing is compared with."""
        if self._shown is not None:
            return self._shown[0]
        return None if self._index is None else self._session.document.snapshots[self._index]

    @property
    def is_foreign(self) -> bool:
        """Is it none of the drawing's snapshots?"""
        return self._shown is not None

    @property
    def photo(self) -> np.ndarray | None:
        """The photo of that moment, (H, W, 3) uint8; None if nobody kept it."""
        if self._shown is not None:
            return self._shown[1]
        return self._photos.get(self.snapshot.name) if self.snapshot else None

    def take(self) -> None:
        """Keep the drawing of now, with its photo."""
        taken = {snapshot.name for snapshot in self._session.document.snapshots}
        number = len(taken) + 1
        while (name := _("Snapshot {number}").format(number=number)) in taken:
            number += 1
        if self._feed.image_HW3 is not None and not self._feed.is_rendering and len(self._photos) < _MOST_PHOTOS:
            self._photos[name] = self._feed.image_HW3
        self._session.do(TakeSnapshot(name))

    def compare(self, index: int | None) -> None:
        """Compare with the snapshot of that place in the list; None ends it."""
        self._index, self._shown = index, None
        self.changed.emit()

    def show(self, state: Snapshot, image_HW3: np.ndarray) -> None:
        """Compare with a state that is no snapshot of the drawing, but as large and in the same classes."""
        self._index, self._shown, self._palette = None, (state, image_HW3), self._session.document.palette
        self.changed.emit()

    def wipe(self, share: float) -> None:
        self.share = max(0.0, min(share, 1.0))
        self.changed.emit()

    def bring_back(self, index: int) -> None:
        """The labels of a snapshot as a layer on top, and its seed."""
        self._session.settle()
        self._session.do(restore(self._session.document, self._session.document.snapshots[index]))

    def remove(self, index: int) -> None:
        self._session.do(RemoveSnapshot(index))

    def _check(self) -> None:
        if self._index is not None and self._index >= len(self._session.document.snapshots):
            self._index = None
        self.changed.emit()

    def _check_palette(self) -> None:
        if self._shown is not None and self._session.document.palette is not self._palette:
            self.compare(None)

    def _forget_photos(self) -> None:
        self._photos.clear()
        self._shown = None
        self.changed.emit()

    def _forget(self) -> None:
        self._index = None
        self._forget_photos()
