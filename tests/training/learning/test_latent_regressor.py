"""Noise is read back from regions: their features, their share, and a loss that a knowing network brings down."""

from __future__ import annotations

import torch
from oasis_training.learning.latent_regressor import LatentRegressor, region_shares, regression_loss

from oasis_studio.synthesis.backbone.shared import shared_backbone


def test_shares_and_weights_of_regions() -> None:
    labels = torch.zeros(1, 64, 64, dtype=torch.long)
    labels[:, :16] = 2
    valid = torch.ones(1, 64, 64, dtype=torch.bool)
    valid[:, :, :32] = False
    share, weights = region_shares(labels, valid, 3)
    assert share[0].tolist() == [0.375, 0, 0.125]
    assert [tuple(level.shape) for level in weights] == [(1, 3, s, s) for s in (64, 16, 8, 4, 2)]
    for level in weights:
        torch.testing.assert_close(level.sum(dim=(2, 3)), torch.tensor([[1.0, 0.0, 1.0]]))
    assert not weights[0][0, 0, :16].any() and not weights[0][0, 0, :, :32].any()


def test_the_loss_counts_regions_that_are_large_enough() -> None:
    noise = torch.randn(2, 3, 4)
    share = torch.tensor([[0.5, 0.004, 0.3], [0.0, 0.9, 0.0]])
    assert regression_loss(noise, noise, share) == 0
    wrong = noise.clone()
    wrong[0, 1] += 9
    assert regression_loss(wrong, noise, share) == 0, "smaller than one pixel in a hundred"
    wrong[0, 2] += 1
    assert 0 < regression_loss(wrong, noise, share) < 1


def test_it_learns_to_tell_bright_regions_from_dark_ones() -> None:
    torch.manual_seed(0)
    network = LatentRegressor(2)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    labels = torch.zeros(8, 64, 64, dtype=torch.long)
    labels[:, 32:] = 1
    shares, weights = region_shares(labels, torch.ones_like(labels, dtype=torch.bool), 2)
    noise = torch.randn(8, 2, 2)
    light = torch.tanh(noise[:, :, 0] * 0.5)
    image = torch.gather(light, 1, labels.flatten(1)).view(8, 1, 64, 64).expand(-1, 3, -1, -1).contiguous()
    pyramid = shared_backbone(image.device).pyramid(image)
    losses = []
    for _step in range(60):
        found = network(image, pyramid, weights)
        loss = regression_loss(found[..., :1], noise[..., :1], shares)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.15 < losses[0]
