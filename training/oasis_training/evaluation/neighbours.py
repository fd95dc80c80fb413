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


def copying_ratios(pictures_NPD: Tensor, held_out_NPD: Tensor, trained_MPD: Tensor) -> Tensor:
    """(N,): distance to the nearest photo trained on over that to the nearest held-out one; below 1 smells of copying.

    P patches of a picture look for their neighbours alone. Picture i was made from the label map of held-out photo i,
    which is passed over. Both sides offer equally many photos: those trained on are taken in turns of that number, and
    the mean over the turns counts.
    """
    between, seen = _nearest_patch(pictures_NPD, held_out_NPD), _nearest_patch(pictures_NPD, trained_MPD)
    own = torch.arange(len(pictures_NPD))
    between[own, :, own] = torch.inf
    size = min(len(held_out_NPD) - 1, len(trained_MPD))
    order = torch.randperm(len(trained_MPD), generator=torch.Generator().manual_seed(0))
    turns = [seen[:, :, part].min(dim=2).values for part in order.split(size) if len(part) == size]
    ratio = torch.stack(turns).mean(dim=0) / between.min(dim=2).values.clamp(min=1e-9)
    return ratio.mean(dim=1)


def _nearest_patch(pictures_NPD: Tensor, photos_MPD: Tensor) -> Tensor:
    """(N, P, M): distance of every patch to the nearest patch of every photo."""
    count, patches, size = pictures_NPD.shape
    distances = torch.cdist(pictures_NPD.reshape(-1, size).float(), photos_MPD.reshape(-1, size).float())
    return distances.reshape(count, patches, len(photos_MPD), -1).min(dim=3).values
