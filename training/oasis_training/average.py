"""The exponential moving average of the generator, and the statistics that must follow it."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from oasis_studio.synthesis.generator import Generator
from oasis_studio.synthesis.spectral import settle_spectral_norms


class Average:
    """Average of the parameters; batch statistics and singular vectors are estimated anew by :meth:`settle`."""

    def __init__(self, generator: Generator, half_life: int) -> None:
        self.network = copy.deepcopy(generator).requires_grad_(False).eval()
        self.half_life = half_life
        self.updates = 0

    @torch.no_grad()
    def update(self, generator: Generator, batch: int) -> None:
        """Move towards ``generator``; the first updates move faster (warm-up)."""
        decay = min(0.5 ** (batch / self.half_life), (1 + self.updates) / (10 + self.updates))
        self.updates += 1
        for mean, weight in zip(self.network.parameters(), generator.parameters(), strict=True):
            mean.lerp_(weight, 1 - decay)

    @torch.no_grad()
    def settle(self, conditions: Iterable[Tensor]) -> None:
        """Cumulative batch statistics over ``conditions`` (N, C, H, W each) and converged singular vectors."""
        settle_spectral_norms(self.network)
        norms = [m for m in self.network.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
            norm.train()
        for condition_NCHW in conditions:
            self.network(condition_NCHW)
        for norm in norms:
            norm.momentum = 0.1
        self.network.eval()
