"""The evaluation segmenter: it learns, goes on exactly, and once written it is known by its hash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from oasis_training.evaluation.__main__ import main
from oasis_training.evaluation.alignment import agreement
from oasis_training.evaluation.frozen import CARD_FILE, WEIGHTS_FILE, find_segmenters, open_segmenter
from oasis_training.evaluation.segmenter import Segmenter, SegmenterConfig
from oasis_training.evaluation.segmenter_recipe import SegmenterRecipe
from oasis_training.evaluation.segmenter_training import SegmenterTraining, zoomed
from oasis_training.recipe import Source

from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from oasis_studio.paths import home, resource
from tests.training.test_trainer import StopAfter

CPU = torch.device("cpu")
OUTDOOR = Palette.read(resource("classes", "outdoor8.json"))


def make(data: Path, folder: Path, **changes: object) -> SegmenterTraining:
    folder.mkdir(parents=True, exist_ok=True)
    values = {"held_out": 3, "images": 160, "batch": 8, "size": 32, **changes}
    return SegmenterTraining(
        SegmenterRecipe("tiny", "outdoor8", (Source("pairs"),), **values),  # type: ignore[arg-type]
        OUTDOOR, data, folder, CPU,
    )  # fmt: skip


def test_it_learns_to_read_photos_it_never_saw(data: Path, tmp_path: Path) -> None:
    training = make(data, tmp_path / "run")
    training.run(StopAfter(1000))
    segmenter = open_segmenter(tmp_path / "run", CPU)
    figures = segmenter.card.held_out["all"]
    assert figures["photos"] == len(training.held_out) > 0
    assert figures["pixel_accuracy"] > 0.8
    assert [value is None for value in figures["iou"]] == [i not in (0, 2) for i in range(8)]
    assert figures["mean_iou"] == pytest.approx((figures["iou"][0] + figures["iou"][2]) / 2, abs=1e-3)
    assert segmenter.card.data["images_seen"] == 160


def test_a_stopped_training_goes_on_as_if_it_never_stopped(data: Path, tmp_path: Path) -> None:
    whole, first = make(data, tmp_path / "whole", images=64), make(data, tmp_path / "parts", images=64)
    whole.run(StopAfter(100))
    first.run(StopAfter(3))
    second = make(data, tmp_path / "parts", images=64)
    second.resume()
    assert second.progress.images == 24
    second.run(StopAfter(100))
    for key, value in whole.network.state_dict().items():
        assert torch.equal(value, second.network.state_dict()[key]), key


def test_what_is_written_is_what_is_opened_and_nothing_else(data: Path, tmp_path: Path) -> None:
    make(data, tmp_path / "run", images=8).run(StopAfter(100))
    folder = tmp_path / "run"
    weights = folder / WEIGHTS_FILE
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(StudioError, match="not those that the card"):
        open_segmenter(folder, CPU)
    weights.unlink()
    with pytest.raises(StudioError, match="lacks its weights"):
        open_segmenter(folder, CPU)
    (folder / CARD_FILE).write_text("[]")
    with pytest.raises(StudioError, match="Cannot read the segmenter"):
        open_segmenter(folder, CPU)


def test_pictures_of_any_size_are_read(data: Path, tmp_path: Path) -> None:
    make(data, tmp_path / "run", images=8).run(StopAfter(100))
    segmenter = open_segmenter(tmp_path / "run", CPU)
    image = torch.rand(3, 3, 45, 70) * 2 - 1
    assert segmenter.classes(image).shape == (3, 45, 70)
    torch.testing.assert_close(segmenter.probabilities(image).sum(dim=1), torch.ones(3, 45, 70))
    assert segmenter.features(image).shape == (3, segmenter.card.config.features)


def test_features_are_scaled_as_real_photos_vary(data: Path, tmp_path: Path) -> None:
    training = make(data, tmp_path / "run", images=80)
    training.run(StopAfter(100))
    segmenter = open_segmenter(tmp_path / "run", CPU)
    draws = torch.Generator().manual_seed(5)
    found = torch.cat(
        [segmenter.features(zoomed(training.photos.draw(16, draws), 32, draws).image) for _batch in range(4)]
    )
    assert found.mean(dim=0).abs().median() < 0.5
    assert 0.5 < found.std(dim=0).median() < 2


def test_the_command_trains_where_it_is_then_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["segmenter", str(data / "pairs"), "--classes", "outdoor8", "--images", "16", "--device", "cpu"]
    assert main(arguments) == 0
    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()][-1] == "published"
    assert home("segmenters") / "pairs" in find_segmenters(OUTDOOR)
    assert find_segmenters(Palette("other", OUTDOOR.classes[:3])) == []
    assert main(arguments) == 2
    assert "already" in capsys.readouterr().err
    assert main([*arguments, "--resume"]) == 0


def test_bad_input_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segmenter", str(tmp_path), "--classes", "outdoor8"]) == 2
    assert "No pairs" in capsys.readouterr().err
    recipe = tmp_path / "r.json"
    recipe.write_text('{"name": "x", "classes": "outdoor8", "sources": [{"folder": "a"}], "imags": 3}')
    assert main(["segmenter", str(tmp_path), "--recipe", str(recipe)]) == 2
    assert 'Did you mean "images"?' in capsys.readouterr().err
    recipe.write_text("[]")
    assert main(["segmenter", str(tmp_path), "--recipe", str(recipe)]) == 2
    assert "Cannot read the recipe" in capsys.readouterr().err
    with pytest.raises(StudioError, match="does not make a network"):
        SegmenterConfig.from_json({"classes": 3, "widths": [8], "blocks": [1], "side": 8})


def test_no_pixel_but_unlabelled_ones_changes_nothing(data: Path, tmp_path: Path) -> None:
    training = make(data, tmp_path / "run", images=8)
    training.photos.valid[:] = False
    before = {name: value.clone() for name, value in training.network.named_parameters()}
    training.run(StopAfter(100))
    assert all(torch.equal(before[name], value) for name, value in training.network.named_parameters())


def test_the_network_is_as_deep_as_its_configuration() -> None:
    config = SegmenterConfig(3, (8, 12, 16), (1, 0, 2), side=8)
    network = Segmenter(config).eval()
    image = torch.zeros(2, 3, 24, 16)
    assert network(image).shape == (2, 3, 24, 16)
    assert [tuple(level.shape[1:]) for level in network.pyramid(image)] == [(8, 12, 8), (12, 6, 4), (16, 3, 2)]
    assert config.features == 20 and config.grid == 8


def test_agreement_by_hand() -> None:
    labels = torch.tensor([[[0, 0, 1], [1, 2, 2]]])
    read = torch.tensor([[[0, 1, 1], [1, 0, 0]]])
    valid = torch.tensor([[[True, True, True], [True, True, False]]])
    found = agreement(read, labels, valid, 4)
    assert found.accuracy == pytest.approx(3 / 5)
    assert found.iou[:3] == pytest.approx([1 / 3, 2 / 3, 0])
    assert found.iou[3] != found.iou[3]
    assert found.mean_iou == pytest.approx(1 / 3)
    without = agreement(read, labels, valid, 4, ignored=0)
    assert without.accuracy == pytest.approx(2 / 3)
    assert without.mean_iou == pytest.approx((1 + 0) / 2)


def test_the_shipped_segmenter_is_the_one_its_card_describes() -> None:
    folder = resource("segmenters", "outdoor8")
    shipped = open_segmenter(folder, CPU)
    assert shipped.card.palette == OUTDOOR and folder in find_segmenters(OUTDOOR)
    assert (folder / WEIGHTS_FILE).stat().st_size < 4e6
    assert shipped.card.held_out["all"]["mean_iou"] > 0.6
    assert "not cleared for commercial use" in shipped.card.data["terms"]
