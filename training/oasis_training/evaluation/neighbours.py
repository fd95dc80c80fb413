"""Fidelity, coverage and copying, from the nearest neighbours of pictures in a space of features."""

from __future__ import annotations

import torch
from torch import Tensor

REACH = 3
"""Neighbours of precision and recall (Kynkäänniemi et al., NeurIPS 2019)."""
DENSE_REACH = 5
"""Neighbours of density and coverage (Naeem et al., ICML 2020)."""


def radius(within_NN: Tensor, neighbours: int) -> Tensor:
    """(N,): distance of every picture to its k-th neighbour in its own set."""
    count = len(within_NN)
    return within_NN.kthvalue(min(neighbours + 1, count), dim=1).values  # the first is the picture itself


def precision(real_NN: Tensor, between_NM: Tensor) -> float:
    """Share of the pictures (M) that lie among the photos (N)."""
    return float((between_NM <= radius(real_NN, REACH)[:, None]).any(dim=0).double().mean())


def recall(other_MM: Tensor, between_NM: Tensor) -> float:
    """Share of the photos that lie among the pictures."""
    return float((between_NM <= radius(other_MM, REACH)[None]).any(dim=1).double().mean())


def density(real_NN: Tensor, between_NM: Tensor) -> float:
    """Photos in whose neighbourhood a picture lies, per neighbour asked for; 1 for sets of one kind, and unbounded."""
    return float((between_NM <= radius(real_NN, DENSE_REACH)[:, None]).double().sum(dim=0).mean() / DENSE_REACH)


def coverage(real_NN: Tensor, between_NM: Tensor) -> float:
    """Share of the photos that have a picture in their neighbourhood."""
    return float((between_NM <= radius(real_NN, DENSE_REACH)[:, None]).any(dim=1).double().mean())


def copying_ratios(pictures_ND: Tensor, held_out_ND: Tensor, trained_MD: Tensor) -> Tensor:
    """(N,): distance to the nearest photo trained on over that to the nearest held-out one; below 1 smells of copying.

    Row i of ``pictures_ND`` was made from the label map of row i of ``held_out_ND``, which is passed over. Both sides
    offer equally many photos: those trained on are taken in turns of that size, and the mean of the turns counts.
    """
    between = torch.cdist(pictures_ND, held_out_ND)
    between.fill_diagonal_(torch.inf)
    seen = torch.cdist(pictures_ND, trained_MD)
    size = min(len(held_out_ND) - 1, len(trained_MD))
    order = torch.randperm(len(trained_MD), generator=torch.Generator().manual_seed(0))
    turns = [seen[:, part].min(dim=1).values for part in order.split(size) if len(part) == size]
    return torch.stack(turns).mean(dim=0) / between.min(dim=1).values.clamp(min=1e-12)
