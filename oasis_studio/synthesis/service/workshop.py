"""Does the jobs of :mod:`oasis_studio.core.work.jobs` with the networks of the library's models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch

from oasis_studio.core.models.card import CARD_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.jobs import (
    CritiqueJob,
    EncodeJob,
    InversionJob,
    Job,
    Progress,
    ResampleJob,
    SegmentJob,
    StyleCode,
    check_cancelled,
)
from oasis_studio.i18n import _
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from oasis_studio.synthesis.models.checkpoint import open_encoder
from oasis_studio.synthesis.networks.image_encoder import SIDE
from oasis_studio.synthesis.photos.critic import Critic
from oasis_studio.synthesis.photos.inversion import Effort, Inverter, check_job
from oasis_studio.synthesis.photos.reading import PhotoReader, as_tensor
from oasis_studio.synthesis.photos.resampling import resample
from oasis_studio.synthesis.photos.segmenting import segment
from oasis_studio.synthesis.rendering.device import choose_device
from oasis_studio.synthesis.rendering.memory import MUCH_FREE, limit_caches, memory_guard, release_freed_memory
from oasis_studio.synthesis.rendering.opening import ModelSlot, folded

Stamp = tuple[Path, int, int]
Opener = Callable[[Path, ModelCard, torch.device], PhotoReader]


class NetworkWorkshop:
    """A :class:`~oasis_studio.core.work.jobs.Workshop`.

    Critic and reader of a model stay open, because every new photo is judged.
    """

    def __init__(self, library: ModelLibrary, device: str = "auto", effort: Effort | None = None) -> None:
        limit_caches()
        self._library = library
        self._device = choose_device(device)
        self._effort = effort
        self._open: dict[Opener, tuple[Stamp, PhotoReader]] = {}

    def work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        """As the protocol says."""
        try:
            return self._work(job, progress, is_stale)
        finally:
            release_freed_memory(MUCH_FREE)

    def _work(self, job: Job, progress: Progress, is_stale: Callable[[], bool]) -> object:
        folder, card = self._library.find(job.model)
        check_cancelled(is_stale)
        if isinstance(job, CritiqueJob):
            return self._critic(folder, card).judge(job.image_HW3, job.labels_HW)
        if isinstance(job, SegmentJob):
            reader = self._opened(PhotoReader.open, folder, card)
            return segment(reader, job.image_HW3, job.smallest, card.palette.dont_care)
        if isinstance(job, EncodeJob):
            return encode(folder, card, job.image_HW3, self._device)
        if isinstance(job, ResampleJob):
            critic = self._critic(folder, card)
            return resample(job, EngineRenderer(self._library, self._device.type), critic, progress, is_stale)
        return self._invert(job, progress, is_stale)

    def _invert(self, job: InversionJob, progress: Progress, is_stale: Callable[[], bool]) -> object:
        check_job(job)
        # A generator of its own: the photo on the screen goes on being rendered with the other one.
        model = ModelSlot(self._library, self._device).open(job.model)
        inverter = Inverter(model.generators[torch.float32], self._device)
        return inverter.invert(job, progress, is_stale, self._effort)

    def _critic(self, folder: Path, card: ModelCard) -> Critic:
        return Critic(self._opened(PhotoReader.open_critic, folder, card), card.critic)

    def _opened(self, opener: Opener, folder: Path, card: ModelCard) -> PhotoReader:
        """What ``opener`` opens: the same one until the model's files are others."""
        status = (folder / CARD_FILE).stat()
        stamp = (folder, status.st_mtime_ns, status.st_size)
        if opener not in self._open or self._open[opener][0] != stamp:
            self._open.pop(opener, None)  # two large models need not fit at once
            with memory_guard(_("opening the model")):
                self._open[opener] = (stamp, opener(folder, card, self._device))
        return self._open[opener][1]


def encode(folder: Path, card: ModelCard, image_HW3: np.ndarray, device: torch.device) -> StyleCode:
    """The style code of a photo: the mean that the model's encoder finds. StudioError if it has none."""
    with memory_guard(_("reading the photo")):
        encoder = folded(open_encoder(folder, card)).to(device)
        with torch.inference_mode():
            # Squeezed into a square, as the encoder was trained.
            square = np.asarray(cv2.resize(image_HW3, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
            mean_NS, _variance = encoder(as_tensor(square, device))
    return StyleCode(mean_NS[0].float().cpu().numpy())
