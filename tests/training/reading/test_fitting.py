"""Fitting a reader: it learns photos it never saw, goes on exactly, and lies beside its model in the end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from oasis_training.commands.reading import main
from oasis_training.events import Events
from oasis_training.pairs.dataset import find_pairs, split
from oasis_training.reading.fitting import ReaderFitting, class_weights, rate_at, zoomed
from oasis_training.reading.recipe import ReaderRecipe

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from tests.training.conftest import OUTDOOR, TINY_READER
from tests.training.run.test_trainer import StopAfter

CPU = torch.device("cpu")


def fitting(data: Path, folder: Path, **changes: object) -> ReaderFitting:
    folder.mkdir(parents=True, exist_ok=True)
    recipe = ReaderRecipe.from_json(TINY_READER | changes)
    pairs, _held_out = split(find_pairs(data, recipe.sources), recipe.held_out)
    return ReaderFitting(recipe, OUTDOOR, pairs, folder, CPU)


def test_it_reads_photos_it_never_saw(reader: Path) -> None:
    card = ModelCard.read(reader)
    assert card.reader is not None and card.reader.sides == (64,)
    figures = card.reader.figures
    assert figures["source"] == "pairs" and figures["others"] == {}
    assert figures["reading_photos"] > 0 and figures["reading_pixel_accuracy"] > 0.9
    assert set(figures["reading_iou"]) == {"sky", "grass"}
    assert card.reader.data["images_seen"] == TINY_READER["images"]


def test_a_stopped_fitting_goes_on_as_if_it_never_stopped(data: Path, tmp_path: Path) -> None:
    whole, first = fitting(data, tmp_path / "whole", images=64), fitting(data, tmp_path / "parts", images=64)
    whole.run(StopAfter(100).__bool__)
    first.run(StopAfter(3).__bool__, Events(tmp_path / "parts"))
    second = fitting(data, tmp_path / "parts", images=64)
    second.resume()
    assert second.progress.images == 24
    second.run(StopAfter(100).__bool__)
    for key, value in whole.network.state_dict().items():
        assert torch.equal(value, second.network.state_dict()[key]), key


def test_the_backbone_is_tuned_only_where_the_recipe_says_so(data: Path, tmp_path: Path) -> None:
    assert fitting(data, tmp_path / "a").network.encoder is None
    tuned = fitting(data, tmp_path / "b", rate_backbone=1e-3, images=8)
    assert tuned.network.encoder is not None
    before = tuned.network.encoder.stem.weight.clone()
    tuned.run(lambda: False)
    assert not torch.equal(before, tuned.network.encoder.stem.weight)


def test_no_pixel_but_unlabelled_ones_changes_nothing(data: Path, tmp_path: Path) -> None:
    found = fitting(data, tmp_path, images=8)
    found.photos.valid[:] = False
    before = {name: value.clone() for name, value in found.network.named_parameters()}
    found.run(lambda: False)
    assert all(torch.equal(before[name], value) for name, value in found.network.named_parameters())


def test_crops_are_zoomed_within_the_recipes_limits(data: Path, tmp_path: Path) -> None:
    found = fitting(data, tmp_path)
    batch = zoomed(found.photos.draw(4, found.draws), found.recipe, found.draws)
    assert batch.image.shape == (4, 3, 32, 32) and batch.labels.shape == batch.valid.shape == (4, 32, 32)


def test_rare_classes_count_more_and_absent_ones_nothing(data: Path, tmp_path: Path) -> None:
    weights = class_weights(fitting(data, tmp_path).photos, 8)
    assert weights[0] > 0 and weights[2] > 0 and not weights[[1, 3, 4, 5, 6, 7]].any()


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(step, 1000) for step in range(1001)]
    assert rates[0] < 0.05 and max(rates) > 0.98 and rates[-1] == pytest.approx(0, abs=1e-6)
    assert rates == sorted(rates[:60]) + sorted(rates[60:], reverse=True)


def test_the_command_goes_on_and_begins_with_the_reader_there_is(
    data: Path,
    reader: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(reader, folder)
    recipe = tmp_path / "r.json"
    recipe.write_text("\ufeff" + json.dumps(TINY_READER))
    arguments = [str(folder), str(data), "--recipe", str(recipe), "--out", str(tmp_path / "work"), "--device", "cpu"]
    assert main([*arguments, "--images", "8"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[-1]["event"] == "published"
    assert told[-2]["reading_pixel_accuracy"] > 0.85, "it began with what it knew"
    assert main(arguments) == 2
    assert "already" in capsys.readouterr().err
    assert main([*arguments, "--images", "16", "--resume"]) == 0
    assert ModelCard.read(folder).reader.data["images_seen"] == 16  # type: ignore[union-attr]


def test_bad_input_is_told(data: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*arguments: object) -> str:
        assert main([str(argument) for argument in arguments]) == 2
        return capsys.readouterr().err

    assert "There is no model" in told("nobody", data / "pairs")
    assert "No pairs" in told(model, tmp_path)
    recipe = tmp_path / "r.json"
    recipe.write_text('{"name": "x", "classes": "outdoor8", "sources": [{"folder": "a"}], "imags": 3}')
    assert 'Did you mean "images"?' in told(model, tmp_path, "--recipe", recipe)
    recipe.write_text("[]")
    assert "Cannot read the recipe" in told(model, tmp_path, "--recipe", recipe)
    with pytest.raises(StudioError, match="at least one source"):
        ReaderRecipe.from_json({"name": "x", "classes": "y", "sources": []})


def test_a_single_class_is_learned_without_a_number_that_is_none(data: Path, tmp_path: Path) -> None:
    recipe = ReaderRecipe.from_json(TINY_READER | {"images": 16})
    one = Palette("one", OUTDOOR.classes[:1])
    found = ReaderFitting(recipe, one, find_pairs(data, recipe.sources), tmp_path, CPU)
    network = found.run(lambda: False)
    assert all(torch.isfinite(value).all() for value in network.state_dict().values())
    assert network(torch.full((1, 3, 40, 33), -1.0)).isfinite().all()
