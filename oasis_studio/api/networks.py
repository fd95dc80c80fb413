"""The networks behind a model of the API: one renderer, one workshop, one caller at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from oasis_studio.api.cancelling import IsCancelled, never, telling_cancelled
from oasis_studio.api.locks import require_locks_fit
from oasis_studio.api.requests import MOST_ROWS
from oasis_studio.core.document.lock import Lock, with_locks
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.jobs import Inversion, Job
from oasis_studio.core.work.request import SynthesisRequest
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from oasis_studio.synthesis.rendering.renderer import EagerRenderer, to_bytes
from oasis_studio.synthesis.service.workshop import NetworkWorkshop

Answer = TypeVar("Answer")


class Networks:
    """``device`` and ``max_memory`` (bytes) as for :class:`~oasis_studio.synthesis.engine.renderer.EngineRenderer`."""

    def __init__(self, library: ModelLibrary, device: str, max_memory: int | None) -> None:
        self._library, self._device = library, device
        self._engine = EngineRenderer(library, device, max_memory=max_memory, forgets=True)
        self._workshop = NetworkWorkshop(library, device)
        self._turn = threading.Lock()

    def render(
        self,
        request: SynthesisRequest,
        precision: str,
        progress: Callable[[int, int], object] | None,
        is_cancelled: IsCancelled,
        locks: Sequence[Lock],
    ) -> np.ndarray:
        """(H, W, 3) uint8, with the pixels that ``locks`` keep; StudioError if one does not fit."""
        require_locks_fit(locks, request.labels_HW.shape)
        with self._turn, telling_cancelled():
            if len(request.noise_RZ) > MOST_ROWS:
                image_HW3 = to_bytes(self._plain(precision).render_float(request, is_cancelled))
            else:
                self._engine.precision = precision
                image_HW3 = self._engine.render(request, is_cancelled, _told(progress)).image_HW3
        return with_locks(image_HW3, locks)

    def render_float(
        self,
        request: SynthesisRequest,
        precision: str,
        progress: Callable[[int, int], object] | None,
        is_cancelled: IsCancelled,
    ) -> np.ndarray:
        """(H, W, 3) float32 in [−1, 1]."""
        with self._turn, telling_cancelled():
            if len(request.noise_RZ) > MOST_ROWS:
                return self._plain(precision).render_float(request, is_cancelled)
            self._engine.precision = precision
            return self._engine.render_float(request, is_cancelled, _told(progress))

    def work(
        self,
        job: Job,
        kind: type[Answer],
        on_progress: Callable[[float], object] | None = None,
        is_cancelled: IsCancelled = never,
    ) -> Answer:
        """The answer to a job, which is of that ``kind``; ``on_progress`` is told shares 0…1."""

        def tell(value: object) -> None:
            if on_progress is not None:
                on_progress(value.share if isinstance(value, Inversion) else float(value))  # type: ignore[arg-type]

        with self._turn, telling_cancelled():
            answer = self._workshop.work(job, tell, is_cancelled)
        assert isinstance(answer, kind), f"{type(job).__name__} was answered by {type(answer).__name__}"
        return answer

    def _plain(self, precision: str) -> EagerRenderer:
        """The network as it is: where every pixel has noise of its own, nothing can be computed once for several."""
        return EagerRenderer(self._library, self._device, precision)


def _told(progress: Callable[[int, int], object] | None) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(done, total)

    return tell
