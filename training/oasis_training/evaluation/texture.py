"""Texture without any network: patches, frequencies, and patterns that repeat."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

_PATCH = 7
_PATCHES = 32
_DIRECTIONS = 64
_LEVELS = 4
_LEAST_SHARE = 0.08
"""Of the picture, for a region to be looked at for repetition."""
_FLAT = 1e-4
"""Variance of a region without detail: that of about one 8-bit step."""
_GRID = 16
"""Pixels between the lines of the pattern that generators leave."""
_AROUND = 3
"""Frequencies between one of the grid and those it is compared with: a window spreads power over two."""
_LEAST_OVERLAP = 0.3
"""Of a region with itself, moved: less tells nothing."""


def level_deviations(image_N3HW: Tensor) -> list[Tensor]:
    """(3,) the deviation of every channel of every Laplacian level."""
    return [level.std(dim=(0, 2, 3)).clamp(min=1e-6) for level in laplacian_levels(image_N3HW, _LEVELS)]


def patch_projections(image_N3HW: Tensor, deviations: list[Tensor]) -> list[Tensor]:
    """(N, patches, directions) of every level: random patches along random directions (Karras et al., ICLR 2018).

    ``deviations`` are those of the photos for photos and pictures, so that too little contrast is told.
    """
    draws = torch.Generator().manual_seed(7)
    found = []
    for level, deviation in zip(laplacian_levels(image_N3HW, _LEVELS), deviations, strict=True):
        directions = F.normalize(torch.randn(3 * _PATCH**2, _DIRECTIONS, generator=draws), dim=0)
        height, width = level.shape[2] - _PATCH + 1, level.shape[3] - _PATCH + 1
        chosen = torch.randint(0, height * width, (len(level), _PATCHES), generator=draws)
        found.append(_projected(level / deviation[:, None, None], chosen, width, directions))
    return found


def _projected(level_N3HW: Tensor, chosen_NP: Tensor, width: int, directions: Tensor) -> Tensor:
    line = torch.arange(_PATCH)
    rows = (chosen_NP // width)[..., None, None] + line[:, None]
    columns = (chosen_NP % width)[..., None, None] + line[None, :]
    picture = torch.arange(len(level_N3HW))[:, None, None, None]
    patches = level_N3HW.movedim(1, -1)[picture, rows, columns]  # (N, P, 7, 7, 3)
    return patches.flatten(start_dim=2) @ directions


def laplacian_levels(image_N3HW: Tensor, count: int) -> list[Tensor]:
    """What every halving takes away, and last what is left."""
    levels, x = [], image_N3HW
    for _level in range(count - 1):
        if min(x.shape[2:]) // 2 < _PATCH:
            break
        small = F.avg_pool2d(x, 2, ceil_mode=True)
        levels.append(x - F.interpolate(small, size=x.shape[2:], mode="bilinear"))
        x = small
    return [*levels, x]


def sliced_distance(real: list[Tensor], other: list[Tensor]) -> float:
    """Sliced Wasserstein distance of patches, mean over levels and directions, in deviations × 1000."""
    total = 0.0
    for a, b in zip(real, other, strict=True):
        x, y = (rows.flatten(end_dim=1).sort(dim=0).values for rows in (a, b))
        count = min(len(x), len(y))
        x, y = x[:: len(x) // count][:count], y[:: len(y) // count][:count]
        total += float((x - y).abs().mean())
    return 1000 * total / len(real)


def power_spectra(image_N3HW: Tensor) -> Tensor:
    """(N, bins): logarithm to base 10 of the power at every spatial frequency, one bin a cycle per picture."""
    power = _power(image_N3HW)
    height, width = power.shape[1:]
    down, across = torch.fft.fftfreq(height)[:, None] * height, torch.fft.fftfreq(width)[None] * width
    radius = (down.square() + across.square()).sqrt().round().long()
    bins = min(height, width) // 2
    inside = (radius > 0) & (radius <= bins)
    index = radius[inside] - 1
    total = torch.zeros(len(power), bins, dtype=torch.float64).index_add_(1, index, power[:, inside])
    return (total / torch.bincount(index, minlength=bins) + 1e-9).log10()


def grid_power(image_N3HW: Tensor) -> Tensor:
    """(N,): decibels by which the power at the frequencies of a grid of 16 pixels exceeds that at frequencies nearby.

    A generator doubles its features' size several times. What that leaves shows as a woven pattern, whose power lies
    at the grid's frequencies and their multiples; photos have no more power there than around them. NaN for pictures
    that are too small or not whole multiples of the grid.
    """
    height, width = image_N3HW.shape[2:]
    down, across = height // _GRID, width // _GRID
    if height % _GRID or width % _GRID or min(down, across) < 2 * _AROUND:
        return torch.full((len(image_N3HW),), torch.nan, dtype=torch.float64)
    power = (_power(image_N3HW) + 1e-9).log10()
    steps = [(y, x) for y in (-_AROUND, 0, _AROUND) for x in (-_AROUND, 0, _AROUND) if (y, x) != (0, 0)]
    around = torch.stack([power.roll(step, dims=(1, 2)) for step in steps]).mean(dim=0)
    at_grid = (power - around)[:, ::down, ::across].flatten(start_dim=1)
    return 10 * at_grid[:, 1:].mean(dim=1)  # the first one is the picture's mean


def _power(image_N3HW: Tensor) -> Tensor:
    """(N, H, W) of the brightness at every frequency, with a window so that borders do not count."""
    grey = image_N3HW.mean(dim=1).double()
    height, width = grey.shape[1:]
    window = torch.hann_window(height, dtype=torch.float64)[:, None] * torch.hann_window(width, dtype=torch.float64)
    return torch.fft.fft2((grey - grey.mean(dim=(1, 2), keepdim=True)) * window).abs().square()


def spectrum_distance(real_NB: Tensor, other_NB: Tensor) -> float:
    """Mean difference of two sets' power over all frequencies, in decibels."""
    return float(10 * (real_NB.mean(dim=0) - other_NB.mean(dim=0)).abs().mean())


def repetitions(image_N3HW: Tensor, labels_NHW: Tensor) -> Tensor:
    """(N,): how much the larger regions of a picture resemble themselves a step aside; NaN without such a region.

    The highest autocorrelation of the fine detail inside a region, at least a sixteenth of the picture away: 1 for a
    pattern that repeats, about 0.1 for grass.
    """
    grey = image_N3HW.mean(dim=1).numpy()
    side = min(grey.shape[1:])
    scores = []
    for picture, labels in zip(grey, labels_NHW.numpy(), strict=True):
        detail = picture - cv2.GaussianBlur(picture, (0, 0), side / 16)
        ids, pixels = np.unique(labels, return_counts=True)
        large = ids[pixels >= _LEAST_SHARE * labels.size]
        found = [_repetition(detail, labels == number, side) for number in large]
        scores.append(np.mean(found) if found else np.nan)
    return torch.tensor(np.array(scores), dtype=torch.float64)


def _repetition(detail_HW: np.ndarray, mask_HW: np.ndarray, side: int) -> float:
    inside = np.where(mask_HW, detail_HW - detail_HW[mask_HW].mean(), 0.0)
    size = tuple(2 * length for length in mask_HW.shape)
    moved = np.fft.irfft2(np.abs(np.fft.rfft2(inside, size)) ** 2, size)
    overlap = np.fft.irfft2(np.abs(np.fft.rfft2(mask_HW.astype(np.float64), size)) ** 2, size)
    down, across = (np.abs(np.fft.fftfreq(length) * length) for length in size)
    distance = np.hypot(down[:, None], across[None])
    counts = (overlap >= _LEAST_OVERLAP * overlap[0, 0]) & (distance >= side / 16) & (distance <= side / 3)
    variance = moved[0, 0] / overlap[0, 0]
    if not counts.any() or variance < _FLAT:
        return 0.0
    return float((moved[counts] / overlap[counts]).max() / variance)
