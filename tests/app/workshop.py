"""A workshop without networks: answers at once, or waits at a gate."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore

import numpy as np

from oasis_studio.core.work.jobs import (
    Critique,
    CritiqueJob,
    Distance,
    EncodeJob,
    Inversion,
    InversionJob,
    Job,
    Progress,
    ResampleJob,
    Resampling,
    Segmentation,
    SegmentJob,
    StyleCode,
    check_cancelled,
)

PATIENCE = 10.0


class FakeWorkshop:
    """Reads class 1 in the left quarter of every photo, unsure in the top eighth; the rest reads as painted.

    ``failure`` is raised by the next job; while ``is_gated``, every job waits for :meth:`let_through`.
    """

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.failure: Exception | None = None
        self.is_gated = False
        self._gate = Semaphore(0)

    def let_through(self, count: int = 1) -> None:
        self._gate.release(count)

    def work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        self.jobs.append(job)
        if self.is_gated:
            assert self._gate.acquire(timeout=PATIENCE), "nobody opened the gate"
        check_cancelled(is_stale)
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        if isinstance(job, CritiqueJob):
            return _critique(job.labels_HW)
        if isinstance(job, SegmentJob):
            return _segmentation(job.image_HW3)
        if isinstance(job, EncodeJob):
            return StyleCode(np.arange(4, dtype=np.float32))
        if isinstance(job, ResampleJob):
            progress(0.5)
            return Resampling(job.seeds[2], 3.0, 1.0)
        return self._invert(job, progress)

    def _invert(self, job: InversionJob, progress: Progress) -> Inversion:
        noise = np.full((len(job.targets), job.noise_RZ.shape[1]), 0.5, np.float32)
        for share, now in ((0.5, 8.0), (1.0, 4.0)):
            distances = tuple(Distance(row, 10.0, now) for row, _label in job.targets)
            found = Inversion(noise, distances, job.photo_HW3[::2, ::2].copy(), share)
            progress(found)
        return found


def _critique(labels_HW: np.ndarray) -> Critique:
    """The lower half is real, the upper one is not."""
    height, width = labels_HW.shape
    realism = np.repeat(np.linspace(0, 1, height, dtype=np.float32)[:, None], width, 1)
    read = labels_HW.copy()
    read[:, : width // 4] = 1
    return Critique(realism, 5 * (1 - realism), read, np.full(labels_HW.shape, 0.9, np.float32), True)


def _segmentation(image_HW3: np.ndarray) -> Segmentation:
    height, width = image_HW3.shape[:2]
    labels = np.zeros((height, width), np.uint8)
    labels[:, : width // 4] = 1
    sure = np.full((height, width), 0.9, np.float32)
    sure[: height // 8] = 0.2
    return Segmentation(labels, sure)
