"""The critic beside the photo: what it thinks of the photo on the screen, kept up to date while somebody looks."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from oasis_studio.app.photo.feed import PhotoFeed
from oasis_studio.app.photo.misread_edits import accepted
from oasis_studio.app.photo.requests import build_request
from oasis_studio.app.session.session import Session
from oasis_studio.app.work.workbench import Task, Workbench
from oasis_studio.core.document.lock import all_locked
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.style import OwnSeed
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.work.jobs import Critique, CritiqueJob, ResampleJob, Resampling
from oasis_studio.core.work.verdict import Misreading, mask_score, misreadings, region_scores, worst_region
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _, decimal

_TRIES = 8
_DICE = 100_000
"""Seeds that are short enough to be read and typed."""


class Look(StrEnum):
    """What of the critic lies over the photo."""

    NOTHING = "nothing"
    REALISM = "realism"
    READING = "reading"


class CriticView(QObject):
    """``critique`` is that of the photo on the screen, or None until it is there; ``misread`` its objections."""

    changed = Signal()
    told = Signal(str)
    """A sentence for the status line."""
    failed = Signal(object)
    """StudioError of something the person asked for."""

    def __init__(self, session: Session, feed: PhotoFeed, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._feed, self._workbench = session, feed, workbench
        self.look = Look.NOTHING
        self.critique: Critique | None = None
        self.misread: list[Misreading] = []
        self._judged: np.ndarray | None = None
        self._task: Task | None = None
        self._then: Callable[[], None] | None = None
        feed.photo_shown.connect(self._follow)
        feed.activity_changed.connect(self._follow)
        workbench.activity_changed.connect(self._follow)
        session.document_opened.connect(self._forget)
        session.document_resized.connect(self._forget)
        session.model_changed.connect(self._forget)
        session.seed_changed.connect(self._forget)

    @property
    def refusal(self) -> str:
        """Why the model in hand has no critic; "" if it has one."""
        return refusal_of(self._session)

    @property
    def is_judging(self) -> bool:
        return self._task is not None

    def show(self, look: Look) -> None:
        """Lay something over the photo."""
        self.look = Look.NOTHING if self.refusal else look
        self.changed.emit()
        self._follow()

    def resample(self, key: RegionKey) -> None:
        """Give the region the best of a few other seeds, as one step; the photo must have been judged."""
        self._session.settle()
        if key in self._session.document.locks:
            self.failed.emit(all_locked())
            return
        request = build_request(self._session, self._session.styling, 0, is_by_region=True)
        row = self._session.regions.map.number(key)
        if row is None or not self._session.regions.map.area(key):
            return
        seeds = tuple(int(seed) for seed in np.random.default_rng().integers(_DICE, size=_TRIES))
        job = ResampleJob(request, row, self._session.regions.map.mask(key), seeds)
        task = self._workbench.start(job)
        task.finished.connect(lambda found: self._session.when_settled(lambda: self._take_seed(key, found)))
        task.failed.connect(self.failed)
        self.told.emit(_("Trying {count} other seeds for this region…").format(count=_TRIES))

    def fix_worst(self) -> None:
        """Find the worst region of the photo, and resample it."""
        self._when_judged(self._fix_worst)

    def accept(self, misreading: Misreading) -> None:
        """Paint a place as what it reads, in the layers that show there."""
        self._session.settle()
        command = accepted(self._session, misreading)
        if command is not None:
            self._session.do(command)

    def judge(self, image_HW3: np.ndarray, keys: frozenset[RegionKey], tell: Callable[[float], None]) -> None:
        """Score another photo of the same drawing (a variation) inside some regions; ``tell`` is called later."""
        regions = self._session.regions.map
        mask = regions.mask(*keys) if keys else np.ones(regions.ids_HW.shape, bool)
        if self.refusal or image_HW3.shape[:2] != mask.shape:
            return
        task = self._workbench.start(self._job(image_HW3))
        task.finished.connect(lambda critique: tell(mask_score(critique, mask)) if _fits(critique, mask) else None)

    # -- keeping up ---------------------------------------------------------------------------------------------

    @Slot()
    def _follow(self) -> None:
        """Judge the photo once it rests, if somebody wants to know."""
        is_wanted = self.look is not Look.NOTHING or self._then is not None
        image = self._feed.image_HW3
        if not is_wanted or self.refusal or image is None or self._feed.is_rendering or self._task is not None:
            return
        if image is not self._judged and image.shape[:2] == self._session.labels_HW.shape:
            self._judged = image
            self._task = self._workbench.start(self._job(image), is_live=True)
            self._task.finished.connect(self._take)
            self._task.failed.connect(self._fail)
            self._task.cancelled.connect(self._retry)
            self.changed.emit()

    def _job(self, image_HW3: np.ndarray) -> CritiqueJob:
        return CritiqueJob(self._session.document.model, image_HW3, self._session.labels_HW.copy())

    def _take(self, critique: Critique) -> None:
        self._task = None
        if critique.realism_HW.shape == self._session.labels_HW.shape:
            self.critique = critique
            self.misread = misreadings(critique, self._session.labels_HW)
            self._session.regions.rate(region_scores(critique, self._session.regions.map))
        self.changed.emit()
        self._session.when_settled(self._go_on)
        self._follow()

    def _go_on(self) -> None:
        """Do what waited for a critique, unless a newer photo is on its way: that one is judged first."""
        feed = self._feed
        is_newest = self._judged is feed.image_HW3 and (feed.is_current or not feed.is_rendering)
        if self._then is not None and self.critique is not None and is_newest:
            then, self._then = self._then, None
            then()

    def _fail(self, error: StudioError) -> None:
        self._task, self._then = None, None
        self.look = Look.NOTHING
        self.changed.emit()
        self.failed.emit(error)

    def _retry(self) -> None:
        """Other work came first."""
        self._task, self._judged = None, None

    @Slot()
    def _forget(self) -> None:
        self.critique, self.misread, self._judged, self._then = None, [], None, None
        if self._task is not None:
            self._task.cancel()
        if self.refusal:
            self.look = Look.NOTHING
        self.changed.emit()

    # -- repairing ----------------------------------------------------------------------------------------------

    def _when_judged(self, then: Callable[[], None]) -> None:
        if self.refusal:
            self.failed.emit(StudioError(self.refusal))
            return
        if self.critique is not None and self._judged is self._feed.image_HW3 and self._task is None:
            then()
            return
        self._then = then
        self.told.emit(_("Judging the photo…"))
        self._follow()

    def _fix_worst(self) -> None:
        assert self.critique is not None
        key = worst_region(self.critique, self._session.regions.map, self._session.document.locks)
        if key is None:
            self.told.emit(_("There is no region that could be resampled: they are locked, or very small."))
            return
        self._session.regions.choose([key])
        self.resample(key)

    def _take_seed(self, key: RegionKey, found: Resampling) -> None:
        if found.seed is None:
            self.told.emit(_("None of the seeds tried looks more real; the region stays as it is."))
            return
        style = self._session.styling.style(key).sourced(OwnSeed(found.seed))
        if not self._session.do(SetStyles({key: style}, _("Resample region"))):
            return
        name = self._class_name(key)
        text = _("{name} looks more real with another seed: surprise {before} → {now}.")
        self.told.emit(text.format(name=name, before=decimal(found.before, 2), now=decimal(found.now, 2)))

    def _class_name(self, key: RegionKey) -> str:
        classes = self._session.document.palette.classes
        return classes[key.label].title if key.label < len(classes) else str(key.label)


def refusal_of(session: Session) -> str:
    """Why the model in hand cannot judge photos; "" if it can."""
    card = session.card
    if card is None:
        return _("There is no model that could judge a photo.")
    if not card.capabilities.has_critic:
        return _("The model “{name}” comes without a discriminator that names classes.").format(name=card.name)
    return ""


def reading_refusal_of(session: Session) -> str:
    """Why the model in hand cannot read photos as label maps; "" if it can, by a reader of its own or its critic."""
    card = session.card
    return "" if card is not None and card.capabilities.reads_photos else refusal_of(session)


def _fits(critique: Critique, mask_HW: np.ndarray) -> bool:
    return critique.surprise_HW.shape == mask_HW.shape
