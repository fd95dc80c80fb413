"""How far apart two sets of pictures are in a space of features, (N, D) float64 each."""

from __future__ import annotations

import torch
from torch import Tensor


def scaled(features_ND: Tensor, reference_ND: Tensor) -> Tensor:
    """Every feature with the mean 0 and the deviation 1 that it has in ``reference_ND``."""
    return (features_ND - reference_ND.mean(dim=0)) / reference_ND.std(dim=0).clamp(min=1e-6)


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
    """Fréchet distance of two Gaussians; the covariances are shrunk (OAS), for pictures may be fewer than features."""
    return _frechet(real, other, shrunk_covariance(real), shrunk_covariance(other))


def plain_frechet_distance(real: Tensor, other: Tensor) -> float:
    """The same with the covariances as they are: that of FID (Heusel et al., NeurIPS 2017)."""
    return _frechet(real, other, torch.cov(real.T), torch.cov(other.T))


def _frechet(real: Tensor, other: Tensor, a: Tensor, b: Tensor) -> float:
    mean_gap = (real.mean(dim=0) - other.mean(dim=0)).square().sum()
    values, vectors = torch.linalg.eigh(a)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    product = torch.linalg.eigvalsh(root @ b @ root).clamp(min=0).sqrt().sum()
    return float(mean_gap + a.trace() + b.trace() - 2 * product)


def shrunk_covariance(features_ND: Tensor) -> Tensor:
    """(D, D): the oracle approximating shrinkage towards equal variances (Chen, Wiesel et al., 2010)."""
    count, size = features_ND.shape
    covariance = torch.cov(features_ND.T, correction=0)
    level = covariance.trace() / size
    squares = covariance.square().mean()
    amount = (squares + level**2) / ((count + 1) * (squares - level**2 / size)).clamp(min=1e-12)
    amount = amount.clamp(max=1)
    return (1 - amount) * covariance + amount * level * torch.eye(size, dtype=covariance.dtype)
