"""Styles of regions found from a photo: what can be asked for, and one step that applies what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from oasis_studio.app.photo.requests import build_request
from oasis_studio.app.session.session import Session
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.region_key import RegionKey
from oasis_studio.core.document.regions import Region
from oasis_studio.core.document.style import Origin, RegionStyle, StoredVector
from oasis_studio.core.history.history import Command
from oasis_studio.core.history.style_commands import SetStyles
from oasis_studio.core.models.style_noise import model_identity
from oasis_studio.core.work.jobs import FEWEST_SHARE, Inversion, InversionJob
from oasis_studio.i18n import _


@dataclass(frozen=True)
class Candidate:
    """A region that could take a style; ``share`` of the photo that shows its class, 0 where it shows none."""

    region: Region
    share: float
    is_locked: bool

    @property
    def is_usable(self) -> bool:
        """Does the photo show it, and may its pixels change?"""
        return self.share > 0 and not self.is_locked


def candidates(session: Session, photo_labels_HW: np.ndarray) -> list[Candidate]:
    """All regions of the drawing in the order of the picture, and how much of each class the photo shows."""
    counts = np.bincount(photo_labels_HW.ravel(), minlength=256) / photo_labels_HW.size
    regions, locks = session.regions.all, session.document.locks
    shares = [float(counts[each.key.label]) for each in regions]
    return [
        Candidate(each, share if share >= FEWEST_SHARE else 0, each.key in locks)
        for each, share in zip(regions, shares, strict=True)
    ]


def inversion_job(
    session: Session, keys: Iterable[RegionKey], photo_HW3: np.ndarray, photo_labels_HW: np.ndarray
) -> InversionJob:
    """Look for the noise of these regions in a photo; StudioError without a model."""
    wanted = frozenset(keys)
    request = build_request(session, session.styling, 0, is_by_region=True)
    targets = tuple((each.number, each.key.label) for each in session.regions.all if each.key in wanted)
    return InversionJob(
        request.model,
        request.labels_HW,
        request.regions_HW,
        request.noise_RZ,
        targets,
        photo_HW3,
        photo_labels_HW,
        session.document.seed,
    )


def own_labels(session: Session) -> tuple[np.ndarray, np.ndarray] | None:
    """The reference photo as it lies under the labels, and the labels over it: the person's own reading of it."""
    document = session.document
    if document.reference is None:
        return None
    image_HW3, covered = document.reference.drawn(document.width, document.height)
    return image_HW3, np.where(covered, session.labels_HW, np.uint8(UNPAINTED))


def styles_found(session: Session, keys: list[RegionKey], found: Inversion, name: str) -> Command | None:
    """One step that gives the regions ``keys``, in the order of the job's targets, what was found, or None."""
    if session.card is None:
        return None
    model = model_identity(session.card)
    styles = {
        key: RegionStyle(StoredVector.of(vector, model, Origin.PHOTO, name))
        for key, vector in zip(keys, found.noise_TZ, strict=True)
    }
    return SetStyles(styles, _("Style from a photo"))
