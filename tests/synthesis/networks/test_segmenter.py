"""The reader's network, and how it lies beside a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.core.models.backbone import BackboneCard, BackboneId
from oasis_studio.core.models.card import READER_FILE, ModelCard, ReaderCard, check_files
from oasis_studio.errors import StudioError
from oasis_studio.paths import resource
from oasis_studio.synthesis.backbone.shared import shared_backbone
from oasis_studio.synthesis.models.checkpoint import add_reader, open_reader, write_model
from oasis_studio.synthesis.networks.generator import OASIS, Generator
from oasis_studio.synthesis.networks.segmenter import Segmenter, SegmenterConfig
from oasis_studio.synthesis.photos.reading import PhotoReader
from oasis_studio.synthesis.photos.segmenting import segment
from tests.synthesis.small_world import GENERATOR, PALETTE, photo

CONFIG = SegmenterConfig(3, width=8)


@pytest.fixture
def network() -> Segmenter:
    torch.manual_seed(0)
    return Segmenter(CONFIG).eval().requires_grad_(False)


@pytest.fixture
def card(tmp_path: Path) -> ModelCard:
    return write_model(tmp_path, ModelCard("s", "Small", OASIS, {}, None, PALETTE, (64, 64), 6), Generator(GENERATOR))


def test_a_frozen_reader_holds_its_decoder_alone(network: Segmenter) -> None:
    frozen = {id(parameter) for parameter in shared_backbone(torch.device("cpu")).parameters()}
    assert not frozen & {id(parameter) for parameter in network.parameters()}
    assert network(torch.zeros(2, 3, 64, 96)).shape == (2, 3, 64, 96)
    assert network(torch.zeros(1, 3, 45, 70)).shape == (1, 3, 45, 70)


def test_a_tuned_reader_begins_with_the_backbone_and_trains_its_copy() -> None:
    network = Segmenter(replace(CONFIG, tunes_backbone=True)).train()
    network.begin_with_backbone()
    assert network.encoder is not None
    shared = shared_backbone(torch.device("cpu"))
    assert torch.equal(network.encoder.stem.weight, shared.stem.weight)
    network(torch.rand(1, 3, 64, 64)).sum().backward()
    assert network.encoder.stem.weight.grad is not None and shared.stem.weight.grad is None
    assert not shared.stem.weight.requires_grad


def test_a_model_keeps_its_reader_with_hash_and_backbone(network: Segmenter, card: ModelCard, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="without a reader"):
        open_reader(tmp_path, card)
    whole = add_reader(tmp_path, card, network, ReaderCard({}, (64, 96), {"photos": 5}, {"mean_iou": 0.5}))
    assert whole.capabilities.has_reader and whole.capabilities.reads_photos and not whole.capabilities.has_critic
    assert whole.backbone == BackboneCard.read().id and READER_FILE in whole.sha256
    check_files(tmp_path, whole)
    assert ModelCard.read(tmp_path) == whole
    reader = PhotoReader.open(tmp_path, whole)
    assert reader.sides == (64, 96) and reader.classes == 3
    image = photo(3, 50, 80)[0]
    reading = reader.read(image)
    assert not reading.fake.any()
    np.testing.assert_allclose(reading.probabilities_CHW.sum(axis=0), 1, atol=1e-5)
    assert segment(reader, image).labels_HW.shape == (50, 80)


@pytest.mark.parametrize("size", [(20, 30), (1, 40), (63, 5)])
def test_photos_smaller_than_the_grid_are_read(network: Segmenter, size: tuple[int, int]) -> None:
    reading = PhotoReader(network, (64,)).read(np.full((*size, 3), 7, np.uint8))
    assert reading.fake.shape == size and np.isfinite(reading.probabilities_CHW).all()


def test_what_does_not_fit_is_one_sentence(network: Segmenter, card: ModelCard, tmp_path: Path) -> None:
    whole = add_reader(tmp_path, card, network, ReaderCard({}, (64,)))
    assert whole.reader is not None
    with pytest.raises(StudioError, match="another number of classes"):
        open_reader(tmp_path, replace(whole, reader=replace(whole.reader, network=CONFIG.to_json() | {"classes": 5})))
    with pytest.raises(StudioError, match="do not fit"):
        open_reader(tmp_path, replace(whole, reader=replace(whole.reader, network=CONFIG.to_json() | {"width": 9})))
    with pytest.raises(StudioError, match="does not make a network"):
        open_reader(tmp_path, replace(whole, reader=replace(whole.reader, network={"classes": 3, "backbone": "vgg"})))
    with pytest.raises(StudioError, match="not readable"):
        open_reader(tmp_path, replace(whole, reader=replace(whole.reader, network={"classes": 3, "depth": 2})))
    with pytest.raises(StudioError, match="11111111"):
        open_reader(tmp_path, replace(whole, backbone=BackboneId("efficientnet_lite1", "1" * 64)))
    (tmp_path / READER_FILE).write_bytes(b"half")
    with pytest.raises(StudioError, match="damaged or cut short"):
        open_reader(tmp_path, whole)
    (tmp_path / READER_FILE).unlink()
    with pytest.raises(StudioError, match="lacks its file"):
        open_reader(tmp_path, whole)


@pytest.mark.parametrize(
    "wrong", [[], {}, {"network": {}}, {"network": {}, "sides": []}, {"network": {}, "sides": [0]}, {"sides": [64]},
              {"network": {}, "sides": [True]}, {"network": {}, "sides": [64], "figures": 3}]
)  # fmt: skip
def test_a_card_with_a_wrong_reader_is_refused(card: ModelCard, wrong: object) -> None:
    with pytest.raises(StudioError, match='"reader"'):
        ModelCard.from_json(card.to_json() | {"reader": wrong})


def test_the_starter_comes_with_a_reader_of_its_classes() -> None:
    folder = resource("models", "outdoor")
    card = ModelCard.read(folder)
    check_files(folder, card)
    assert card.reader is not None and card.reader.figures["reading_mean_iou"] > 0.74
    assert card.reader.figures["reading_pixel_accuracy"] > 0.89
    assert "not cleared for commercial use" in card.reader.data["terms"]
    network = open_reader(folder, card)
    assert network.encoder is None and (folder / READER_FILE).stat().st_size < 2e6
    height = width = 96
    image = np.zeros((height, width, 3), np.uint8)
    image[:] = (110, 165, 225)
    image[48:] = (70, 120, 40)
    image[48:] += np.random.default_rng(0).integers(0, 40, (48, width, 3), np.uint8)
    read = segment(PhotoReader(network, card.reader.sides), image).labels_HW
    sky, grass = (card.palette.by_name(name) for name in ("sky", "grass"))
    assert sky is not None and grass is not None
    assert (read[:40] == sky.id).mean() > 0.9 and (read[60:] == grass.id).mean() > 0.5
