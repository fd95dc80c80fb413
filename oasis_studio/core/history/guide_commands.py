"""The command for guides."""

from __future__ import annotations

from dataclasses import dataclass, field

from oasis_studio.core.document.document import Document
from oasis_studio.core.document.guides import Guides
from oasis_studio.core.history.history import Change
from oasis_studio.i18n import _


@dataclass(eq=False)
class SetGuides:
    """Other guides."""

    guides: Guides
    title: str = field(default_factory=lambda: _("Guides"))
    _before: Guides = field(default_factory=Guides, init=False)
    size_bytes = 0

    def apply(self, document: Document) -> Change:
        self._before, document.guides = document.guides, self.guides
        return Change(guides=True)

    def revert(self, document: Document) -> Change:
        document.guides = self._before
        return Change(guides=True)
