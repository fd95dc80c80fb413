"""The (N + 1)-class losses of OASIS (§3.1–3.2 of the paper; the scale is that of the published training).

``labels_NHW`` are int64 class ids; ``valid_NHW`` is false where a pixel must not count (unlabelled, don't care, outside
an augmented picture). Logits are float32 (N, classes + 1, H, W); logit 0 is *fake*, logit k + 1 is class k.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def class_counts(labels_NHW: Tensor, valid_NHW: Tensor, classes: int) -> Tensor:
    """(classes,) float: valid pixels of every class."""
    flat = torch.where(valid_NHW, labels_NHW, classes).flatten()
    return torch.bincount(flat, minlength=classes + 1)[:classes].to(torch.float32)


def class_weights(count_C: Tensor, pixels: int, clip: float = 0.0) -> Tensor:
    """(classes,) float: pixels / (classes present · pixels of the class), 0 for absent ones.

    ``pixels`` of all images, valid or not · ``clip`` > 0 limits a weight to that multiple of the median over the
    present classes.
    """
    present = count_C > 0
    # The class count cancels; multiplying by it first rounds as the published training rounds.
    total = float(pixels * len(count_C))
    weight = torch.reciprocal(count_C) * total / (present.sum().clamp(min=1) * len(count_C))
    weight = torch.where(present, weight, 0.0)
    if clip > 0:
        median = torch.nanmedian(torch.where(present, weight, torch.nan)).nan_to_num(0.0)
        weight = torch.minimum(weight, clip * median)
    return weight


def real_loss(logits: Tensor, labels_NHW: Tensor, valid_NHW: Tensor, weights: Tensor) -> Tensor:
    """Class-balanced cross-entropy towards the true class: a mean of per-class means; 0 if nothing is valid."""
    entropy = F.cross_entropy(logits, labels_NHW + 1, reduction="none")
    pixel_weight = weights[labels_NHW] * valid_NHW
    return (entropy * pixel_weight).mean()


def fake_loss(logits: Tensor, valid_NHW: Tensor, share: Tensor | None = None) -> Tensor:
    """Cross-entropy towards *fake*, a mean over the valid pixels.

    ``share`` of valid pixels in the whole batch, where these images are only a part of it.
    """
    return _valid_mean(torch.logsumexp(logits, dim=1) - logits[:, 0], valid_NHW, share)


def labelmix_loss(
    mixed: Tensor, real: Tensor, fake: Tensor, mask_N1HW: Tensor, valid_NHW: Tensor, share: Tensor | None = None
) -> Tensor:
    """LabelMix consistency: squared difference of D(mix(x, x̂)) and mix(D(x), D(x̂)) on raw logits."""
    difference = (mixed - torch.where(mask_N1HW, real, fake)).square().mean(dim=1)
    return _valid_mean(difference, valid_NHW, share)


def valid_share(valid_NHW: Tensor) -> Tensor:
    """Share of valid pixels, at least one pixel so that it can be divided by."""
    return valid_NHW.sum().clamp(min=1) / valid_NHW.numel()


def _valid_mean(value_NHW: Tensor, valid_NHW: Tensor, share: Tensor | None) -> Tensor:
    return (value_NHW * valid_NHW).mean() / (valid_share(valid_NHW) if share is None else share)


def diversity_loss(image_a: Tensor, image_b: Tensor, noise_a: Tensor, noise_b: Tensor) -> Tensor:
    """Mode seeking: the negative ratio of picture distance to noise distance, capped so that it cannot run away."""
    pictures = (image_a - image_b).abs().mean(dim=(1, 2, 3))
    noises = (noise_a - noise_b).abs().mean(dim=(1, 2)).clamp(min=1e-3)
    return -(pictures / noises).clamp(max=0.5).mean()
