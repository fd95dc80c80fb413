"""How far apart two sets of pictures are in a space of features, (N, D) float64 each."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    return _frechet(_Gaussian.shrunk(real), _Gaussian.shrunk(other))


def plain_frechet_distance(real: Tensor, other: Tensor) -> float:
    """The same with the covariances as they are: that of FID (Heusel et al., NeurIPS 2017)."""
    return _frechet(_Gaussian.plain(real), _Gaussian.plain(other))


@dataclass(frozen=True)
class _Gaussian:
    """Mean (D,), and the covariance ``rows``ᵀ ``rows`` + ``floor`` · identity, with rows (n, D)."""

    mean: Tensor
    rows: Tensor
    floor: float = 0.0

    @classmethod
    def plain(cls, features_ND: Tensor) -> _Gaussian:
        mean = features_ND.mean(dim=0)
        return cls(mean, (features_ND - mean) / math.sqrt(len(features_ND) - 1))

    @classmethod
    def shrunk(cls, features_ND: Tensor) -> _Gaussian:
        """Oracle approximating shrinkage towards equal variances (Chen, Wiesel et al., 2010)."""
        count, size = features_ND.shape
        mean = features_ND.mean(dim=0)
        rows = (features_ND - mean) / math.sqrt(count)
        level = float(rows.square().sum()) / size
        gram = rows @ rows.T if count < size else rows.T @ rows  # both have the squares of the covariance
        squares = float(gram.square().sum()) / size**2
        amount = (squares + level**2) / max((count + 1) * (squares - level**2 / size), 1e-12)
        amount = min(amount, 1.0)
        return cls(mean, rows * math.sqrt(1 - amount), amount * level)

    def within(self, basis_DK: Tensor) -> Tensor:
        """(K, K): the covariance in the space of an orthonormal basis."""
        rows = self.rows @ basis_DK
        return rows.T @ rows + self.floor * torch.eye(basis_DK.shape[1], dtype=rows.dtype)

    def trace(self) -> float:
        return float(self.rows.square().sum()) + self.floor * self.rows.shape[1]


def _frechet(a: _Gaussian, b: _Gaussian) -> float:
    """‖μa − μb‖² + tr(A + B − 2 (A½ B A½)½).

    Outside the space of the rows of both, the covariances are multiples of the identity: with fewer pictures than
    features only that small space needs eigenvalues.
    """
    size = a.rows.shape[1]
    rows = torch.cat([a.rows, b.rows])
    basis = torch.linalg.qr(rows.T).Q if len(rows) < size else torch.eye(size, dtype=rows.dtype)
    values, vectors = torch.linalg.eigh(a.within(basis))
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    inside = torch.linalg.eigvalsh(root @ b.within(basis) @ root).clamp(min=0).sqrt().sum()
    outside = (size - basis.shape[1]) * math.sqrt(a.floor * b.floor)
    return float((a.mean - b.mean).square().sum()) + a.trace() + b.trace() - 2 * (float(inside) + outside)
