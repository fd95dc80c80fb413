"""The networks compute what the published ones compute."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from oasis_training.learning import losses

from oasis_studio.synthesis.networks import generator as published
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.tensors import condition
from tests.synthesis.official_weights import state_dict

DATA = Path(__file__).parents[2] / "data"
TABLES = json.loads((DATA / "official_state_dict.json").read_text())
SMALL = GeneratorConfig(7, 8, (64, 64, 64, 32, 16, 8, 4), native_width=128, native_height=64)


@pytest.fixture(scope="module")
def golden() -> dict[str, torch.Tensor]:
    with np.load(DATA / "golden_small.npz") as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays}


@pytest.fixture(scope="module")
def networks() -> tuple[Generator, Discriminator]:
    generator, discriminator = Generator(SMALL), Discriminator(DiscriminatorConfig(7))
    for network, part in ((generator, "generator"), (discriminator, "discriminator")):
        arrays = state_dict(TABLES["small"][part])
        network.load_state_dict({key: torch.from_numpy(np.asarray(value)) for key, value in arrays.items()})
        network.eval()
    return generator, discriminator


@pytest.mark.parametrize(
    ("name", "config"),
    [("ade20k", published.ADE20K), ("cityscapes", published.CITYSCAPES), ("coco_stuff", published.COCO_STUFF)],
)
def test_published_configurations_have_the_published_keys_and_shapes(name: str, config: GeneratorConfig) -> None:
    with torch.device("meta"):
        parts = {
            "generator": Generator(config),
            "discriminator": Discriminator(DiscriminatorConfig(config.classes)),
        }
    for part, network in parts.items():
        assert {key: list(value.shape) for key, value in network.state_dict().items()} == TABLES[name][part]
        assert sum(p.numel() for p in network.parameters()) == TABLES[name][f"{part}_parameters"]


@torch.no_grad()
def test_generator_equals_the_published_numbers(networks, golden) -> None:
    labels = golden["labels"].long()
    whole = condition(labels, torch.zeros_like(labels), golden["z_global"][:, None], 7)
    by_region = condition(labels, labels, golden["z_region"], 7)
    torch.testing.assert_close(networks[0](whole), golden["image_global"], atol=1e-4, rtol=0)
    torch.testing.assert_close(networks[0](by_region), golden["image_region"], atol=1e-4, rtol=0)


@torch.no_grad()
def test_discriminator_equals_the_published_numbers(networks, golden) -> None:
    mixed = torch.where(golden["mask"].bool(), golden["real"], golden["image_global"])
    for image, logits in (
        (golden["real"], "logits_real"),
        (golden["image_global"], "logits_fake"),
        (mixed, "logits_mixed"),
    ):
        torch.testing.assert_close(networks[1](image), golden[logits], atol=1e-4, rtol=0)


def test_losses_equal_the_published_numbers(golden) -> None:
    labels = golden["labels"].long()
    valid = labels != 0  # class 0 is "don't care"
    everywhere = torch.ones_like(valid)
    weights = losses.class_weights(losses.class_counts(labels, valid, 7), labels.numel())
    assert torch.equal(weights[labels], golden["class_weight"].to(weights.dtype))
    real, fake, mixed = golden["logits_real"], golden["logits_fake"], golden["logits_mixed"]
    expected = {
        "loss_d_real": losses.real_loss(real, labels, valid, weights),
        "loss_d_fake": losses.fake_loss(fake, everywhere),
        "loss_g": losses.real_loss(fake, labels, valid, weights),
        "loss_labelmix": losses.labelmix_loss(mixed, real, fake, golden["mask"].bool(), everywhere),
    }
    for name, value in expected.items():
        torch.testing.assert_close(value, golden[name].to(value.dtype), rtol=1e-5, atol=0, msg=name)


@torch.no_grad()
def test_noise_of_one_region_changes_that_region_most(networks, golden) -> None:
    labels = golden["labels"][:1].long()
    noise = golden["z_region"][:1].clone()
    before = networks[0](condition(labels, labels, noise, 7))
    chosen = int(labels.flatten().mode().values)
    noise[:, chosen] *= -1
    change = (networks[0](condition(labels, labels, noise, 7)) - before).abs().mean(dim=1)
    assert change[labels == chosen].mean() > 2 * change[labels != chosen].mean() > 0


def test_sizes_off_the_grid_are_refused(networks) -> None:
    with pytest.raises(ValueError, match="grid of 32"):
        networks[0](torch.zeros(1, 15, 33, 64))


def test_starter_shapes_share_one_hidden_map() -> None:
    config = GeneratorConfig(
        8, 4, (16, 16, 8, 8), hidden=6, shares_hidden=True, modulation_kernel=1, native_width=32, native_height=32
    )
    generator = Generator(config)
    keys = generator.state_dict().keys()
    assert "body.0.mlp_shared.0.weight" in keys and "body.0.norm_0.mlp_shared.0.weight" not in keys
    assert GeneratorConfig.from_json(config.to_json()) == config
    assert config.grid == 4
    labels = torch.zeros(1, 12, 20, dtype=torch.long)
    image = generator(condition(labels, labels, torch.randn(1, 1, 4), 8))
    assert image.shape == (1, 3, 12, 20) and image.abs().max() <= 1
