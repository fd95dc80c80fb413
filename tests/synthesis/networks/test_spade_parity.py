"""The SPADE networks compute what the published ones compute."""

import pytest
import torch
from oasis_training.learning import spade_losses as losses

from oasis_studio.synthesis.networks.image_encoder import ImageEncoder, reparameterise
from oasis_studio.synthesis.networks.patch_discriminator import PatchConfig, PatchDiscriminator
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator
from oasis_studio.synthesis.networks.tensors import edges
from tests.synthesis.spade_weights import CLASSES, configs, golden, networks, tables

TABLES = tables()


@pytest.fixture(scope="module")
def facts() -> dict[str, torch.Tensor]:
    return golden()


def condition(generator: SpadeGenerator, labels: torch.Tensor, instances: torch.Tensor) -> torch.Tensor:
    return generator.condition(labels, instances, torch.zeros(len(labels), 1, 0))


@pytest.mark.parametrize("name", TABLES)
def test_every_configuration_has_the_published_keys_and_shapes(name: str) -> None:
    generator_config, judge_config, encoder_config = configs(name)
    with torch.device("meta"):
        parts = {"generator": SpadeGenerator(generator_config), "discriminator": PatchDiscriminator(judge_config)}
        if encoder_config:
            parts["encoder"] = ImageEncoder(encoder_config)
    for part, network in parts.items():
        assert {key: list(value.shape) for key, value in network.state_dict().items()} == TABLES[name][part]
    assert sum(p.numel() for p in parts["generator"].parameters()) == TABLES[name]["generator_parameters"]
    assert parts.keys() == {"generator", "discriminator", "encoder"} & TABLES[name].keys()


@torch.no_grad()
@pytest.mark.parametrize(("name", "expected"), [("small", "image_small"), ("small_more", "image_small_more")])
def test_generators_equal_the_published_numbers(name: str, expected: str, facts: dict[str, torch.Tensor]) -> None:
    generator, _judge, _encoder = networks(name)
    assert torch.equal(edges(facts["instances"]), facts["edges"].bool())
    seen = condition(generator, facts["labels"], facts["instances"])
    assert torch.equal(seen[:, CLASSES], facts["edges"].float())
    torch.testing.assert_close(generator(seen), facts[expected], atol=1e-4, rtol=0)


@torch.no_grad()
def test_the_style_code_equals_the_published_numbers(facts: dict[str, torch.Tensor]) -> None:
    generator, _judge, encoder = networks("small_vae")
    # The reference doubled the finished map: its outlines are two pixels wide on either side.
    seen = condition(generator, facts["labels"], facts["instances"])
    seen = seen.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    torch.testing.assert_close(generator(seen, facts["z"]), facts["image_small_vae"], atol=1e-4, rtol=0)
    assert encoder is not None
    mean, log_variance = encoder(facts["real"])
    torch.testing.assert_close(mean, facts["mu"], atol=1e-4, rtol=0)
    torch.testing.assert_close(log_variance, facts["logvar"], atol=1e-4, rtol=0)
    torch.testing.assert_close(losses.code_loss(mean, log_variance), facts["loss_kld"], atol=0, rtol=1e-5)


@torch.no_grad()
def test_discriminator_and_losses_equal_the_published_numbers(facts: dict[str, torch.Tensor]) -> None:
    generator, judge, _encoder = networks("small")
    seen = condition(generator, facts["labels"], facts["instances"])
    both = judge(seen.repeat(2, 1, 1, 1), torch.cat([facts["image_small"], facts["real"]]))
    for scale, features in enumerate(both):
        torch.testing.assert_close(features[-1], facts[f"pred_scale{scale}"], atol=1e-4, rtol=0)
    fake, real = ([[layer[part] for layer in scale] for scale in both] for part in (slice(2), slice(2, 4)))
    expected = {
        "loss_d_fake": losses.hinge_fake_loss(fake),
        "loss_d_real": losses.hinge_real_loss(real),
        "loss_g": losses.hinge_generator_loss(fake),
        "loss_feature_matching": 10 * losses.feature_matching_loss(fake, real),
    }
    for name, value in expected.items():
        torch.testing.assert_close(value.double(), facts[name], atol=0, rtol=1e-5, msg=f"{name}: {value}")


def test_the_edges_are_those_of_classes_and_of_regions() -> None:
    generator = SpadeGenerator(SpadeConfig(classes=2, has_edges=True, width=2, hidden=2))
    labels, regions = torch.zeros(1, 4, 6, dtype=torch.long), torch.zeros(1, 4, 6, dtype=torch.long)
    labels[:, :, 4:], regions[:, :2] = 1, 7
    outlines = condition(generator, labels, regions)[0, -1].bool()
    expected = torch.zeros(4, 6, dtype=torch.bool)
    expected[1:3], expected[:, 3:5] = True, True
    assert torch.equal(outlines, expected)


@torch.no_grad()
@pytest.mark.parametrize(("upsampling", "grid"), [("normal", 32), ("more", 64), ("most", 128)])
def test_sizes_follow_the_grid(upsampling: str, grid: int) -> None:
    config = SpadeConfig(classes=2, width=2, hidden=2, upsampling=upsampling, native_width=grid, native_height=grid)
    generator = SpadeGenerator(config).eval()
    assert config.grid == grid and config.blocks[-1].stride == 1
    assert SpadeConfig.from_json(config.to_json()) == config
    labels = torch.zeros(1, grid, 2 * grid, dtype=torch.long)
    stages = list(generator.stages(condition(generator, labels, labels)))
    assert [stage.shape[3] for stage in stages[1:-1]] == [2 * grid // block.stride for block in config.blocks]
    assert stages[-1].shape == (1, 3, grid, 2 * grid)
    with pytest.raises(ValueError, match=f"grid of {grid}"):
        generator(torch.zeros(1, 2, grid, grid + 1))


@torch.no_grad()
def test_a_style_code_serves_any_canvas_and_is_never_forgotten() -> None:
    config = SpadeConfig(classes=2, width=2, hidden=2, style=4, native_width=64, native_height=32)
    generator = SpadeGenerator(config).eval()
    labels = torch.zeros(1, 96, 32, dtype=torch.long)
    seen = condition(generator, labels, labels)
    assert generator(seen, torch.ones(1, 4)).shape == (1, 3, 96, 32)
    with pytest.raises(ValueError, match="style code"):
        generator(seen)


def test_a_drawn_code_has_the_encoders_mean_and_variance() -> None:
    noise = torch.tensor([[-1.0, 0.0, 2.0]])
    code = reparameterise(torch.full((1, 3), 0.5), torch.full((1, 3), 2 * torch.log(torch.tensor(3.0)).item()), noise)
    torch.testing.assert_close(code, torch.tensor([[-2.5, 0.5, 6.5]]))


def test_feature_matching_teaches_the_generator_alone() -> None:
    judge = PatchDiscriminator(PatchConfig(inputs=2, width=2, layers=2, scales=2))
    seen = torch.randn(1, 2, 32, 32)
    ours, theirs = (torch.randn(1, 3, 32, 32, requires_grad=True) for _ in range(2))
    losses.feature_matching_loss(judge(seen, ours), judge(seen, theirs)).backward()
    assert ours.grad is not None and ours.grad.any() and theirs.grad is None
