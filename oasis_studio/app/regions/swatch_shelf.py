"""The swatches of the model that renders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from oasis_studio.app.regions.style_edits import Keys, StyleEdits
from oasis_studio.app.session.session import Session
from oasis_studio.app.session.sources import require_apart
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import Origin, StoredVector
from oasis_studio.core.files.projects.swatches import SwatchBook, write_swatches
from oasis_studio.core.models.card import SWATCHES_FILE
from oasis_studio.core.models.style_noise import model_identity
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class SwatchShelf(QObject):
    """Every method that reads or writes raises StudioError if that fails, or no model is there."""

    changed = Signal()

    def __init__(self, session: Session, styles: StyleEdits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._styles = session, styles
        self._book: SwatchBook | None = None

    @property
    def book(self) -> SwatchBook:
        if self._session.card is None:
            raise self._session.card_problem or StudioError(_("There is no model whose swatches these could be."))
        model = model_identity(self._session.card)
        if self._book is None or self._book.model != model:
            folder, _card = self._session.library.find(self._session.card.id)
            self._book = SwatchBook(model, first=folder / SWATCHES_FILE)
        return self._book

    @property
    def all(self) -> list[StoredVector]:
        return self.book.swatches

    def keep(self, key: RegionKey, name: str) -> StoredVector:
        """Keep the style of a region under a name, and give it to the region."""
        self._styles.check({key})
        book, vector = self.book, self._styles.vector(key)
        swatch = StoredVector.of(vector, book.model, Origin.SWATCH, name)
        book.add(swatch)
        self.changed.emit()
        return swatch

    def use(self, keys: Keys, swatch: StoredVector) -> None:
        self._styles.use(keys, swatch)

    def remove(self, name: str) -> None:
        self.book.remove(name)
        self.changed.emit()

    def take_in(self, path: Path) -> int:
        """Add those of a file; ForeignSwatchesError if they are another model's. Returns how many they are."""
        count = self.book.take_in(path)
        self.changed.emit()
        return count

    def pass_on(self, path: Path) -> None:
        """Write all of them into a file."""
        if not self.all:
            raise StudioError(_("There are no swatches yet."), _("Keep the style of a region as one first."))
        require_apart(self._session, path)
        write_swatches(path, self.all)
