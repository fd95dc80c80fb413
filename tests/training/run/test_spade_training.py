"""SPADE through the same trainer: it learns, continues exactly, and publishes a model that opens with its encoder."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from oasis_training.commands import fine_tuning
from oasis_training.recipe import Recipe
from oasis_training.run.stepper import Stepper
from oasis_training.run.trainer import Trainer

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.card import ModelCard, check_files
from oasis_studio.errors import StudioError
from oasis_studio.paths import resource
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_encoder, open_generator
from oasis_studio.synthesis.networks.patch_discriminator import PatchDiscriminator
from tests.training.run.test_trainer import StopAfter, events, make, weights

IMAGES = 1_600
"""Seen before the rates run out: with half of it once more, and all of it twice, two minutes of one core."""


@pytest.fixture
def spade(recipe: Recipe) -> Recipe:
    data = recipe.to_json()
    data |= {
        "architecture": "spade",
        "generator": {"width": 4, "hidden": 8, "style": 8},
        "discriminator": {"width": 8, "layers": 2},
        "encoder": {"width": 4},
        "phases": [{"size": 32, "images": 16, "batch": 4, "rate_generator": 1e-3, "rate_discriminator": 1e-3}],
        "initial_gain": 0.3,
        "diversity": 0.0,
    }
    return Recipe.from_json(data)


def test_a_stopped_spade_run_continues_as_if_it_never_stopped(spade, data, tmp_path, threads) -> None:
    whole = make(spade, data, tmp_path / "whole")
    whole.run(StopAfter(100))
    make(spade, data, tmp_path / "parts").run(StopAfter(2))
    second = make(spade, data, tmp_path / "parts")
    second.resume()
    assert second.progress.steps == 2 and whole.progress.steps == 4
    second.run(StopAfter(100))
    expected, found = weights(whole), weights(second)
    assert any(key.startswith("encoder") for key in expected)
    assert [key for key in expected if not torch.equal(expected[key], found[key])] == []


def test_spade_training_lowers_its_losses_and_publishes_all_three_networks(spade, data, tmp_path) -> None:
    phase = {"size": 32, "images": 160, "batch": 8, "augment": 0.0, "rate_generator": 1e-3, "rate_discriminator": 4e-4}
    longer = spade.to_json() | {"preview_every": 10_000, "phases": [phase]}
    make(Recipe.from_json(longer), data, tmp_path / "run").run(StopAfter(1000))
    steps = [e["losses"] for e in events(tmp_path / "run") if e["event"] == "step"]
    first, last = steps[0], steps[-1]
    assert last["code"] < first["code"] and last["features"] < first["features"]
    assert last["real"] + last["fake"] < first["real"] + first["fake"]
    folder = tmp_path / "run" / "model"
    card = ModelCard.read(folder)
    check_files(folder, card)
    assert card.architecture == "spade" and card.capabilities.reads_style and card.noise_size == 0
    image = torch.zeros(1, 3, 32, 32)
    code, _variance = open_encoder(folder, card)(image)
    generator = open_generator(folder, card)
    labels = torch.zeros(1, 32, 32, dtype=torch.long)
    read = generator.condition(labels, labels, torch.zeros(1, 1, 0))
    assert generator(read, code).shape == image.shape
    assert isinstance(open_discriminator(folder, card), PatchDiscriminator)


def test_spade_begins_with_a_published_model_of_fewer_classes(spade, data, tmp_path) -> None:
    make(spade, data, tmp_path / "base").run(StopAfter(2))
    old = Palette.read(resource("classes", "outdoor8.json"))
    new = Palette("more", (SemanticClass(0, "snow", (1, 1, 1)), *(replace(c, id=c.id + 1) for c in old.classes)))
    (tmp_path / "run").mkdir()
    trainer = Trainer(spade, new, data, tmp_path / "run", torch.device("cpu"), bf16=False)
    trainer.start_from(tmp_path / "base" / "model")
    card = ModelCard.read(tmp_path / "base" / "model")
    for before, now in (
        (open_generator(tmp_path / "base" / "model", card).state_dict(), trainer.networks.generator.state_dict()),
        (
            open_discriminator(tmp_path / "base" / "model", card).state_dict(),
            trainer.networks.discriminator.state_dict(),
        ),
    ):
        key = next(key for key in before if before[key].shape != now[key].shape)
        torch.testing.assert_close(now[key][:, 1:9], before[key][:, :8])
        torch.testing.assert_close(now[key][:, 0], before[key][:, :8].mean(dim=1))
        torch.testing.assert_close(now[key][:, 9:], before[key][:, 8:])


@pytest.mark.parametrize("style", [8, 0])
def test_a_recipe_tunes_a_spade_model(spade, data, tmp_path, capsys, style: int) -> None:
    """The window's own way: from the base's card to a recipe, and a run with it."""
    sized = spade.to_json()
    sized["generator"]["style"] = style
    make(Recipe.from_json(sized), data, tmp_path / "base").run(StopAfter(2))
    (tmp_path / "classes.csv").write_text("id,name,r,g,b\n0,sky,1,2,3\n2,meadow,4,5,6\n")
    given = [str(data / "pairs"), "--base", str(tmp_path / "base" / "model"), "--title", "Meadow", "--rate", "0.01"]
    capsys.readouterr()
    classes = str(tmp_path / "classes.csv")
    assert fine_tuning.main([*given, "--classes", classes, "--out", str(tmp_path), "--device", "cpu"]) == 0
    tuned = Recipe.read(tmp_path / "recipe.json")
    assert tuned.architecture == "spade" and not any(phase.discriminator_only for phase in tuned.phases)
    palette = Palette.read(tmp_path / "classes.json")
    folder = tmp_path / "run"
    folder.mkdir()
    trainer = Trainer(tuned, palette, data, folder, torch.device("cpu"), bf16=False)
    trainer.start_from(tmp_path / "base" / "model")
    trainer.run(StopAfter(2))
    card = ModelCard.read(folder / "model")
    assert card.architecture == "spade" and card.palette.by_name("meadow") is not None and card.parent == "model"


def test_what_spade_cannot_do_is_told(spade, data, tmp_path) -> None:
    other = spade.to_json() | {"phases": [{"size": 64, "images": 8, "batch": 4}]}
    with pytest.raises(StudioError, match="native size, 32"):
        make(Recipe.from_json(other), data, tmp_path / "a")
    other["phases"] = [{"size": 32, "images": 8, "batch": 4, "discriminator_only": True}]
    with pytest.raises(StudioError, match="Only OASIS"):
        Recipe.from_json(other)


@torch.no_grad()
def distance_to_photos(trainer: Trainer, recipe: Recipe) -> float:
    """Mean difference, 0..2, of photos and of what is made of their label maps and their own style codes."""
    photos = trainer.feed.photos(recipe.phases[0])
    batch = photos.centre(torch.arange(len(photos)))
    generator, encoder = trainer.networks.generator, trainer.networks.encoder
    assert encoder is not None
    for network in (generator, encoder):
        network.eval()  # otherwise looking would move statistics and spectral norms
    seen = generator.condition(batch.labels, batch.labels, torch.zeros(len(photos), 1, 0))
    made = generator(seen, encoder(batch.image)[0])
    for network in (generator, encoder):
        network.train()
    return float((made - batch.image).abs().mean())


@pytest.mark.slow
@pytest.mark.usefixtures("threads")
def test_two_minutes_of_spade_lower_its_losses_and_resume_exactly(
    spade,
    data,
    tmp_path,
    monkeypatch,
) -> None:
    """As the shipped recipes train, smaller: once in one piece, and once stopped midway."""
    plus = Recipe.read(resource("..", "training", "recipes", "spade-plus.json")).to_json()
    kept = ("feature_matching", "code_weight", "vgg", "beta_2", "label_warp", "average_half_life")
    phase = {"size": 64, "batch": 8, "rate_generator": 1e-4, "rate_discriminator": 4e-4, "augment": 0.4}
    changes = {
        "native_size": 64,
        "generator": {"width": 8, "hidden": 16, "style": 16},
        "discriminator": {"width": 16, "layers": 3},
        "encoder": {"width": 8},
        "initial_gain": 1.0,
        "preview_every": 100_000,
        "phases": [{**phase, "images": IMAGES}, {**phase, "images": IMAGES // 2, "decay": True}],
    }
    recipe = Recipe.from_json(spade.to_json() | {name: plus[name] for name in kept} | changes)
    assert (recipe.code_weight, recipe.vgg) == (0.05, 0.0), "KL 0.05, and no VGG without somebody's own weights"
    steps: list[dict[str, float]] = []
    step = Stepper.step

    def recorded(stepper, *arguments):
        found = step(stepper, *arguments)
        steps.append({name: float(value) for name, value in found.items()})
        return found

    monkeypatch.setattr(Stepper, "step", recorded)
    whole = make(recipe, data, tmp_path / "whole")
    before = distance_to_photos(whole, recipe)
    whole.run(StopAfter(100_000))
    # What it lost before it had learned anything, against the last tenth: the discriminator that measures moves, too.
    first, last = steps[0], steps[-(len(steps) // 10) :]
    for names in (("features",), ("code",), ("real", "fake")):
        now = sum(each[name] for each in last for name in names) / len(last)
        assert now < 0.9 * sum(first[name] for name in names), (names, first, now)
    assert distance_to_photos(whole, recipe) < 0.8 * before, "and nobody moved this measure"
    make(recipe, data, tmp_path / "parts").run(StopAfter(whole.progress.steps // 2))
    second = make(recipe, data, tmp_path / "parts")
    second.resume()
    assert 0 < second.progress.steps < whole.progress.steps
    second.run(StopAfter(100_000))
    expected, found = weights(whole), weights(second)
    assert [key for key in expected if not torch.equal(expected[key], found[key])] == []
