"""Publishing a training gives its model a reader, in the classes it was trained on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from oasis_training.pairs.dataset import find_pairs, split
from oasis_training.reading import publishing
from oasis_training.reading.publishing import Teaching, add_fitted_reader, base_reader
from oasis_training.recipe import Source

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.card import READER_FILE, ModelCard, check_files
from oasis_studio.synthesis.models.checkpoint import open_reader
from tests.training.conftest import OUTDOOR

CPU = torch.device("cpu")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "fitting_recipe", lambda card, _teaching: recipe_of(card))


def recipe_of(card: ModelCard) -> publishing.ReaderRecipe:
    return publishing.ReaderRecipe(
        card.id, "outdoor8", (), images=400, size=32, short=40, width=16, rate=8e-3, sides=(64,)
    )  # fmt: skip


def teaching(data: Path, base: Path | None) -> Teaching:
    pairs, held_out = split(find_pairs(data, (Source("pairs"),)), 3)
    return Teaching(pairs, held_out, base, 10_000, 3600.0)


def test_a_model_without_a_reader_gets_one(data: Path, model: Path, tmp_path: Path, quick: None) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    add_fitted_reader(folder, teaching(data, None), CPU)
    card = ModelCard.read(folder)
    check_files(folder, card)
    assert card.reader is not None and card.reader.figures["reading_pixel_accuracy"] > 0.7
    assert not (folder / f"{READER_FILE}.part").exists()


def test_a_better_reader_of_the_base_is_kept(
    data: Path, model: Path, reader: Path, tmp_path: Path, quick: None
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    add_fitted_reader(folder, teaching(data, reader), CPU, is_stopping=lambda: True)  # nothing is learned
    ours, theirs = open_reader(folder, ModelCard.read(folder)), open_reader(reader, ModelCard.read(reader))
    for key, value in theirs.state_dict().items():
        assert torch.equal(value, ours.state_dict()[key]), key


def test_new_classes_begin_with_the_mean_of_the_known_ones(reader: Path, tmp_path: Path) -> None:
    entries = (OUTDOOR.classes[2], SemanticClass(1, "lava", (250, 60, 10)), OUTDOOR.classes[0])
    palette = Palette("own", tuple(replace(entry, id=index) for index, entry in enumerate(entries)))
    before, after = open_reader(reader, ModelCard.read(reader)), base_reader(reader, palette)
    assert after is not None and after.config.classes == 3
    old, new = before.state_dict()["last.2.weight"], after.state_dict()["last.2.weight"]
    assert torch.equal(new[0], old[2]) and torch.equal(new[2], old[0])
    torch.testing.assert_close(new[1], old.mean(dim=0))


def test_without_a_base_that_reads_it_begins_anew(model: Path, tmp_path: Path) -> None:
    assert base_reader(None, OUTDOOR) is None
    assert base_reader(model, OUTDOOR) is None
    assert base_reader(tmp_path / "nothing", OUTDOOR) is None


def test_the_time_grows_with_the_training_within_limits(data: Path) -> None:
    def seconds(trained: float) -> float:
        return replace(teaching(data, None), trained_seconds=trained).seconds

    assert seconds(1) == publishing.LEAST_SECONDS
    assert seconds(600) == 120
    assert seconds(1e6) == publishing.MOST_SECONDS


def test_the_fitting_is_as_large_as_the_training_and_its_model(data: Path, model: Path) -> None:
    card, known = ModelCard.read(model), teaching(data, None)
    small = publishing.fitting_recipe(card, known)
    assert (small.short, small.size, small.sides) == (64, 44, (56, 72))
    assert small.images == 60 * len(known.pairs)
    assert publishing.fitting_recipe(card, replace(known, images=16)).images == 16
    large = publishing.fitting_recipe(replace(card, native_size=(512, 512)), known)
    assert (large.short, large.size, large.sides) == (256, 176, (224, 288))


def test_a_model_that_cannot_be_opened_stays_as_it_is(data: Path, tmp_path: Path) -> None:
    add_fitted_reader(tmp_path, teaching(data, None), CPU)
    assert list(tmp_path.iterdir()) == []
