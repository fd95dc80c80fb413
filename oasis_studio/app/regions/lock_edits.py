"""Locking regions, and keeping the brush off what is locked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.lock import USUAL_FEATHER, Lock, locked_mask
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.history.style_commands import SetLocks
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

Keys = Collection[RegionKey]


class Answer(Enum):
    """What to do with a lock under the brush."""

    AROUND = "around"
    UNLOCK = "unlock"
    CANCEL = "cancel"


class LockEdits(QObject):
    """``ask`` is called once for each lock that a stroke begins on; until it is answered, strokes leave it alone."""

    checked = Signal()
    """The badges were compared with the photo."""

    def __init__(self, session: Session, feed: PhotoFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._feed = session, feed
        self._kept: set[str] = set()
        self._broken: frozenset[RegionKey] = frozenset()
        self.ask: Callable[[str], Answer] = lambda _name: Answer.AROUND
        session.locks_changed.connect(self._update)
        session.document_opened.connect(self._forget)
        session.document_resized.connect(self._update)
        feed.photo_shown.connect(self._check)

    # -- locking ------------------------------------------------------------------------------------------------

    def is_locked(self, key: RegionKey) -> bool:
        return key in self._session.document.locks

    def lock(self, keys: Keys, feather: int = USUAL_FEATHER) -> None:
        """Keep the pixels of these as they are in the photo now; StudioError without a photo or pixels."""
        self._session.settle()
        image = self._feed.image_HW3
        if image is None:
            raise StudioError(
                _("There is no photo yet that could be kept."), _("Wait until the first one is rendered.")
            )
        regions, locks = self._session.regions.map, {}
        for key in keys:
            lock = Lock.of(regions.mask(key), image, feather)
            if lock is None:
                raise StudioError(_("This region has no pixels any more."), _("Choose another one."))
            locks[key] = lock
        if not locks:
            raise StudioError(_("No region is chosen."), _("Click one in the list of regions, or in the photo."))
        self._session.do(SetLocks(locks, _("Lock region")))

    def unlock(self, keys: Keys) -> None:
        locked = [key for key in keys if self.is_locked(key)]
        if locked:
            self._session.do(SetLocks(dict.fromkeys(locked), _("Unlock region")))

    def toggle(self, keys: Keys) -> None:
        """Unlock them if all are locked; otherwise lock those that are not."""
        if keys and all(self.is_locked(key) for key in keys):
            self.unlock(keys)
        else:
            self.lock([key for key in keys if not self.is_locked(key)])

    def set_feather(self, keys: Keys, feather: int) -> None:
        """Width of the band that blends, 0..32 pixels outside the locks."""
        locks = self._session.document.locks
        changed = {key: locks[key].feathered(feather) for key in keys if key in locks}
        if any(changed[key].feather != locks[key].feather for key in changed):
            self._session.do(SetLocks(changed, _("Feather of the lock")))

    # -- the badge ----------------------------------------------------------------------------------------------

    def is_intact(self, key: RegionKey) -> bool:
        """Does the photo on the screen show exactly the pixels whose digest the document keeps?"""
        return key not in self._broken

    @Slot()
    def _check(self) -> None:
        """Hashing the locked pixels takes a millisecond a megapixel or two: not while the brush moves."""
        image, locks = self._feed.image_HW3, self._session.document.locks
        if not locks or image is None or self._session.has_open_stroke:
            return
        broken = frozenset(key for key, lock in locks.items() if not lock.holds(image))
        if broken != self._broken:
            self._broken = broken
            self.checked.emit()

    # -- painting -----------------------------------------------------------------------------------------------

    def allow(self, x: int, y: int) -> bool:
        """May a stroke begin at that pixel? Asks once for each lock; the stroke after the answer paints."""
        under = [key for key, lock in self._session.document.locks.items() if lock.covers(x, y)]
        asked = [key for key in under if self._session.document.locks[key].digest not in self._kept]
        if not asked:
            return True
        classes = self._session.document.palette.classes
        answer = self.ask(classes[asked[0].label].title)
        if answer is Answer.UNLOCK:
            self.unlock(under)
        elif answer is Answer.AROUND:
            self._kept.update(self._session.document.locks[key].digest for key in asked)
        return False

    @Slot()
    def _update(self) -> None:
        document = self._session.document
        locked = locked_mask(document.locks.values(), document.height, document.width) if document.locks else None
        self._session.selection.protect(None if locked is None else Selection(np.logical_not(locked)))
        self._check()

    @Slot()
    def _forget(self) -> None:
        self._kept.clear()
        self._broken = frozenset()
        self._update()
