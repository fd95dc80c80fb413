"""How far apart two sets of pictures are in a space of features, (N, D) float64 each."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def kernel(a_ND: Tensor, b_MD: Tensor) -> Tensor:
    """(N, M): the cubic kernel of KID (Bińkowski et al., ICLR 2018)."""
    return (a_ND @ b_MD.T / a_ND.shape[1] + 1) ** 3


def kernel_distance(real: Tensor, other: Tensor) -> float:
    """Unbiased squared MMD with that kernel: 0 in the mean for sets of one kind, and below 0 by chance."""
    return mmd(kernel(real, real), kernel(other, other), kernel(real, other))


def mmd(real_NN: Tensor, other_MM: Tensor, between_NM: Tensor) -> float:
    """Unbiased squared MMD from the values of a kernel."""
    n, m = between_NM.shape
    within_real = (real_NN.sum() - real_NN.diagonal().sum()) / (n * (n - 1))
    within_other = (other_MM.sum() - other_MM.diagonal().sum()) / (m * (m - 1))
    return float(within_real + within_other - 2 * between_NM.mean())


def frechet_distance(real: Tensor, other: Tensor) -> float:
    """‖μ − μ′‖² + tr(C + C′ − 2 (C½ C′ C½)½) of two Gaussians, as in FID (Heusel et al., NeurIPS 2017).

    Covariances of fewer pictures than features lie in the small space of the pictures, where alone eigenvalues are
    looked for.
    """
    a, b = _deviations(real), _deviations(other)
    gap = real.mean(dim=0) - other.mean(dim=0)
    rows = torch.cat([a, b])
    if len(rows) < rows.shape[1]:
        basis = torch.linalg.qr(rows.T).Q
        a, b = a @ basis, b @ basis
    # (C½ C′ C½)½ has the singular values of b aᵀ as its eigenvalues.
    cross = torch.linalg.svdvals(b @ a.T).sum()
    return float(gap.square().sum() + a.square().sum() + b.square().sum() - 2 * cross)


def _deviations(features_ND: Tensor) -> Tensor:
    """Rows R, no more than features, whose product RᵀR is the covariance."""
    rows = (features_ND - features_ND.mean(dim=0)) / math.sqrt(len(features_ND) - 1)
    return torch.linalg.qr(rows, mode="r").R if len(rows) > rows.shape[1] else rows
