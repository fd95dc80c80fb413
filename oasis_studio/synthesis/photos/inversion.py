"""The noise of regions found from a photo: through the frozen generator, the best of many draws, then least squares.

Only the noise of the wanted regions changes. Small pictures come first: there a step takes a quarter of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.work.jobs import Distance, Inversion, InversionJob, Progress, check_cancelled
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _
from oasis_studio.synthesis.backbone.network import GRID
from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_studio.synthesis.photos import least_squares
from oasis_studio.synthesis.photos.likeness import (
    Statistics,
    colour_differences,
    colour_distance,
    feature_distance,
    features,
    lab,
    statistics,
)
from oasis_studio.synthesis.photos.reading import as_tensor
from oasis_studio.synthesis.rendering.memory import memory_guard
from oasis_studio.synthesis.rendering.renderer import to_bytes

_DRAWS = 64
_BATCH = 4
_FEATURE_WEIGHT = 0.03
_PRIOR = 2.0
"""Lab units that noise may cost for each time it is longer than usual: far out, photos stop looking like photos."""
_EPSILON = 1e-6
_NEAR = 4.0
"""Lab units; nearer than this a region looks alike, and its features count no less than those of this one."""
_ALIKE = 0.005
"""Share of the distance; steps that gain less are not worth their time."""


@dataclass(frozen=True)
class Effort:
    """Most ``draws``, then ``small`` steps at half the size and ``full`` ones; ``seconds`` end each of the three."""

    draws: int = _DRAWS
    small: int = 12
    full: int = 6
    seconds: tuple[float, float, float] = (10.0, 16.0, 24.0)


@dataclass(frozen=True)
class _Size:
    """The problem at one size: label map and regions (1, h, w), masks of the targets, what is wanted of them."""

    labels_NHW: Tensor
    regions_NHW: Tensor
    masks_THW: Tensor
    colours: Statistics
    features: Statistics | None


class Inverter:
    """Finds noise for a ``generator`` that nobody trains, by colours and by the features of the backbone.

    Where the backbone cannot be used, colours alone decide.
    """

    def __init__(self, generator: SynthesisNetwork[Any], device: torch.device) -> None:
        self._generator = generator.requires_grad_(False)
        self._device = device

    def invert(
        self, job: InversionJob, progress: Progress, is_stale: Callable[[], bool], effort: Effort | None = None
    ) -> Inversion:
        """Look for it; ``progress`` is told shares and :class:`Inversion` values. StudioError: nothing of the class."""
        effort = effort or Effort()
        check_job(job)
        with memory_guard(_("finding a style")):
            native = min(self._generator.config.native_width, self._generator.config.native_height)
            full, small = self._at(job, native), self._at(job, native // 2)
            search = _Search(self, job, full, small, progress, is_stale)
            search.draw(effort)
            search.descend(small, effort.small, effort.seconds[1], (0.25, 0.6))
            search.descend(full, effort.full, effort.seconds[2], (0.6, 1.0))
            return search.finish()

    def render(self, size: _Size, noise_NRZ: Tensor) -> Tensor:
        """(N, 3, h, w) in [−1, 1] for N sets of noise."""
        count = len(noise_NRZ)
        labels, regions = (ids.expand(count, -1, -1) for ids in (size.labels_NHW, size.regions_NHW))
        seen = self._generator.condition(labels, regions, noise_NRZ)
        return self._generator(seen.contiguous(memory_format=torch.channels_last))

    def distances(self, size: _Size, image_N3HW: Tensor) -> Tensor:
        """(N, T) in Lab units."""
        return colour_distance(statistics([lab(image_N3HW)], size.masks_THW), size.colours)

    def residuals(self, size: _Size, noise_NRZ: Tensor, scale_T: Tensor) -> Tensor:
        """(N, T, 6 or 7) in Lab units: how far mean and spread are off, and the features where they are known.

        ``scale_T`` is what a difference of features weighs in a region.
        """
        image_N3HW = self.render(size, noise_NRZ)
        found = colour_differences(statistics([lab(image_N3HW)], size.masks_THW), size.colours)
        if size.features is None:
            return found
        seen = statistics(features(_on_grid(image_N3HW)), size.masks_THW)
        unlike = (_FEATURE_WEIGHT * feature_distance(seen, size.features) + _EPSILON).sqrt() * scale_T
        return torch.cat([found, unlike[..., None]], dim=2)

    def _at(self, job: InversionJob, side: int) -> _Size:
        """The problem with about ``side`` pixels on the short side, no larger than it is."""
        height, width = job.labels_HW.shape
        grid = self._generator.config.grid
        scale = min(1.0, side / min(height, width))
        size = tuple(max(grid, round(length * scale / grid) * grid) for length in (height, width))
        labels, regions = (self._ids(ids, size) for ids in (job.labels_HW, job.regions_HW))
        masks = torch.stack([self._mask(job.regions_HW == row, size) for row, _label in job.targets])
        photo, wanted = self._photo(job, side)
        seen = None
        with suppress(StudioError):  # the backbone's file is missing or damaged, which its other users say
            seen = statistics(features(_on_grid(photo)), wanted)
        colours = statistics([lab(photo)], wanted)
        return _Size(labels, regions, masks, colours, seen)

    def _photo(self, job: InversionJob, side: int) -> tuple[Tensor, Tensor]:
        """(1, 3, h, w) of the reference, and (T, h, w) where the classes of the targets are in it."""
        height, width = job.photo_HW3.shape[:2]
        scale = min(1.0, side / min(height, width))
        size = (max(1, round(height * scale)), max(1, round(width * scale)))
        image = cv2.resize(job.photo_HW3, (size[1], size[0]), interpolation=cv2.INTER_AREA)
        photo = as_tensor(np.asarray(image), self._device)
        return photo, torch.stack([self._mask(job.photo_labels_HW == label, size) for _row, label in job.targets])

    def _ids(self, ids_HW: np.ndarray, size: tuple[int, ...]) -> Tensor:
        small = cv2.resize(ids_HW.astype(np.float32), (size[1], size[0]), interpolation=cv2.INTER_NEAREST)
        return torch.from_numpy(np.asarray(small).astype(np.int64))[None].to(self._device)

    def _mask(self, mask_HW: np.ndarray, size: tuple[int, ...]) -> Tensor:
        """By area, so that the smallest region keeps some weight."""
        area = cv2.resize(mask_HW.astype(np.float32), (size[1], size[0]), interpolation=cv2.INTER_AREA)
        return torch.from_numpy(np.asarray(area, np.float32)).to(self._device)


class _Search:
    """The noise found so far, and how good it is."""

    def __init__(
        self,
        inverter: Inverter,
        job: InversionJob,
        full: _Size,
        small: _Size,
        progress: Progress,
        is_stale: Callable[[], bool],
    ) -> None:
        self._inverter, self._job, self._full, self._small = inverter, job, full, small
        self._progress, self._is_stale = progress, is_stale
        device = full.labels_NHW.device
        self._noise_RZ = torch.from_numpy(np.array(job.noise_RZ, np.float32)).to(device)
        self._rows = torch.tensor([row for row, _label in job.targets], device=device)
        self._best_TZ = self._noise_RZ[self._rows].clone()
        with torch.no_grad():
            self._image = inverter.render(full, self._noise_RZ[None])
            self._before_T = inverter.distances(full, self._image)[0]
        self._now_T = self._before_T.clone()
        self._start_TZ = self._found_TZ = self._best_TZ.clone()
        self._scale_T = self._before_T.clamp(min=_NEAR)

    def draw(self, effort: Effort) -> None:
        """For every target the best of the noise it has and of many draws, at the small size."""
        draws = np.random.default_rng(self._job.seed).standard_normal((effort.draws, *self._best_TZ.shape))
        start = self._best_TZ[None]
        candidates = torch.cat([start, torch.from_numpy(draws.astype(np.float32)).to(start.device)])
        losses: list[Tensor] = []
        deadline = time.monotonic() + effort.seconds[0]
        for chunk in candidates.split(_BATCH):
            if losses and time.monotonic() > deadline:
                break
            self._check()
            with torch.no_grad():
                losses.append(self._residuals(self._small, chunk).square().sum(dim=2))
            self._progress(min(0.25, 0.25 * len(losses) * _BATCH / len(candidates)))
        best = torch.cat(losses).argmin(dim=0)
        self._found_TZ = candidates[best, torch.arange(len(best), device=best.device)]
        self._take(self._found_TZ)
        self._progress(self.answer(0.25))

    def descend(self, size: _Size, steps: int, seconds: float, shares: tuple[float, float]) -> None:
        """Least squares, from what was found so far."""
        deadline, before = time.monotonic() + seconds, float("inf")
        walk = least_squares.descend(partial(self._residuals, size), self._found_TZ, self._check)
        for step, found in enumerate(islice(walk, steps)):
            self._found_TZ = found.vectors_TZ
            share = shares[0] + (shares[1] - shares[0]) * (step + 1) / steps
            if size is self._full and found.loss < before:
                self._take(self._found_TZ)
                self._progress(self.answer(share))
            else:
                self._progress(share)
            if time.monotonic() > deadline or (1 - _ALIKE) * before < found.loss < before:
                break
            before = found.loss
        self._take(self._found_TZ)
        self._progress(self.answer(shares[1]))

    def finish(self) -> Inversion:
        """A region that is no nearer than before keeps the noise it had, if its neighbours allow."""
        for _round in range(2):
            is_worse_T = self._now_T > self._before_T
            if not is_worse_T.any():
                break
            self._put(torch.where(is_worse_T[:, None], self._start_TZ, self._best_TZ))
        return self.answer(1.0)

    def answer(self, share: float) -> Inversion:
        """The best so far."""
        rows = [row for row, _label in self._job.targets]
        pairs = zip(rows, self._before_T.tolist(), self._now_T.tolist(), strict=True)
        image = to_bytes(self._image[0].permute(1, 2, 0).cpu().numpy())
        return Inversion(
            self._best_TZ.cpu().numpy(), tuple(Distance(row, before, now) for row, before, now in pairs), image, share
        )

    def _take(self, vectors_TZ: Tensor) -> None:
        """Keep them if at the full size the regions are nearer than they were, all in all."""
        kept = (self._best_TZ, self._image, self._now_T)
        self._put(vectors_TZ)
        if float(self._now_T.sum()) > float(kept[2].sum()):
            self._best_TZ, self._image, self._now_T = kept

    def _put(self, vectors_TZ: Tensor) -> None:
        with torch.no_grad():
            self._image = self._inverter.render(self._full, self._placed(vectors_TZ[None]))
            self._now_T = self._inverter.distances(self._full, self._image)[0]
        self._best_TZ = vectors_TZ

    def _residuals(self, size: _Size, vectors_NTZ: Tensor) -> Tensor:
        """(N, T, K): what is off, and what unusual noise costs."""
        off = self._inverter.residuals(size, self._placed(vectors_NTZ), self._scale_T)
        return torch.cat([off, _PRIOR * _excess(vectors_NTZ)[..., None]], dim=2)

    def _check(self) -> None:
        check_cancelled(self._is_stale)

    def _placed(self, vectors_NTZ: Tensor) -> Tensor:
        """(N, R, Z): the noise of everything, with these vectors for the targets."""
        return self._noise_RZ.expand(len(vectors_NTZ), -1, -1).index_copy(1, self._rows, vectors_NTZ)


def check_job(job: InversionJob) -> None:
    """StudioError unless every target has pixels, in the drawing and in the photo."""
    if not job.targets:
        raise StudioError(_("No region is chosen that could take a style."))
    rows = {row for row, _label in job.targets}
    if len(rows) < len(job.targets) or not rows <= set(np.unique(job.regions_HW).tolist()):
        raise StudioError(_("A chosen region has no pixels any more."))
    if any(not (job.photo_labels_HW == label).any() for _row, label in job.targets):
        raise StudioError(
            _("The photo shows nothing of what the chosen region is."),
            _("Choose another photo, or regions of classes that are in it."),
        )


def _excess(vectors_NTZ: Tensor) -> Tensor:
    """(N, T): how much longer than usual such noise is, in usual lengths; 0 below it (N(0, 1) has mean square 1)."""
    return ((vectors_NTZ.square().mean(dim=2) + _EPSILON).sqrt() - 1).clamp(min=0)


def _on_grid(image_N3HW: Tensor) -> Tensor:
    """Padded by its edge up to the backbone's grid."""
    height, width = image_N3HW.shape[2:]
    return F.pad(image_N3HW, (0, -width % GRID, 0, -height % GRID), mode="replicate")
