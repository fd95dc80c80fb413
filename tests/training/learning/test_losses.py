from __future__ import annotations

import pytest
import torch
from oasis_training.learning import losses


def weights_of(labels: torch.Tensor, valid: torch.Tensor, classes: int, clip: float = 0.0) -> torch.Tensor:
    return losses.class_weights(losses.class_counts(labels, valid, classes), labels.numel(), clip)


def test_real_loss_is_a_mean_of_class_means() -> None:
    torch.manual_seed(0)
    labels = torch.randint(0, 4, (2, 8, 8))
    labels[0, :6] = 1
    valid = torch.rand(2, 8, 8) < 0.7
    logits = torch.randn(2, 6, 8, 8)
    weights = weights_of(labels, valid, 5)
    entropy = torch.nn.functional.cross_entropy(logits, labels + 1, reduction="none")
    means = [entropy[(labels == c) & valid].mean() for c in range(4)]
    assert losses.real_loss(logits, labels, valid, weights).item() == pytest.approx(
        torch.stack(means).mean().item(), 1e-5
    )
    assert weights[4] == 0


def test_pixels_that_do_not_count_change_no_loss_and_get_no_gradient() -> None:
    torch.manual_seed(1)
    labels = torch.randint(0, 3, (1, 6, 6))
    valid = torch.ones_like(labels, dtype=torch.bool)
    valid[:, :2] = False
    mask = torch.rand(1, 1, 6, 6) < 0.5
    other_labels = labels.clone()
    other_labels[:, :2] = 0

    def everything(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
        weights = weights_of(ids, valid, 3)
        return (
            losses.real_loss(logits, ids, valid, weights)
            + losses.fake_loss(logits, valid)
            + losses.labelmix_loss(logits, logits * 2, logits * 3, mask, valid)
        )

    logits = torch.randn(1, 4, 6, 6, requires_grad=True)
    everything(logits, labels).backward()
    assert logits.grad is not None
    assert not logits.grad[:, :, :2].any() and logits.grad[:, :, 2:].all()
    assert everything(logits, labels) == everything(logits, other_labels)


def test_nothing_valid_gives_zero_and_not_nan() -> None:
    labels = torch.zeros(1, 4, 4, dtype=torch.long)
    nothing = torch.zeros_like(labels, dtype=torch.bool)
    logits = torch.randn(1, 3, 4, 4)
    weights = weights_of(labels, nothing, 2, clip=10)
    assert losses.real_loss(logits, labels, nothing, weights) == 0
    assert losses.fake_loss(logits, nothing) == 0


def test_class_weights_are_clipped_at_a_multiple_of_the_median() -> None:
    labels = torch.zeros(1, 40, 40, dtype=torch.long)
    labels[:, :10] = 1
    labels[:, 10:20] = 2
    labels[0, 0, 0] = 3
    everywhere = torch.ones_like(labels, dtype=torch.bool)
    free, clipped = (weights_of(labels, everywhere, 4, clip) for clip in (0.0, 10.0))
    assert free[3] == pytest.approx(400) and clipped[3] == pytest.approx(10 * float(free[:4].median()))
    assert torch.equal(free[:3], clipped[:3])


def test_diversity_loss_prefers_different_pictures() -> None:
    noise_a, noise_b = torch.zeros(2, 1, 4), torch.ones(2, 1, 4)
    same, other = torch.zeros(2, 3, 8, 8), torch.full((2, 3, 8, 8), 0.2)
    assert losses.diversity_loss(same, other, noise_a, noise_b) < losses.diversity_loss(same, same, noise_a, noise_b)
