"""The open scene rendered by two models: the drawing's own, and another beside it or under a wipe."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.second_photo import SecondPhoto
from oasis_studio.app.session.session import Session
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.work.request import Renderer

_REST_MS = 200
"""The other photo is made once the first has rested for so long: painting keeps its speed."""


class ModelComparison(QObject):
    """``card`` is the other model, None while nothing is compared; ``photo`` (H, W, 3) uint8 is what it makes.

    Left of ``share`` (0..1 of the width) the other photo is shown, unless both stand side by side.
    """

    changed = Signal()
    failed = Signal(object)
    """RenderFailure."""

    def __init__(
        self, session: Session, feed: PhotoFeed, open_renderer: Callable[[], Renderer], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.card: ModelCard | None = None
        self.photo: np.ndarray | None = None
        self.share = 0.5
        self.is_side_by_side = False
        self._second = SecondPhoto(session, open_renderer, self)
        self._second.shown.connect(self._take)
        self._second.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._render)
        feed.photo_shown.connect(self._follow)
        session.stroke_ended.connect(self._follow)
        session.document_opened.connect(self._forget_photo)
        session.document_resized.connect(self._forget_photo)

    @property
    def wiped_photo(self) -> np.ndarray | None:
        """The other photo, if it lies under the wipe."""
        return None if self.is_side_by_side else self.photo

    def compare(self, card: ModelCard | None) -> None:
        """Compare with another model; None ends it and frees what it took."""
        self.card, self.photo = card, None
        if card is None:
            self._timer.stop()
            self._second.close()
        else:
            self._second.render(card.id)
        self.changed.emit()

    def wipe(self, share: float) -> None:
        self.share = max(0.0, min(share, 1.0))
        self.changed.emit()

    def arrange(self, is_side_by_side: bool) -> None:
        self.is_side_by_side = is_side_by_side
        self.changed.emit()

    def close(self) -> None:
        self._timer.stop()
        self._second.close()

    @Slot()
    def _follow(self) -> None:
        if self.card is not None:
            self._timer.start()

    @Slot()
    def _render(self) -> None:
        if self.card is not None and not self._session.has_open_stroke:
            self._second.render(self.card.id)

    @Slot(object)
    def _take(self, image_HW3: np.ndarray) -> None:
        document = self._session.document
        if self.card is not None and image_HW3.shape[:2] == (document.height, document.width):
            self.photo = image_HW3
            self.changed.emit()

    @Slot()
    def _forget_photo(self) -> None:
        self.photo = None
        self.changed.emit()
