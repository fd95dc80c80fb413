"""Work beside the photo that takes its time: what is asked, what comes back, who does it. All of them are values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from oasis_studio.core.work.request import SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _


class JobCancelled(Exception):  # noqa: N818 - not a failure
    """Raised out of a job that nobody wants any more."""


@dataclass(frozen=True, eq=False)
class CritiqueJob:
    """How real is this photo of this label map? ``image_HW3`` uint8 RGB, ``labels_HW`` uint8 of its size."""

    model: str
    image_HW3: np.ndarray
    labels_HW: np.ndarray


@dataclass(frozen=True, eq=False)
class Critique:
    """Answer to a :class:`CritiqueJob`, all of the photo's size.

    ``realism_HW`` float32 0..1: the share of the pixels of real photos that are *more* suspicious; ``surprise_HW``
    float32, the same without a ceiling, in nats: higher is worse · ``read_HW`` uint8 the class that every pixel
    reads as, ``sure_HW`` float32 how likely · ``is_calibrated`` False: the card knows no photos, so realism compares
    the pixels of this photo with each other only.
    """

    realism_HW: np.ndarray
    surprise_HW: np.ndarray
    read_HW: np.ndarray
    sure_HW: np.ndarray
    is_calibrated: bool


@dataclass(frozen=True, eq=False)
class SegmentJob:
    """Which classes of the model are in this photo? Pieces below ``smallest`` pixels go to what is around them."""

    model: str
    image_HW3: np.ndarray
    smallest: int = 0
    """0: one pixel in 2,000."""


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Answer to a :class:`SegmentJob`: ``labels_HW`` uint8, ``sure_HW`` float32 0..1, both of the photo's size."""

    labels_HW: np.ndarray
    sure_HW: np.ndarray


FEWEST_SHARE = 1 / 1_000
"""A class with a smaller share of a photo's pixels is not in it: it was misread."""


@dataclass(frozen=True, eq=False)
class InversionJob:
    """Which noise makes these regions look like a photo?

    ``labels_HW``, ``regions_HW`` and ``noise_RZ`` are those of a
    :class:`~oasis_studio.core.work.request.SynthesisRequest` in which every region of ``targets`` has its own row ·
    ``targets`` rows of ``noise_RZ`` that are looked for, with the class that each is to be like · ``photo_HW3`` uint8
    RGB and ``photo_labels_HW`` uint8, its label map (255: nothing) · ``seed`` of the draws.
    """

    model: str
    labels_HW: np.ndarray
    regions_HW: np.ndarray
    noise_RZ: np.ndarray
    targets: tuple[tuple[int, int], ...]
    photo_HW3: np.ndarray
    photo_labels_HW: np.ndarray
    seed: int = 0


@dataclass(frozen=True)
class Distance:
    """How far a region's colours are from the photo's, in Lab units, before and now."""

    row: int
    before: float
    now: float


@dataclass(frozen=True, eq=False)
class Inversion:
    """State of an :class:`InversionJob`, on the way and at its end: ``noise_TZ`` one row a target, in their order.

    ``image_HW3`` uint8 shows it, smaller than the drawing; ``share`` 0..1 of the work is done.
    """

    noise_TZ: np.ndarray
    distances: tuple[Distance, ...]
    image_HW3: np.ndarray
    share: float


@dataclass(frozen=True, eq=False)
class EncodeJob:
    """Which style code has this photo? For models with an encoder."""

    model: str
    image_HW3: np.ndarray


@dataclass(frozen=True, eq=False)
class StyleCode:
    """Answer to an :class:`EncodeJob`: (S,) float32, the mean of what the encoder finds."""

    code_S: np.ndarray


@dataclass(frozen=True, eq=False)
class ResampleJob:
    """Which of ``seeds`` makes the region of row ``row`` of the request's noise (``mask_HW`` bool) look most real?"""

    request: SynthesisRequest
    row: int
    mask_HW: np.ndarray
    seeds: tuple[int, ...]

    @property
    def model(self) -> str:
        return self.request.model


@dataclass(frozen=True)
class Resampling:
    """Answer to a :class:`ResampleJob`: ``seed`` None if none is better than what there is; surprise in nats."""

    seed: int | None
    before: float
    now: float


Job = CritiqueJob | ResampleJob | SegmentJob | InversionJob | EncodeJob
Progress = Callable[[object], None]
"""Is told a value on the way: a share 0..1, or an answer that is not final."""


class Workshop(Protocol):
    """Does jobs; lives in one thread, opens the models it needs."""

    def work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        """The answer; raises JobCancelled soon after ``is_stale()`` turns true, StudioError if it cannot be had."""
        ...


def check_cancelled(is_stale: Callable[[], bool]) -> None:
    """Raise JobCancelled if nobody wants the answer any more."""
    if is_stale():
        raise JobCancelled


def no_workshop() -> Workshop:
    """For windows that were opened without one."""
    raise StudioError(_("This window was opened without the networks that this needs."))
