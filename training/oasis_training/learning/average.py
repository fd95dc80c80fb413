"""The exponential moving average of the generator, and the statistics that must follow it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_studio.synthesis.networks.spectral import SpectralConv2d, settle_spectral_norms


class Average:
    """Average of the parameters; what else a network needs is estimated anew by :meth:`settled`."""

    def __init__(self, generator: SynthesisNetwork[Any], half_life: int) -> None:
        """``half_life`` in images; 0: no average, always the generator itself."""
        self.network = copy.deepcopy(generator).requires_grad_(False).eval()
        self.half_life = half_life
        self.updates = 0

    @torch.no_grad()
    def update(self, generator: SynthesisNetwork[Any], batch: int) -> None:
        """Move towards ``generator``; the first updates move faster (warm-up)."""
        decay = min(0.5 ** (batch / self.half_life), (1 + self.updates) / (10 + self.updates)) if self.half_life else 0
        self.updates += 1
        for mean, weight in zip(self.network.parameters(), generator.parameters(), strict=True):
            mean.lerp_(weight, 1 - decay)

    @torch.no_grad()
    def settled(
        self, generator: SynthesisNetwork[Any], conditions: Iterable[tuple[Tensor, Tensor | None]]
    ) -> SynthesisNetwork[Any]:
        """A copy fit for rendering: converged norms, and cumulative batch statistics over ``conditions`` with styles.

        It is a copy so that looking at a run does not change it.
        """
        network = copy.deepcopy(self.network)
        for ours, theirs in zip(network.modules(), generator.modules(), strict=True):
            if isinstance(ours, SpectralConv2d) and isinstance(theirs, SpectralConv2d):
                ours.weight_u.copy_(theirs.weight_u)  # those of a neighbour converge sooner than stale ones
                ours.weight_v.copy_(theirs.weight_v)
        settle_spectral_norms(network)
        norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
            norm.train()
        for condition_NCHW, style_NS in conditions:
            network(condition_NCHW, style_NS)
        for norm in norms:
            norm.momentum = 0.1
        return network.eval()
