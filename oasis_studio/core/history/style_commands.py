"""Commands for styles and locks of regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.lock import Lock
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import NO_TRAIL, RegionStyle, StyleTrail
from oasis_studio.core.history.history import Change
from oasis_studio.i18n import _


@dataclass(eq=False)
class SetStyles:
    """Other styles for some regions (or WHOLE_IMAGE); each remembers those it had."""

    styles: Mapping[RegionKey, RegionStyle]
    title: str = field(default_factory=lambda: _("Change style"))
    _before: Mapping[RegionKey, StyleTrail] = field(default_factory=dict, init=False)

    @property
    def size_bytes(self) -> int:
        return sum(style.nbytes for style in self.styles.values())

    def apply(self, document: Document) -> Change:
        self._before = document.styles
        changed = {key: document.styles.get(key, NO_TRAIL).after(style) for key, style in self.styles.items()}
        document.styles = {**document.styles, **changed}
        return Change(styles=True)

    def revert(self, document: Document) -> Change:
        document.styles = self._before
        return Change(styles=True)


@dataclass(eq=False)
class StepStyles:
    """Some regions go back (negative) or forth among the styles they had."""

    keys: tuple[RegionKey, ...]
    steps: int
    title: str = field(default_factory=lambda: _("Step through styles"))
    _before: Mapping[RegionKey, StyleTrail] = field(default_factory=dict, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        self._before = document.styles
        stepped = {key: document.styles.get(key, NO_TRAIL).stepped(self.steps) for key in self.keys}
        document.styles = {**document.styles, **stepped}
        return Change(styles=True)

    def revert(self, document: Document) -> Change:
        document.styles = self._before
        return Change(styles=True)


@dataclass(eq=False)
class SetLocks:
    """Lock some regions, change their locks, or unlock them (None)."""

    locks: Mapping[RegionKey, Lock | None]
    title: str = field(default_factory=lambda: _("Lock"))
    _before: Mapping[RegionKey, Lock] = field(default_factory=dict, init=False)

    @property
    def size_bytes(self) -> int:
        kept = [*self.locks.values(), *(self._before.get(key) for key in self.locks)]
        return sum(lock.nbytes for lock in kept if lock is not None)

    def apply(self, document: Document) -> Change:
        self._before = document.locks
        wanted = {**document.locks, **self.locks}
        document.locks = {key: lock for key, lock in wanted.items() if lock is not None}
        return Change(locks=True)

    def revert(self, document: Document) -> Change:
        document.locks = self._before
        return Change(locks=True)


@dataclass(eq=False)
class SetTrails:
    """Some regions have other styles, with all that they had before: they are parts of another region."""

    trails: Mapping[RegionKey, StyleTrail]
    title: str = ""
    _before: Mapping[RegionKey, StyleTrail] = field(default_factory=dict, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        self._before = document.styles
        document.styles = {**document.styles, **self.trails}
        return Change(styles=True)

    def revert(self, document: Document) -> Change:
        document.styles = self._before
        return Change(styles=True)
