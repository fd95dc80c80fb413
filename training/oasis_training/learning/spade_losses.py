"""The losses of SPADE (§3.2 and appendix of the paper): hinge, feature matching, and the KL divergence of the code.

``scales`` is what a PatchDiscriminator gives: for every scale the features, the prediction (N, 1, H, W) last.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

Scales = Sequence[Sequence[Tensor]]


def hinge_real_loss(scales: Scales) -> Tensor:
    """Mean over the scales of E[max(0, 1 − D(x))]."""
    return _mean([F.relu(1 - features[-1]).mean() for features in scales])


def hinge_fake_loss(scales: Scales) -> Tensor:
    """Mean over the scales of E[max(0, 1 + D(x̂))]."""
    return _mean([F.relu(1 + features[-1]).mean() for features in scales])


def hinge_generator_loss(scales: Scales) -> Tensor:
    """Mean over the scales of −E[D(x̂)]."""
    return _mean([-features[-1].mean() for features in scales])


def feature_matching_loss(fake: Scales, real: Scales) -> Tensor:
    """L1 distance of the features before the predictions, summed over layers, a mean over scales; unweighted.

    No gradient flows into ``real``.
    """
    return _mean(
        [
            torch.stack([F.l1_loss(a, b.detach()) for a, b in zip(ours[:-1], theirs[:-1], strict=True)]).sum()
            for ours, theirs in zip(fake, real, strict=True)
        ]
    )


def code_loss(mean_NS: Tensor, log_variance_NS: Tensor) -> Tensor:
    """KL divergence of N(mean, variance) from N(0, 1), summed over codes and numbers; unweighted."""
    return -0.5 * (1 + log_variance_NS - mean_NS.square() - log_variance_NS.exp()).sum()


def _mean(losses: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(losses)).mean()
