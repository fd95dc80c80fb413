"""From a base model, photos and a class map to a recipe, and from the recipe to first weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from oasis_training.__main__ import main as train
from oasis_training.commands.fine_tuning import main, map_classes
from oasis_training.datasets.model import ClassList, DatasetClass
from oasis_training.learning.affinity import class_affinity
from oasis_training.pairs.dataset import find_pairs
from oasis_training.recipe import Recipe, Source

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.paths import resource
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig

OUTDOOR = Palette.read(resource("classes", "outdoor8.json"))
FOUND = ClassList((DatasetClass(0, "Sky", None), DatasetClass(2, "lawn", (1, 2, 3)), DatasetClass(5, "dog", None)))


def test_classes_are_matched_by_name_joined_and_added() -> None:
    classes = map_classes(OUTDOOR, FOUND, {"lawn": "grass"}, "mine")
    assert [entry.name for entry in classes.palette.classes] == [*(c.name for c in OUTDOOR.classes), "dog"]
    assert classes.palette.classes[:8] == OUTDOOR.classes
    assert classes.ids == (0, 255, 2, 255, 255, 8) and classes.new == ("dog",) and classes.left_out == ()
    assert len({entry.color for entry in classes.palette.classes}) == 9
    fewer = map_classes(OUTDOOR, FOUND, {"lawn": None, "dog": "object"}, "mine")
    assert fewer.ids == (0, 255, 255, 255, 255, 7) and fewer.new == () and fewer.left_out == ("lawn",)


def test_without_a_base_the_photos_decide() -> None:
    classes = map_classes(None, FOUND, {"dog": None}, "mine")
    assert [entry.name for entry in classes.palette.classes] == ["Sky", "lawn"] and classes.ids[:3] == (0, 255, 1)
    with pytest.raises(StudioError, match='"cat" is none of the classes'):
        map_classes(OUTDOOR, FOUND, {"cat": "dog"}, "mine")
    with pytest.raises(StudioError, match="makes 0 classes"):
        map_classes(None, FOUND, {"Sky": None, "lawn": None, "dog": None}, "mine")


def test_new_classes_begin_as_what_the_critic_sees_in_them() -> None:
    old = Palette("old", (SemanticClass(0, "sky", (0, 0, 1)), SemanticClass(1, "grass", (0, 1, 0))))
    new = Palette("new", (*old.classes, SemanticClass(2, "snow", (1, 1, 1))))
    assert class_affinity(old, new, None, []).tolist() == [[1, 0], [0, 1], [0.5, 0.5]]


def test_the_critic_votes_for_new_classes(data: Path) -> None:
    old = Palette("old", (SemanticClass(0, "sky", (0, 0, 1)), SemanticClass(1, "grass", (0, 1, 0))))
    new = Palette(
        "new",
        (SemanticClass(0, "sky", (0, 0, 1)), SemanticClass(1, "x", (9, 9, 9)), SemanticClass(2, "lawn", (0, 1, 0))),
    )
    critic = Discriminator(DiscriminatorConfig(2, (4,), (4,)))
    with torch.no_grad():
        critic.layer_up_last.weight.zero_()
        critic.layer_up_last.bias.copy_(torch.tensor([9.0, 0.0, 3.0]))  # fake, sky, grass
    matrix = class_affinity(old, new, critic, find_pairs(data, (Source("pairs"),)))
    assert matrix[0].tolist() == [1, 0] and matrix[1].tolist() == [0.5, 0.5]
    torch.testing.assert_close(matrix[2], torch.tensor([0.0, 3.0]).softmax(0))


def test_a_recipe_tunes_a_model_with_a_new_class(recipe: Recipe, data: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe.to_json()))
    options = ["--device", "cpu", "--threads", "1"]
    assert train([str(path), "--data", str(data), "--out", str(tmp_path / "base"), *options]) == 0
    (tmp_path / "classes.csv").write_text("id,name,r,g,b\n0,sky,1,2,3\n2,meadow,4,5,6\n")
    (tmp_path / "map.json").write_text("{}")
    command = [str(data / "pairs"), "--base", "base", "--classes", str(tmp_path / "classes.csv"), "--preset", "try"]
    command += [
        "--map",
        str(tmp_path / "map.json"),
        "--title",
        "My meadow",
        "--out",
        str(tmp_path / "new"),
        "--device",
        "cpu",
    ]
    capsys.readouterr()
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["event"] == "recipe" and told["new_classes"] == ["meadow"] and told["data"] == str(data)
    made = Recipe.read(Path(told["recipe"]))
    assert made.sources[0].ids == (0, 255, 8) and made.phases[0].discriminator_only and made.native_size == 32
    # The base has no discriminator with the backbone: a new one learns before the generator changes.
    assert [phase.trains_generator for phase in made.phases] == [False, False, True, True]
    short = made.to_json() | {"phases": [phase | {"images": 8} for phase in made.to_json()["phases"]]}
    Path(told["recipe"]).write_text(json.dumps(short | {"statistics_batches": 1}))
    run = tmp_path / "run"
    assert train([told["recipe"], "--data", told["data"], "--out", str(run), "--no-install", *options]) == 0
    lines = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    begun = next(event for event in lines if event["event"] == "initialised")
    assert begun["classes"].keys() == {"meadow"} and abs(sum(begun["classes"]["meadow"].values()) - 1) < 0.1
    card = ModelCard.read(run / "model")
    assert card.parent == "base" and card.palette.classes[8].name == "meadow"
    assert open_generator(run / "model", card).config.classes == 9


def test_measuring_says_what_a_recipe_costs(recipe: Recipe, data: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(recipe.to_json()))
    assert train([str(path), "--data", str(data), "--out", str(tmp_path / "run"), "--measure", "--device", "cpu"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["event"] == "measured" and len(told["phases"]) == 2 and told["images_per_second"] > 0
    assert told["memory_mb"] > 50 and told["pairs"] == 12 and not (tmp_path / "run").exists()


def test_measuring_a_plan_gives_every_preset_its_time_and_recipe(data: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "classes.csv").write_text("id,name,r,g,b\n0,sky,1,2,3\n2,meadow,4,5,6\n")
    given = [str(data / "pairs"), "--classes", str(tmp_path / "classes.csv"), "--title", "Barns", "--device", "cpu"]
    before = sorted(tmp_path.iterdir())
    assert main([*given, "--measure"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["event"] == "measured" and told["memory_mb"] > 50 and sorted(tmp_path.iterdir()) == before
    short, long = told["presets"]["try"], told["presets"]["long"]
    rate = Recipe.from_json(short["recipe"]).images / short["seconds"]
    made = Recipe.from_json(long["recipe"])
    assert made.title == "Barns" and made.sources == (Source("pairs", ids=(0, 255, 1)),)
    assert made.images == pytest.approx(long["seconds"] * rate) and long["seconds"] > 5 * short["seconds"]
    with pytest.raises(SystemExit):
        main(given)  # neither --measure nor a folder
