"""How far the results are from photos that were never trained on: the number that decides which model is the best."""

from __future__ import annotations

from typing import Any

import torch

from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_training.evaluation.card_figures import evaluate
from oasis_training.evaluation.pooled_features import features, kid_e
from oasis_training.pairs.dataset import Pair
from oasis_training.pairs.preview import choose_pairs, render_held_out

LEAST = 4
"""Pairs below which nothing is measured."""
MOST = 128
FEWEST_TO_CHOOSE = 16
"""Pairs below which chance decides between two models of a run, so that the later one is the better bet."""


def distance(network: SynthesisNetwork[Any], pairs: list[Pair], size: int, device: torch.device) -> float | None:
    """KID-E: kernel distance between results and photos of at most :data:`MOST` held-out pairs; lower is better.

    Always the same pairs and seeds, so that two numbers of a run compare. None with too few pairs.
    """
    if len(pairs) < LEAST:
        return None
    batch, pictures = render_held_out(network, choose_pairs(pairs, MOST), size, device)
    return round(kid_e(features(batch.image), features(pictures)), 5)


def figures(network: SynthesisNetwork[Any], pairs: list[Pair], size: int, device: torch.device) -> dict[str, Any]:
    """What the card of a finished model says."""
    return evaluate(network, pairs, size, device) if len(pairs) >= LEAST else {}
