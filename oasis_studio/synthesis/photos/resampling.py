"""Another seed for one region: the best of a few tries by the critic's judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.work.jobs import JobCancelled, Progress, ResampleJob, Resampling, check_cancelled
from oasis_studio.core.work.request import Quality, Renderer, SynthesisCancelled
from oasis_studio.synthesis.photos.critic import Critic


def resample(
    job: ResampleJob, renderer: Renderer, critic: Critic, progress: Progress, is_stale: Callable[[], bool]
) -> Resampling:
    """Render the drawing with every seed in turn; the one that surprises least inside the region, if it beats now."""
    scores = []
    for count, seed in enumerate((None, *job.seeds)):
        check_cancelled(is_stale)
        noise = np.array(job.request.noise_RZ, np.float32)
        if seed is not None:
            noise[job.row] = noise_vector(seed, noise.shape[1])
        request = replace(job.request, noise_RZ=noise, quality=Quality.PREVIEW)
        try:
            image = renderer.render(request, is_stale).image_HW3
        except SynthesisCancelled as error:
            raise JobCancelled from error
        scores.append(float(critic.judge(image, request.labels_HW).surprise_HW[job.mask_HW].mean()))
        progress((count + 1) / (len(job.seeds) + 1))
    before, *tried = scores
    best = int(np.argmin(tried)) if tried else 0
    if not tried or tried[best] >= before:
        return Resampling(None, before, before)
    return Resampling(job.seeds[best], before, tried[best])
