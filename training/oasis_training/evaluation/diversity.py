"""How different the pictures of one label map are, and whether a change stays in its region."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.backbone.shared import shared_backbone
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.scenes import Scenes

MAPS, SEEDS = 12, 5
_CHUNK = 16
_OTHER_SEED = 10_000
_REGION_SHARES = (0.15, 0.35, 0.6)
"""Least, best and most of the picture that the region of a local change covers."""
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_WINDOW, _SIGMA = 11, 1.5


@dataclass(frozen=True, eq=False)
class Variety:
    """Pictures of M scenes, ``rows`` of the scenes: ``seeds`` (M, K, 3, H, W) of the whole, and one local change.

    ``changed`` (M, 3, H, W) differs from ``seeds[:, 0]`` in the noise of ``region`` (M, H, W) alone;
    ``has_region`` (M,) tells the scenes that have a region fit for it.
    """

    rows: Tensor
    seeds: Tensor
    changed: Tensor
    region: Tensor
    has_region: Tensor


def draw_variety(painter: Painter, scenes: Scenes) -> Variety:
    """Some scenes with several seeds, and with the noise of one region exchanged where the model has such."""
    rows = torch.linspace(0, len(scenes) - 1, min(MAPS, len(scenes))).round().long()
    labels = scenes.labels[rows]
    seeds = torch.stack([painter.pictures(labels, seed=_OTHER_SEED * number) for number in range(SEEDS)], dim=1)
    regions = [largest_fit(ids) for ids in labels]
    region = torch.stack([torch.zeros_like(labels[0], dtype=torch.bool) if r is None else r for r in regions])
    has_region = torch.tensor([r is not None for r in regions]) & painter.card.capabilities.has_region_noise
    changed = [
        painter.with_region(ids, mask, number, _OTHER_SEED + number) if fits else seeds[number, 0]
        for number, (ids, mask, fits) in enumerate(zip(labels, region, has_region.tolist(), strict=True))
    ]
    return Variety(rows, seeds, torch.stack(changed), region, has_region)


def largest_fit(labels_HW: Tensor) -> Tensor | None:
    """(H, W) bool: the class that covers most nearly a third of the picture; None if all are much smaller or larger."""
    least, best, most = _REGION_SHARES
    shares = torch.bincount(labels_HW.flatten()).double() / labels_HW.numel()
    fits = ((shares >= least) & (shares <= most)).nonzero()[:, 0]
    if not len(fits):
        return None
    return labels_HW == fits[(shares[fits] - best).abs().argmin()]


@torch.inference_mode()
def perceptual_distances(a_N3HW: Tensor, b_N3HW: Tensor) -> Tensor:
    """(N,) float64 on the CPU, 0 for equal pictures and about 2 for unrelated ones; pictures in [−1, 1].

    After LPIPS (Zhang et al., CVPR 2018): squared differences of the backbone's features, every pixel's channels scaled
    to length 1, as a mean over the pixels and over the five levels.
    """
    backbone = shared_backbone(a_N3HW.device)
    rows = []
    for a, b in zip(a_N3HW.split(_CHUNK), b_N3HW.split(_CHUNK), strict=True):
        pairs = zip(backbone.pyramid(a.float()), backbone.pyramid(b.float()), strict=True)
        apart = [(F.normalize(x, dim=1) - F.normalize(y, dim=1)).square().sum(dim=1) for x, y in pairs]
        rows.append(torch.stack([level.mean(dim=(1, 2)) for level in apart]).mean(dim=0))
    return torch.cat(rows).double().cpu()


def structural_similarities(a_N3HW: Tensor, b_N3HW: Tensor) -> Tensor:
    """(N,) MS-SSIM (Wang et al., 2003) of images in [−1, 1]; with fewer scales where they are small."""
    scales = max(1, min(len(_SCALE_WEIGHTS), int(math.log2(min(a_N3HW.shape[2:]) / _WINDOW)) + 1))
    weights = torch.tensor(_SCALE_WEIGHTS[:scales], dtype=torch.float64)
    weights = weights / weights.sum()
    result = torch.ones(len(a_N3HW), dtype=torch.float64)
    a, b = a_N3HW.double(), b_N3HW.double()
    for scale in range(scales):
        luminance, contrast = _similarity(a, b)
        factor = contrast * luminance if scale == scales - 1 else contrast
        result = result * factor.mean(dim=(1, 2, 3)).clamp(min=1e-6) ** weights[scale]
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    return result


def _similarity(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Luminance, and contrast times structure, at every pixel; the range of values is 2."""
    line = torch.arange(_WINDOW, dtype=torch.float64) - _WINDOW // 2
    bell = torch.exp(-(line**2) / (2 * _SIGMA**2))
    window = (bell[:, None] * bell / bell.sum() ** 2).expand(3, 1, -1, -1)

    def blurred(x: Tensor) -> Tensor:
        return F.conv2d(x, window, groups=3)

    mean_a, mean_b = blurred(a), blurred(b)
    variance_a, variance_b = blurred(a * a) - mean_a**2, blurred(b * b) - mean_b**2
    shared = blurred(a * b) - mean_a * mean_b
    c_1, c_2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    luminance = (2 * mean_a * mean_b + c_1) / (mean_a**2 + mean_b**2 + c_1)
    return luminance, (2 * shared + c_2) / (variance_a + variance_b + c_2)


def seed_pairs() -> list[tuple[int, int]]:
    """All pairs of the seeds of a scene."""
    return list(itertools.combinations(range(SEEDS), 2))


def locality(variety: Variety) -> tuple[Tensor, Tensor]:
    """(M,) mean absolute change inside the region and outside it; NaN without a region."""
    change = (variety.changed - variety.seeds[:, 0]).abs().mean(dim=1).double()
    inside = (change * variety.region).sum(dim=(1, 2)) / variety.region.sum(dim=(1, 2))
    outside = (change * ~variety.region).sum(dim=(1, 2)) / (~variety.region).sum(dim=(1, 2))
    missing = ~variety.has_region
    return inside.masked_fill(missing, math.nan), outside.masked_fill(missing, math.nan)
