"""The critic on the backbone: an OASIS discriminator of another configuration, and nothing of the backbone in it."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from oasis_studio.core.models.backbone import BackboneCard, BackboneId
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.backbone.shared import shared_backbone
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_generator, write_model
from oasis_studio.synthesis.networks.architectures import ARCHITECTURES
from oasis_studio.synthesis.networks.backbone_discriminator import BackboneDiscriminator, BackboneDiscriminatorConfig
from oasis_studio.synthesis.networks.generator import OASIS, Generator
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms
from oasis_studio.synthesis.photos.reading import PhotoReader
from tests.synthesis.small_world import GENERATOR, PALETTE, photo

CONFIG = BackboneDiscriminatorConfig(3, neck=8, up=(8, 8, 6, 6), pixels=4, half=(6, 6), fine=4, full=6)


@pytest.fixture
def network() -> BackboneDiscriminator:
    torch.manual_seed(0)
    found = BackboneDiscriminator(CONFIG)
    settle_spectral_norms(found)
    return found.eval()


def test_it_has_a_logit_more_than_classes_at_every_pixel(network: BackboneDiscriminator) -> None:
    logits = network(torch.rand(2, 3, 64, 96) * 2 - 1)
    assert logits.shape == (2, 4, 64, 96) and logits.isfinite().all()


def test_the_backbone_is_in_no_parameter_no_state_and_no_copy(network: BackboneDiscriminator) -> None:
    frozen = {id(parameter) for parameter in shared_backbone(torch.device("cpu")).parameters()}
    for mine in (network, copy.deepcopy(network)):
        assert not frozen & {id(parameter) for parameter in mine.parameters()}
        assert sum(value.numel() for value in mine.state_dict().values()) < 40_000
    network.requires_grad_(True)
    image = torch.rand(1, 3, 64, 64, requires_grad=True)
    network(image).sum().backward()
    assert image.grad is not None and image.grad.abs().sum() > 0
    assert all(parameter.grad is not None for parameter in network.parameters())
    assert not any(p.requires_grad or p.grad is not None for p in shared_backbone(torch.device("cpu")).parameters())


def test_all_levels_of_the_backbone_and_the_pixels_count(
    network: BackboneDiscriminator, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = torch.rand(1, 3, 64, 64) * 2 - 1
    pyramid = shared_backbone(image.device).pyramid(image)
    whole = network(image)
    backbone = shared_backbone(image.device)
    for level in range(len(pyramid)):
        without = [torch.zeros_like(x) if index == level else x for index, x in enumerate(pyramid)]
        monkeypatch.setattr(backbone, "pyramid", lambda _image, seen=without: list(seen))
        assert not torch.allclose(network(image), whole)
    monkeypatch.setattr(backbone, "pyramid", lambda _image: list(pyramid))
    torch.testing.assert_close(network(image), whole)
    assert not torch.allclose(network(-image), whole)


def test_a_model_keeps_it_with_the_backbones_name_and_hash(network: BackboneDiscriminator, tmp_path: Path) -> None:
    card = ModelCard("small", "Small", OASIS, {}, None, PALETTE, (64, 64), 6)
    card = write_model(tmp_path, card, Generator(GENERATOR), network)
    assert card.backbone == BackboneCard.read().id and card.capabilities.has_critic
    assert (card.discriminator or {})["backbone"] == card.backbone.name
    opened = ModelCard.read(tmp_path)
    assert opened == card
    image = torch.rand(1, 3, 64, 64)
    torch.testing.assert_close(open_discriminator(tmp_path, opened).eval()(image), network(image))
    reading = PhotoReader.open_critic(tmp_path, opened).read(photo(1, 70, 50)[0])
    assert reading.classes == 3 and reading.fake.shape == (70, 50)


def test_another_backbone_is_told_by_name_and_the_generator_goes_on(
    network: BackboneDiscriminator, tmp_path: Path
) -> None:
    card = write_model(
        tmp_path, ModelCard("small", "Small", OASIS, {}, None, PALETTE, (64, 64), 6), Generator(GENERATOR), network
    )
    other = replace(card, backbone=BackboneId("efficientnet_lite1", "0" * 64))
    with pytest.raises(StudioError, match="efficientnet_lite1 00000000"):
        open_discriminator(tmp_path, other)
    unknown = replace(card, discriminator=dict(card.discriminator or {}) | {"backbone": "resnet50"})
    with pytest.raises(StudioError, match="resnet50"):
        open_discriminator(tmp_path, unknown)
    for found in (other, unknown):
        open_generator(tmp_path, found)


@pytest.mark.parametrize(
    "wrong", [{"classes": 0}, {"up": [8, 8]}, {"half": [1]}, {"neck": -1}, {"width": 3}, {"up": 5}, {"pixels": "x"}]
)
def test_a_wrong_configuration_is_one_sentence(wrong: dict) -> None:
    with pytest.raises(StudioError, match="configuration"):
        ARCHITECTURES[OASIS].read_discriminator_config(CONFIG.to_json() | wrong)


def test_the_published_configuration_is_still_another_network() -> None:
    own = ARCHITECTURES[OASIS].read_discriminator_config({"classes": 3, "down": [8, 8], "up": [8, 8]})
    eyes = ARCHITECTURES[OASIS].read_discriminator_config(CONFIG.to_json())
    assert type(own) is not type(eyes) and eyes == CONFIG
