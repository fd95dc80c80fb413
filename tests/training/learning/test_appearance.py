"""Regions are measured, photos' numbers become normal, and a generator that follows its noise has a small loss."""

from __future__ import annotations

import pytest
import torch
from oasis_training.learning.appearance import NUMBERS, Appearance, appearance_loss, measured, region_weights
from oasis_training.learning.plan import Sizes, draw_plan
from oasis_training.learning.ranks import ALONE
from oasis_training.pairs.dataset import Batch
from oasis_training.recipe import Phase, Recipe, Source

SIDE = 64


def batch(count: int, seed: int = 0) -> Batch:
    """Skies of a random colour above grounds of another, both with a gradient of any colour and with noise."""
    draws = torch.Generator().manual_seed(seed)
    labels = torch.zeros(count, SIDE, SIDE, dtype=torch.long)
    labels[:, SIDE // 2 :] = 1
    base = torch.rand((count, 2, 3, 1, 1), generator=draws).square() - 0.5
    slope = torch.randn((count, 3, 1, 1), generator=draws) * 0.3
    rows = torch.linspace(-1, 1, SIDE)[:, None]
    noise = torch.randn((count, 3, SIDE, SIDE), generator=draws) * torch.rand((count, 1, 1, 1), generator=draws) * 0.2
    image = torch.where(labels[:, None] == 0, base[:, 0], base[:, 1]) + slope * rows + noise
    return Batch(image, labels, torch.ones_like(labels, dtype=torch.bool))


@pytest.fixture(scope="module")
def appearance() -> Appearance:
    known = Appearance(2)
    known.learn([batch(64, seed) for seed in range(8)])
    return known


def numbers_of(appearance: Appearance, photos: Batch) -> torch.Tensor:
    _share, weights = region_weights(photos.labels, photos.valid, 2)
    return appearance.numbers(measured(photos.image, weights))


def test_a_region_is_measured_without_its_neighbours() -> None:
    photos = batch(1)
    share, weights = region_weights(photos.labels, photos.valid, 3)
    assert share.tolist() == [[0.5, 0.5, 0]]
    before = measured(photos.image, weights)
    photos.image[:, :, SIDE // 2 :] = 1
    after = measured(photos.image, weights)
    assert torch.equal(before[:, 0], after[:, 0]) and not torch.equal(before[:, 1], after[:, 1])


def test_what_the_numbers_mean() -> None:
    labels = torch.zeros(1, SIDE, SIDE, dtype=torch.long)
    _share, weights = region_weights(labels, torch.ones_like(labels, dtype=torch.bool), 1)
    red = torch.tensor([0.5, -0.5, -0.5])[None, :, None, None].expand(1, 3, SIDE, SIDE)
    brightness, warmth, green, contrast, brighter, warmer = measured(red, weights)[0, 0].tolist()
    assert brightness == pytest.approx(0.299 - 0.5) and warmth == 1 and green == -0.5
    assert contrast == pytest.approx(torch.tensor(0.01).log().item(), abs=1e-3)
    assert abs(brighter) < 1e-5 and abs(warmer) < 1e-5
    downwards = red + torch.linspace(-0.4, 0.4, SIDE)[None, None, :, None]
    assert measured(downwards, weights)[0, 0, 4] > 0.2


def test_small_and_invalid_regions_do_not_count() -> None:
    labels = torch.zeros(1, SIDE, SIDE, dtype=torch.long)
    labels[:, :8, :8] = 1
    valid = torch.ones_like(labels, dtype=torch.bool)
    valid[:, SIDE // 2 :] = False
    share, _weights = region_weights(labels, valid, 2)
    assert share[0, 0] == pytest.approx(0.5 - 1 / 64) and share[0, 1] == 0


def test_the_numbers_of_photos_are_normal(appearance: Appearance) -> None:
    numbers = numbers_of(appearance, batch(512, seed=99))
    assert numbers.shape == (512, 2, NUMBERS)
    assert (numbers.mean(dim=0).abs() < 0.2).all()
    assert ((numbers.std(dim=0) - 1).abs() < 0.25).all()


def test_a_class_without_photos_is_like_all(appearance: Appearance) -> None:
    known = Appearance(3)
    known.learn([batch(64, seed) for seed in range(4)])
    assert known.is_known and not torch.equal(known.mean[2], known.mean[0])
    assert torch.isfinite(known.whitening).all() and (known.places.diff(dim=2) > 0).all()


def test_nothing_to_measure_is_no_error() -> None:
    nothing = batch(2)
    nothing.valid[:] = False
    known = Appearance(2)
    known.learn([nothing])
    assert torch.isfinite(known.numbers(torch.zeros(1, 2, NUMBERS))).all()


def test_colours_can_be_learnt_from_the_loss_alone(appearance: Appearance) -> None:
    photos = batch(4, seed=3)
    share, weights = region_weights(photos.labels, photos.valid, 2)
    asked = torch.randn((4, 2, NUMBERS), generator=torch.Generator().manual_seed(1))
    picture = photos.image.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([picture], lr=0.02)
    losses = []
    for _step in range(300):
        loss = appearance_loss(appearance.numbers(measured(picture, weights)), asked, share)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.15 and losses[0] > 0.5


def test_half_of_the_images_are_asked_for_as_their_photos_look(appearance: Appearance) -> None:
    photos = batch(64, seed=5)
    phase = Phase(size=SIDE, images=64, batch=64)
    recipe = Recipe("r", "R", "k", (Source("s"),), {}, {}, (phase,), label_warp=0.0)
    plan = draw_plan(photos, Sizes(2, 8, 0), recipe, phase, torch.Generator().manual_seed(0), ALONE, appearance)
    numbers = numbers_of(appearance, photos).clamp(-2.5, 2.5)
    follows = (plan.noise[..., :NUMBERS] - numbers).abs().amax(dim=(1, 2)) < 1e-5
    assert 20 <= int(follows.sum()) <= 44
