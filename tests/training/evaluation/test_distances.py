"""Distances of feature sets: what theory says of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from oasis_training.evaluation.distances import frechet_distance, kernel_distance


def draw(count: int, size: int, seed: int, shift: float = 0.0, spread: float = 1.0) -> torch.Tensor:
    rows = np.random.default_rng(seed).normal(shift, spread, (count, size))
    return torch.from_numpy(rows)


def test_the_kernel_distance_of_one_kind_is_zero_in_the_mean() -> None:
    values = [kernel_distance(draw(60, 8, seed), draw(40, 8, 1000 + seed)) for seed in range(60)]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))
    assert min(values) < 0 < max(values)


def test_the_kernel_distance_by_hand() -> None:
    x, y = draw(5, 3, 1), draw(4, 3, 2)

    def k(a: torch.Tensor, b: torch.Tensor) -> float:
        return float((a @ b / 3 + 1) ** 3)

    xx = np.mean([k(a, b) for i, a in enumerate(x) for j, b in enumerate(x) if i != j])
    yy = np.mean([k(a, b) for i, a in enumerate(y) for j, b in enumerate(y) if i != j])
    xy = np.mean([k(a, b) for a in x for b in y])
    assert kernel_distance(x, y) == pytest.approx(xx + yy - 2 * xy)


def test_the_frechet_distance_of_known_gaussians() -> None:
    real, other = draw(40_000, 3, 1), draw(40_000, 3, 2, shift=2.0, spread=3.0)
    assert frechet_distance(real, other) == pytest.approx(3 * 2.0**2 + 3 * (3 - 1) ** 2, rel=0.03)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-6)


def dense(a: torch.Tensor, b: torch.Tensor, gap: torch.Tensor) -> float:
    values, vectors = torch.linalg.eigh(a)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ b @ root).clamp(min=0).sqrt().sum()
    return float(gap.square().sum() + a.trace() + b.trace() - 2 * cross)


@pytest.mark.parametrize("counts", [(10, 14), (200, 300), (30, 12)])
def test_few_pictures_give_the_number_that_whole_matrices_give(counts: tuple[int, int]) -> None:
    real, other = draw(counts[0], 40, 3), draw(counts[1], 40, 4, shift=0.5, spread=2.0)
    gap = real.mean(dim=0) - other.mean(dim=0)
    assert frechet_distance(real, other) == pytest.approx(dense(real.T.cov(), other.T.cov(), gap))
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-6)
