"""Grain: random in training, fixed in evaluation, absent from the published networks."""

from __future__ import annotations

import torch

from oasis_studio.synthesis.networks import generator as published
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.grain import TILE, Grain
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms
from oasis_studio.synthesis.networks.tensors import condition

SMALL = GeneratorConfig(3, 4, (8, 8, 8), hidden=6, shares_hidden=True, modulation_kernel=1, grain=True)


def test_the_stored_field_repeats_from_the_top_left() -> None:
    grain = Grain(2).eval()
    field = grain.tiled(TILE + 9, 2 * TILE + 5)
    assert field.shape == (1, 1, TILE + 9, 2 * TILE + 5)
    assert torch.equal(field[..., :9, :5], field[..., TILE:, 2 * TILE :])
    x = torch.zeros(1, 2, 5, 7)
    torch.testing.assert_close(grain(x)[0, 1], grain.strength[1] * field[0, 0, :5, :7])


def test_training_draws_anew_for_every_picture_and_evaluation_does_not() -> None:
    grain = Grain(1)
    x = torch.zeros(2, 1, 6, 6)
    first = grain(x)
    assert not torch.equal(first[0], first[1]) and not torch.equal(first, grain(x))
    grain.eval()
    assert torch.equal(grain(x), grain(x)) and torch.equal(grain(x)[0], grain(x)[1])


@torch.no_grad()
def test_a_flat_region_has_texture_only_with_grain() -> None:
    generator = Generator(SMALL)
    published.initialise(generator, 0.5)
    settle_spectral_norms(generator)
    generator.eval()
    labels = torch.zeros(1, 48, 48, dtype=torch.long)
    seen = condition(labels, labels, torch.randn(1, 1, 4), 3)
    inside = generator(seen)[..., 18:30, 18:30]
    for module in generator.modules():
        if isinstance(module, Grain):
            module.strength.zero_()
    flat = generator(seen)[..., 18:30, 18:30]
    assert inside.std(dim=(2, 3)).min() > 1e-3
    assert flat.std(dim=(2, 3)).max() < 1e-5


def test_published_networks_have_no_grain() -> None:
    with torch.device("meta"):
        assert not [key for key in Generator(published.CITYSCAPES).state_dict() if "grain" in key]
