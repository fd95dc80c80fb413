"""The frozen backbone: what its file must be, what it sees, and that nobody can wake it up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from oasis_studio.core.models import backbone as facts
from oasis_studio.core.models.backbone import BackboneCard, BackboneId, backbone_files
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.backbone import shared
from oasis_studio.synthesis.backbone.network import CHANNELS, POOLED, STRIDES, Backbone
from oasis_studio.synthesis.backbone.shared import check_backbone, shared_backbone

CPU = torch.device("cpu")


@pytest.fixture
def own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with copies of the backbone's two files, which the program takes for its own."""
    for path in backbone_files():
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(facts, "resource", lambda *parts: tmp_path.joinpath(*parts[1:]))
    monkeypatch.setattr(shared, "_opened", {})
    return tmp_path


def test_the_pyramid_halves_at_every_level() -> None:
    levels = shared_backbone(CPU).pyramid(torch.zeros(2, 3, 64, 96))
    assert [tuple(level.shape) for level in levels] == [
        (2, channels, 64 // stride, 96 // stride) for channels, stride in zip(CHANNELS, STRIDES, strict=True)
    ]
    assert shared_backbone(CPU).pooled(torch.zeros(2, 3, 64, 96)).shape == (2, POOLED)


@pytest.mark.parametrize("size", [(32, 32), (33, 47), (63, 40), (129, 65)])
def test_odd_sizes_are_padded_as_tensorflow_pads(size: tuple[int, int]) -> None:
    height, width = size
    levels = shared_backbone(CPU).pyramid(torch.rand(1, 3, height, width) * 2 - 1)
    assert [tuple(level.shape[2:]) for level in levels] == [(-(-height // s), -(-width // s)) for s in STRIDES]


def test_a_stride_pads_the_end_more_than_the_start() -> None:
    """With a kernel of 3, a stride of 2 and an even size nothing is added before the picture, one pixel after it."""
    conv = Backbone().stem
    with torch.no_grad():
        conv.weight.zero_()
        conv.bias.zero_()  # type: ignore[union-attr] # it has one
        conv.weight[0, 0] = 1
    image = torch.zeros(1, 3, 4, 4)
    image[0, 0, 0, 0] = 1
    assert conv(image)[0, 0].tolist() == [[1, 0], [0, 0]]
    image = torch.zeros(1, 3, 4, 4)
    image[0, 0, 2, 2] = 1
    assert conv(image)[0, 0].tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0])
def test_flat_pictures_are_seen_without_a_number_that_is_none(value: float) -> None:
    image = torch.full((1, 3, 64, 64), value)
    assert all(level.isfinite().all() for level in shared_backbone(CPU).pyramid(image))
    assert shared_backbone(CPU).pooled(image).isfinite().all()


def test_everybody_gets_the_same_one_and_it_is_frozen() -> None:
    backbone = shared_backbone(CPU)
    assert shared_backbone(CPU) is backbone
    assert not any(parameter.requires_grad for parameter in backbone.parameters())
    image = torch.rand(1, 3, 64, 64, requires_grad=True)
    backbone.pooled(image).sum().backward()
    assert image.grad is not None and image.grad.abs().sum() > 0
    assert all(parameter.grad is None for parameter in backbone.parameters())


def test_opened_by_somebody_who_needs_no_gradient_it_still_gives_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_opened", {})
    with torch.inference_mode():
        shared_backbone(CPU).pooled(torch.zeros(1, 3, 64, 64))
    image = torch.rand(1, 3, 64, 64, requires_grad=True)
    shared_backbone(CPU).pooled(image).sum().backward()
    assert image.grad is not None


def test_the_card_names_source_licence_and_hash() -> None:
    weights, path = backbone_files()
    card = BackboneCard.read()
    assert card.licence == "Apache-2.0" and "efficientnet-lite1" in card.source
    assert BackboneCard.digest(weights.read_bytes()) == card.id.sha256 == json.loads(path.read_text())["sha256"]
    assert weights.stat().st_size < 9e6


def test_a_missing_cut_or_changed_file_is_one_sentence(own_files: Path) -> None:
    weights = own_files / "efficientnet_lite1.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StudioError, match="changed or damaged"):
        shared_backbone(CPU)
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(StudioError, match="changed or damaged"):
        shared_backbone(CPU)
    weights.unlink()
    with pytest.raises(StudioError, match="cannot be read"):
        shared_backbone(CPU)
    weights.write_bytes(whole)
    assert shared_backbone(CPU).pooled(torch.zeros(1, 3, 64, 64)).isfinite().all()


def test_a_card_that_is_missing_or_wrong_is_one_sentence(own_files: Path) -> None:
    card = own_files / "efficientnet_lite1.json"
    for text in ("", "[]", "{}", '{"name": 3, "sha256": "x"}'):
        card.write_text(text)
        with pytest.raises(StudioError, match="lacks its card"):
            BackboneCard.read()
    card.unlink()
    with pytest.raises(StudioError, match="lacks its card"):
        shared_backbone(CPU)


def test_a_model_of_another_backbone_says_so_by_name() -> None:
    with pytest.raises(StudioError, match='"Lake" needs the network "resnet50 abcdabcd"'):
        check_backbone(BackboneId("resnet50", "abcd" * 16), "Lake")
    with pytest.raises(StudioError, match='"Lake" does not say'):
        check_backbone(None, "Lake")
    check_backbone(BackboneCard.read().id, "Lake")
