"""A whole run, small: it learns, stops, continues exactly and publishes a model that opens."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest
import torch
from oasis_training.__main__ import main
from oasis_training.commands.command import seconds as parsed
from oasis_training.evaluation.pooled_features import features
from oasis_training.learning.average import Average
from oasis_training.pairs.dataset import find_pairs, split
from oasis_training.recipe import Recipe
from oasis_training.run.control import Control
from oasis_training.run.trainer import Trainer

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.card import ModelCard, check_files
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.errors import StudioError
from oasis_studio.paths import home, resource
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_generator, open_reader
from oasis_studio.synthesis.networks.tensors import condition


class StopAfter(Control):
    """Stops when looked at the n-th time."""

    def __init__(self, looks: int) -> None:
        super().__init__(Path())
        self.looks = looks

    def poll(self) -> None:
        self.looks -= 1
        if self.looks < 0:
            self.stop()

    def __bool__(self) -> bool:
        """As a StopFlag, which the fitting of a reader asks."""
        self.poll()
        return self.is_stopping


def make(recipe: Recipe, data: Path, folder: Path, bf16: bool = False) -> Trainer:
    folder.mkdir(parents=True, exist_ok=True)
    palette = Palette.read(resource("classes", "outdoor8.json"))
    return Trainer(recipe, palette, data, folder, torch.device("cpu"), bf16)


def events(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {
        f"{name}.{key}": value.clone()
        for name, network in trainer.networks.modules().items()
        for key, value in network.state_dict().items()
    }


def test_a_stopped_run_continues_as_if_it_never_stopped(recipe, data, whole, tmp_path, threads) -> None:
    first = make(recipe, data, tmp_path / "parts")
    first.run(StopAfter(6))
    assert 0 < first.progress.steps < whole.progress.steps
    second = make(recipe, data, tmp_path / "parts")
    second.resume()
    second.run(StopAfter(100))
    assert second.progress.steps == whole.progress.steps == 8
    expected, found = weights(whole), weights(second)
    different = [key for key in expected if not torch.equal(expected[key], found[key])]
    assert different == []


class Cut(BaseException):
    """The power goes."""


def test_a_run_cut_off_in_a_preview_continues_as_if_it_never_was(
    recipe, data, whole, tmp_path, threads, monkeypatch
) -> None:
    careful = Recipe.from_json(recipe.to_json() | {"save_minutes": 0.0})

    def cut(*_arguments: object, **_more: object) -> None:
        raise Cut

    for part in ("write_sheet", "held_out.distance"):  # at the beginning of the first preview, and near its end
        folder = tmp_path / part
        first = make(careful, data, folder)
        with monkeypatch.context() as patch, pytest.raises(Cut):
            patch.setattr(f"oasis_training.run.keeper.{part}", cut)
            first.run(StopAfter(100))
        second = make(careful, data, folder)
        second.resume()
        second.run(StopAfter(100))
        assert second.progress.best == whole.progress.best and second.progress.best_images == whole.progress.best_images
        expected, found = weights(whole), weights(second)
        assert [key for key in expected if not torch.equal(expected[key], found[key])] == [], part


def test_whoever_looks_at_a_run_draws_none_of_its_numbers(recipe, data, tmp_path, monkeypatch) -> None:
    before = torch.get_rng_state()
    features(torch.rand(2, 3, 32, 32, generator=torch.Generator()))
    assert torch.equal(torch.get_rng_state(), before)
    trainer = make(recipe, data, tmp_path / "run")
    trainer.run(StopAfter(4))
    monkeypatch.setattr("oasis_training.run.held_out.distance", lambda *_arguments: float(torch.rand(())))
    before = torch.get_rng_state()
    trainer.keeper.preview(recipe.phases[1], trainer.progress)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_run_goes_on_in_the_precision_it_began_with(recipe, data, tmp_path, threads) -> None:
    few = Recipe.from_json(recipe.to_json() | {"phases": [{"size": 32, "images": 16, "batch": 4}]})
    whole = make(few, data, tmp_path / "whole", bf16=True)
    whole.run(StopAfter(100))
    make(few, data, tmp_path / "parts", bf16=True).run(StopAfter(2))
    second = make(few, data, tmp_path / "parts", bf16=False)  # today float32 measured faster
    second.resume()
    assert 0 < second.progress.steps < whole.progress.steps
    second.run(StopAfter(100))
    expected, found = weights(whole), weights(second)
    assert [key for key in expected if not torch.equal(expected[key], found[key])] == []
    asked = make(few, data, tmp_path / "parts", bf16=False)
    asked.resume(keeps_precision=False)
    assert not asked.networks.bf16


def test_a_run_publishes_a_model_that_opens(whole) -> None:
    folder = whole.keeper.folder / "model"
    card = ModelCard.read(folder)
    check_files(folder, card)
    assert card.noise_size == 4 and card.data["images_seen"] == 32
    assert {"kernel_distance", "kernel_distance_mean_colours", "diversity"} <= card.metrics.keys()
    generator, discriminator = open_generator(folder, card), open_discriminator(folder, card)
    labels = torch.zeros(1, 16, 16, dtype=torch.long)
    image = generator(condition(labels, labels, torch.randn(1, 1, 4), 8))
    assert image.shape == (1, 3, 16, 16) and discriminator(image).shape == (1, 9, 16, 16)
    told = {e["event"]: e for e in events(whole.keeper.folder)}
    assert next(iter(told)) == "started"
    assert {"preview", "saved", "metric", "published"} <= told.keys()
    published = Path(told["published"]["folder"])
    assert open_reader(published, ModelCard.read(published)).config.classes == 8
    assert (folder / "preview.png").is_file()


def test_a_short_run_is_not_followed_by_a_long_examination(recipe, data, tmp_path, monkeypatch) -> None:
    """Of many statistics passes and held-out photos only as many as a few photos and steps are worth."""
    monkeypatch.setattr("oasis_training.run.keeper._FEWEST_JUDGED", 4)
    scaled = [phase | {"scale": 45} for phase in recipe.to_json()["phases"]]
    thorough = Recipe.from_json(recipe.to_json() | {"statistics_batches": 60, "phases": scaled})
    trainer = make(thorough, data, tmp_path / "run")
    trainer.feed.held_out *= 10
    counts, conditions = [], trainer.feed.conditions
    monkeypatch.setattr(trainer.feed, "conditions", lambda p, n, g: counts.append(n) or conditions(p, n, g))
    trainer.run(StopAfter(100))
    card = ModelCard.read(tmp_path / "run" / "model")
    assert counts[-1] == 8 and card.metrics["held_out_photos"] == 4
    assert card.metrics["size"] == 44, "whole scenes on the grid, whatever the crops"
    assert [e["part"] for e in events(tmp_path / "run") if e["event"] == "publishing"] == [1, 2, 3, 4]


def test_the_first_previews_come_early(recipe, data, tmp_path) -> None:
    slow = recipe.to_json() | {"preview_every": 384, "phases": [{"size": 32, "images": 52, "batch": 4}]}
    make(Recipe.from_json(slow), data, tmp_path / "run").run(StopAfter(100))
    shown = [e for e in events(tmp_path / "run") if e["event"] == "preview"]
    assert [e["images"] for e in shown] == [24, 48]


def test_the_discriminator_learns_to_tell_real_from_generated(recipe, data, tmp_path) -> None:
    longer = recipe.to_json()
    longer |= {"phases": [{"size": 32, "images": 160, "batch": 8, "augment": 0.0}], "preview_every": 10_000}
    trainer = make(Recipe.from_json(longer), data, tmp_path / "run")
    trainer.run(StopAfter(1000))
    steps = [e["losses"] for e in events(tmp_path / "run") if e["event"] == "step"]
    guessing = 2 * math.log(9)
    assert steps[-1]["real"] + steps[-1]["fake"] < 0.75 * guessing


def test_average_follows_the_generator_and_its_statistics(recipe, data, tmp_path) -> None:
    trainer = make(recipe, data, tmp_path / "run")
    generator = trainer.networks.generator
    average = Average(generator, half_life=100)
    before = average.network.fc.bias.clone()
    with torch.no_grad():
        generator.fc.bias += 1
    average.update(generator, batch=8)
    moved = (average.network.fc.bias - before).mean().item()
    assert 0.8 < moved < 1.0  # warm-up: the first update takes nine tenths
    batch = [condition(torch.zeros(4, 16, 16).long(), torch.zeros(4, 16, 16).long(), torch.randn(4, 1, 4), 8)] * 3
    batch = [(condition_NCHW, None) for condition_NCHW in batch]
    untouched = average.network.body[0].norm_0.first_norm.running_mean.clone()
    settled = average.settled(generator, batch)
    norm = settled.body[0].norm_0.first_norm
    stem = settled.fc(torch.nn.functional.interpolate(batch[0][0], size=(4, 4)))
    torch.testing.assert_close(norm.running_mean, stem.mean(dim=(0, 2, 3)))
    assert not settled.training
    assert torch.equal(untouched, average.network.body[0].norm_0.first_norm.running_mean)


def test_a_run_does_not_overwrite_another(recipe, data, tmp_path, capsys) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe.to_json()))
    arguments = [str(path), "--data", str(data), "--out", str(tmp_path / "run"), "--device", "cpu", "--threads", "1"]
    assert main([*arguments, "--budget", "60s"]) == 0
    assert [card.id for card in ModelLibrary(tmp_path / "none", home("models")).cards()] == ["run"]
    assert main(arguments) == 2
    assert "There is a run in" in capsys.readouterr().err
    assert main([*arguments, "--resume"]) == 0
    assert len(ModelLibrary(tmp_path / "none", home("models")).cards()) == 1


def test_a_run_starts_from_a_published_model(recipe, data, whole, tmp_path) -> None:
    published = whole.keeper.folder / "model"
    second = make(recipe, data, tmp_path / "second")
    second.start_from(published)
    first_weights = open_generator(published, ModelCard.read(published))
    assert torch.equal(second.networks.generator.fc.weight, first_weights.fc.weight)
    other = recipe.to_json()
    other["generator"]["hidden"] = 12
    with pytest.raises(StudioError, match="other sizes"):
        make(Recipe.from_json(other), data, tmp_path / "third").start_from(published)


@pytest.mark.parametrize(("text", "expected"), [("90s", 90), ("25m", 1500), ("1.5h", 5400)])
def test_budgets(text: str, expected: float) -> None:
    assert parsed(text) == expected


def few_pairs(data: Path, root: Path, count: int) -> Path:
    for part in ("images", "labels"):
        (root / "pairs" / part).mkdir(parents=True)
        for index in range(count):
            shutil.copy(data / "pairs" / part / f"scene{index}.png", root / "pairs" / part)
    return root


def test_one_pair_of_one_class_makes_a_model(recipe, data, tmp_path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    one = Palette("one", (SemanticClass(0, "sky", (1, 2, 3)),))
    trainer = Trainer(recipe, one, few_pairs(data, tmp_path / "data", 1), folder, torch.device("cpu"), bf16=False)
    trainer.run(StopAfter(100))
    card = ModelCard.read(folder / "model")
    assert len(card.palette) == 1 and card.metrics == {}
    assert (folder / "model" / "preview.png").is_file() and list((folder / "previews").iterdir())
    left_out = next(e for e in events(folder) if e["event"] == "left_out")
    assert left_out["count"] == 0 and list(left_out["unknown_pixels"]) == ["2"]
    assert all(torch.isfinite(value).all() for value in weights(trainer).values())


def test_a_run_names_at_its_end_what_it_left_out(recipe, data, tmp_path) -> None:
    root = few_pairs(data, tmp_path / "data", 12)
    trained, held = (pairs[0] for pairs in split(find_pairs(root, recipe.sources), recipe.held_out))
    for pair in (trained, held):
        pair.image.write_bytes(pair.image.read_bytes()[:1000])
    trainer = make(recipe, root, tmp_path / "run")
    trainer.run(StopAfter(100))
    last = [event for event in events(tmp_path / "run") if event["event"] != "publishing"][-2:]
    assert [event["event"] for event in last] == ["left_out", "published"]
    assert [entry["name"] for entry in last[0]["pairs"]] == sorted([trained.name, held.name])
    assert trainer.progress.steps == 8


def test_weights_of_nothing_but_zero_are_told(recipe, data, tmp_path) -> None:
    root = few_pairs(data, tmp_path / "data", 2)
    (root / "pairs" / "manifest.csv").write_text("id,share\nscene0,0\nscene1,0\n")
    weighted = recipe.to_json()
    weighted["sources"] = [{"folder": "pairs", "weight_by": "share"}]
    with pytest.raises(StudioError, match="weight 0"):
        make(Recipe.from_json(weighted), root, tmp_path / "run").run(StopAfter(100))
