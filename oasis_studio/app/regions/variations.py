"""Other photos of the same labels, side by side, to pick one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.photo.aside import AsideRenders
from oasis_studio.app.regions.style_edits import StyleEdits
from oasis_studio.app.session.session import Session
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import IMAGE_SEED, OwnSeed, RegionStyle
from oasis_studio.core.history.commands import SetSeed, Together
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.models.style_noise import Styling
from oasis_studio.i18n import _

FEWEST, MOST = 4, 36
USUAL = 9
LARGEST_SIDE = 1024
"""Of a render: larger drawings are seen at every second, third … pixel."""
_KEPT_SIDE = 512


@dataclass(frozen=True, eq=False)
class Variation:
    """``seed`` for the image, or the first of the seeds for the regions; ``image_HW3`` None until it is rendered."""

    seed: int
    image_HW3: np.ndarray | None = None
    score: float | None = None


Tell = Callable[[float], None]
Judge = Callable[[np.ndarray, frozenset[RegionKey], Tell], None]
"""Gets a photo and the regions in question, and tells a score (higher is better) now or later, in this thread."""


class Variations(QObject):
    """``keys`` are the regions that differ; none: the whole image. ``judge`` is the critic's, if there is one."""

    changed = Signal()
    """There are others, one more is rendered or judged."""

    def __init__(
        self, session: Session, styles: StyleEdits, aside: AsideRenders, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._styles, self._aside = session, styles, aside
        self._owns_aside = False
        self._round = 0
        self.keys: frozenset[RegionKey] = frozenset()
        self.all: list[Variation] = []
        self.judge: Judge | None = None
        self.count = USUAL
        aside.ended.connect(self._end)
        session.document_opened.connect(self.clear)
        session.document_resized.connect(self.clear)
        session.model_changed.connect(self._check_model)
        self._model = session.document.model

    @property
    def is_running(self) -> bool:
        return self._owns_aside and self._aside.is_running

    @property
    def order(self) -> list[int]:
        """Numbers of the variations: the best first where they were judged, then as they came."""
        scores = [(-each.score if each.score is not None else np.inf, index) for index, each in enumerate(self.all)]
        return [index for _score, index in sorted(scores)]

    def start(self, count: int | None = None) -> None:
        """Render ``count`` (4..36) of the chosen regions, or of the whole image; StudioError if that cannot vary."""
        count = max(FEWEST, min(self.count if count is None else count, MOST))
        chosen = frozenset(self._session.regions.chosen)
        keys = chosen if chosen and self._styles.can_style(chosen) else frozenset()
        self._styles.check(keys or {WHOLE_IMAGE})
        keys = frozenset(self._styles.unlocked(keys))
        self._aside.cancel()  # what ends by this is no end of ours
        self.count, self.keys = count, keys
        seeds = np.random.default_rng().choice(100_000, count, replace=False)
        self.all = [Variation(int(seed)) for seed in seeds]
        self._round += 1
        document = self._session.document
        shrink = -(-max(document.width, document.height) // LARGEST_SIDE)
        self._owns_aside = True  # before the first render, which may fail at once
        self._aside.run(self._stylings(), self._take, shrink)
        self.changed.emit()

    def cancel(self) -> None:
        """Keep those that are there."""
        if self.is_running:
            self._aside.cancel()

    @Slot()
    def clear(self) -> None:
        self.cancel()
        self.all = []
        self._round += 1
        self.changed.emit()

    def pick(self, index: int) -> None:
        """Make a variation the look of the drawing: one step."""
        seed = self.all[index].seed
        if self.keys:
            self._session.do(SetStyles(self._styled(seed), _("Pick variation")))
            return
        whole = self._styles.style(WHOLE_IMAGE)
        steps = [SetSeed(seed)]
        plain = [] if whole.source == IMAGE_SEED else [SetStyles({WHOLE_IMAGE: whole.sourced(IMAGE_SEED)})]
        self._session.do(Together(_("Pick variation"), (*steps, *plain)))

    def _stylings(self) -> Iterator[Styling]:
        for each in list(self.all):
            styling = self._session.styling
            if self.keys:
                yield styling.replaced(self._styled(each.seed))
            else:
                whole = styling.style(WHOLE_IMAGE).sourced(IMAGE_SEED)
                yield replace(styling, seed=each.seed).replaced({WHOLE_IMAGE: whole})

    def _styled(self, seed: int) -> Mapping[RegionKey, RegionStyle]:
        """Each of the regions with a seed of its own that follows from ``seed``."""
        keys = sorted(self.keys)
        return {key: self._styles.style(key).sourced(OwnSeed(seed + place)) for place, key in enumerate(keys)}

    def _take(self, index: int, image_HW3: np.ndarray) -> None:
        self.all[index] = replace(self.all[index], image_HW3=_small(image_HW3))
        self.changed.emit()
        if self.judge is not None:
            round_ = self._round
            self.judge(image_HW3, self.keys, lambda score: self._rate(round_, index, score))

    def _rate(self, round_: int, index: int, score: float) -> None:
        if round_ == self._round:
            self.all[index] = replace(self.all[index], score=score)
            self.changed.emit()

    @Slot()
    def _end(self) -> None:
        if self._owns_aside:
            self.all = [each for each in self.all if each.image_HW3 is not None]
            self._owns_aside = False
            self.changed.emit()

    @Slot()
    def _check_model(self) -> None:
        if self._session.document.model != self._model:
            self._model = self._session.document.model
            self.clear()


def _small(image_HW3: np.ndarray) -> np.ndarray:
    height, width = image_HW3.shape[:2]
    scale = _KEPT_SIDE / max(height, width)
    if scale >= 1:
        return image_HW3
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image_HW3, size, interpolation=cv2.INTER_AREA))
