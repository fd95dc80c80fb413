"""What the card of a trained model says about it, from the held-out pairs."""

from __future__ import annotations

from typing import Any

import torch

from oasis_studio.synthesis.networks.network import SynthesisNetwork
from oasis_training.evaluation.plain_pictures import mean_colour_pictures, sharpness
from oasis_training.evaluation.pooled_features import fd_e, features, kid_e
from oasis_training.pairs.dataset import Pair
from oasis_training.pairs.preview import render_held_out


@torch.no_grad()
def evaluate(network: SynthesisNetwork[Any], held_out: list[Pair], size: int, device: torch.device) -> dict[str, Any]:
    """KID-E and FD-E, the distances to the held-out photos of results and of mean colours; lower is better.

    They are the middle squares of the photos, of ``size`` pixels.

    The mean colours are those of the held-out photos themselves, which favours them.
    """
    batch, pictures = render_held_out(network, held_out, size, device)
    _same, other_seed = render_held_out(network, held_out, size, device, seed=100_000)
    flat = mean_colour_pictures(batch.image, batch.labels, network.config.classes)
    real, made, plain = features(batch.image), features(pictures), features(flat)
    result = {
        "held_out_photos": len(held_out),
        "size": size,
        "kernel_distance": kid_e(real, made),
        "frechet_distance": fd_e(real, made),
        "kernel_distance_mean_colours": kid_e(real, plain),
        "kernel_distance_real_halves": kid_e(real[::2], real[1::2]),
        "sharpness": sharpness(pictures),
        "sharpness_real": sharpness(batch.image),
        "diversity": float((pictures - other_seed).abs().mean() * 127.5),
    }
    return {name: round(value, 4) for name, value in result.items()}
