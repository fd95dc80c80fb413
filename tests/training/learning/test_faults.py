"""What goes wrong in a run, and what becomes of it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from oasis_training import state
from oasis_training.learning.guard import Guard
from oasis_training.learning.perception import Vgg19, open_perception
from oasis_training.recipe import Recipe
from oasis_training.run.publish import Publisher
from safetensors.torch import save_file

from oasis_studio.errors import StudioError
from oasis_studio.synthesis.networks.spectral import settle_spectral_norms
from tests.training.run.test_trainer import StopAfter, events, make, weights


def test_numbers_that_diverge_take_the_run_back_with_half_the_rates(recipe, data, tmp_path, monkeypatch) -> None:
    trainer = make(recipe, data, tmp_path / "run")
    step = trainer.stepper.__class__.step
    calls = []

    def spoiled(self, photos, phase, progress):
        values = step(self, photos, phase, progress)
        calls.append(progress.steps)
        if len(calls) == 5:
            with torch.no_grad():
                trainer.networks.generator.fc.weight.fill_(math.nan)
            values["generator"] = torch.tensor(math.nan)
        return values

    monkeypatch.setattr(trainer.stepper.__class__, "step", spoiled)
    trainer.run(StopAfter(100))
    told = next(e for e in events(tmp_path / "run") if e["event"] == "rolled_back")
    assert told["rates"] == 0.5 and told["to_images"] == 0 and told["images"] == 20
    assert trainer.progress.steps == 8 and trainer.progress.rates == 0.5
    assert all(torch.isfinite(value).all() for value in weights(trainer).values())


def test_the_guard_knows_exploding_gradients_from_large_ones() -> None:
    guard = Guard(torch.device("cpu"))
    for _step in range(60):
        guard.watch({"real": torch.tensor(1.0), "gradient_generator": torch.tensor(2.0)})
    guard.watch({"real": torch.tensor(9.0), "gradient_generator": torch.tensor(40.0)})
    assert not guard.is_bad()
    guard.watch({"real": torch.tensor(1.0), "gradient_generator": torch.tensor(1e5)})
    assert guard.is_bad()
    guard.reset()
    assert not guard.is_bad()


def test_too_little_memory_halves_the_batch_and_the_step_is_taken(recipe, data, tmp_path, monkeypatch) -> None:
    trainer = make(recipe, data, tmp_path / "run")
    forward = trainer.networks.generator.forward

    def small(condition, style=None):
        if trainer.networks.generator.training and len(condition) > 2:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return forward(condition, style)

    monkeypatch.setattr(trainer.networks.generator, "forward", small)
    trainer.run(StopAfter(100))
    told = [e for e in events(tmp_path / "run") if e["event"] == "batch_halved"]
    assert [e["batch"] for e in told] == [2]
    assert trainer.progress.steps == 8 and trainer.progress.parts == 2
    resumed = make(recipe, data, tmp_path / "run")
    resumed.resume()
    assert resumed.progress.parts == 2


def test_a_shortage_in_the_discriminators_part_has_changed_no_weight(recipe, data, tmp_path, monkeypatch) -> None:
    phases = [{"size": 32, "images": 8, "batch": 4}]
    trainer = make(Recipe.from_json(recipe.to_json() | {"phases": phases}), data, tmp_path / "run")
    before = {key: value.clone() for key, value in trainer.networks.generator.named_parameters()}
    terms, kept = trainer.stepper.objective.discriminator_terms, []

    def short(plan, fake, phase):
        if len(plan) > 2:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        if not kept:
            kept.append({key: value.clone() for key, value in trainer.networks.generator.named_parameters()})
        return terms(plan, fake, phase)

    monkeypatch.setattr(trainer.stepper.objective, "discriminator_terms", short)
    trainer.run(StopAfter(100))
    assert trainer.progress.steps == 2 and trainer.progress.parts == 2
    assert all(torch.equal(value, kept[0][key]) for key, value in before.items()), "the step was begun anew"


def test_nobody_changes_the_state_while_other_processes_read_it(recipe, data, tmp_path, monkeypatch) -> None:
    trainer = make(recipe, data, tmp_path / "run")
    trainer.keeper.save(trainer.progress)
    order: list[str] = []
    load, write = trainer.keeper.load, state.write_progress
    monkeypatch.setattr(trainer.keeper, "load", lambda: (order.append("load"), load())[1])
    monkeypatch.setattr(type(trainer.ranks), "wait", lambda _self: order.append("wait"))
    monkeypatch.setattr(state, "write_progress", lambda *given: (order.append("write"), write(*given))[1])
    trainer._roll_back()
    assert order == ["load", "wait", "write"]


def test_other_errors_are_not_taken_for_a_shortage(recipe, data, tmp_path, monkeypatch) -> None:
    trainer = make(recipe, data, tmp_path / "run")

    def broken(condition, style=None):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(trainer.networks.generator, "forward", broken)
    with pytest.raises(RuntimeError, match="shapes"):
        trainer.run(StopAfter(100))


def test_the_parts_of_a_batch_add_up_to_it(recipe, data, tmp_path) -> None:
    """For the discriminator, which has no batch statistics."""
    found = []
    for parts in (1, 2):
        trainer = make(recipe, data, tmp_path / str(parts))
        trainer.progress.parts = parts
        settle_spectral_norms(trainer.networks.discriminator, 300)  # a forward more must not change the weights
        phase = recipe.phases[0]
        trainer.stepper.step(trainer.feed.photos(phase), phase, trainer.progress)
        found.append([p.grad.clone() for p in trainer.networks.discriminator.parameters()])
    for whole, summed in zip(*found, strict=True):
        torch.testing.assert_close(summed, whole, rtol=1e-3, atol=1e-5)


def test_a_full_disk_keeps_the_state_that_was_there(recipe, data, tmp_path, monkeypatch) -> None:
    trainer = make(recipe, data, tmp_path / "run")
    trainer.run(StopAfter(3))
    before = (tmp_path / "run" / "state.json").read_bytes()

    def full(tensors, path):
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state, "save_file", full)
    again = make(recipe, data, tmp_path / "run")
    again.resume()
    assert not again.keeper.save(again.progress)
    told = events(tmp_path / "run")[-1]
    assert told["event"] == "not_saved" and "No space left" in told["message"]
    assert (tmp_path / "run" / "state.json").read_bytes() == before
    assert not list((tmp_path / "run").glob("*.part"))
    make(recipe, data, tmp_path / "run").resume()


def test_a_preview_that_the_disk_refuses_does_not_end_the_run(recipe, data, tmp_path, monkeypatch) -> None:
    trainer = make(recipe, data, tmp_path / "run")
    write, calls = Publisher.write, []

    def full(self, *arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        return write(self, *arguments)

    monkeypatch.setattr(Publisher, "write", full)
    trainer.run(StopAfter(100))
    told = [e["event"] for e in events(tmp_path / "run")]
    assert told.index("not_saved") < told.index("published") and trainer.progress.steps == 8


def test_a_run_of_a_newer_version_is_refused(recipe, data, tmp_path) -> None:
    make(recipe, data, tmp_path / "run").run(StopAfter(2))
    path = tmp_path / "run" / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 99}))
    with pytest.raises(StudioError, match="newer version"):
        make(recipe, data, tmp_path / "run").resume()


def test_a_state_of_the_first_version_goes_on(recipe, data, tmp_path) -> None:
    make(recipe, data, tmp_path / "run").run(StopAfter(3))
    path = tmp_path / "run" / "state.json"
    old = json.loads(path.read_text())
    known = ("phase", "phase_images", "images", "steps", "seconds", "averages")
    old |= {"version": 1, "progress": {key: old["progress"][key] for key in known}}
    path.write_text(json.dumps(old))
    again = make(recipe, data, tmp_path / "run")
    again.resume()
    assert again.progress.steps == 3 and again.progress.rates == 1.0


def test_unknown_keys_are_named_with_the_nearest_known_one(recipe: Recipe) -> None:
    with pytest.raises(StudioError, match='unknown key "previw_every"') as caught:
        Recipe.from_json(recipe.to_json() | {"previw_every": 5})
    assert "preview_every" in caught.value.hint


def test_a_class_without_pixels_and_crops_beyond_the_photos(recipe, data, tmp_path) -> None:
    scaled = recipe.to_json()
    scaled["phases"] = [phase | {"scale": 48} for phase in scaled["phases"]]
    trainer = make(Recipe.from_json(scaled), data, tmp_path / "run")  # six of eight classes never occur
    trainer.run(StopAfter(4))
    assert trainer.feed.photos(trainer.recipe.phases[0]).short == 48
    assert all(torch.isfinite(value).all() for value in weights(trainer).values())
    scaled["phases"][0]["scale"] = 16
    with pytest.raises(StudioError, match="crops of 32 pixels from photos of 16"):
        Recipe.from_json(scaled)


def test_vgg_weights_are_the_persons_own(recipe, data, tmp_path) -> None:
    asked = recipe.to_json() | {"vgg": 10.0, "vgg_weights": str(tmp_path / "none.safetensors")}
    with pytest.raises(StudioError, match="no weights file"):
        make(Recipe.from_json(asked), data, tmp_path / "run")
    (tmp_path / "vgg.pth").write_bytes(b"\x80\x02pickle")
    with pytest.raises(StudioError, match="neither TorchScript nor safetensors"):
        open_perception(tmp_path / "vgg.pth", torch.device("cpu"))
    save_file({"features.0.weight": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(StudioError, match="holds no VGG-19"):
        open_perception(tmp_path / "other.safetensors", torch.device("cpu"))
    network = Vgg19()
    save_file(network.state_dict(), tmp_path / "vgg.safetensors")
    torch.jit.trace(torch.nn.Conv2d(3, 2, 3), torch.zeros(1, 3, 16, 16)).save(tmp_path / "vgg.pt")
    for name in ("vgg.safetensors", "vgg.pt"):
        perception = open_perception(tmp_path / name, torch.device("cpu"))
        image = torch.rand(1, 3, 32, 32)
        assert perception(image, image) == 0 and perception(image, -image) > 0


def test_the_best_model_is_kept_and_published(recipe, data, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("oasis_training.run.held_out.FEWEST_TO_CHOOSE", 4)
    values = iter([5.0, 9.0, 8.0, 7.0])
    monkeypatch.setattr("oasis_training.run.held_out.distance", lambda *_arguments: next(values))
    patient = recipe.to_json() | {"preview_every": 8, "patience": 2}
    patient["phases"][1]["images"] = 200
    trainer = make(Recipe.from_json(patient), data, tmp_path / "run")
    trainer.run(StopAfter(1000))
    told = events(tmp_path / "run")
    assert [e["best"] for e in told if e["event"] == "metric"] == [True, False, False, False]
    assert next(e for e in told if e["event"] == "stopped_early")["best_images"] == 16
    last = told[-1]
    assert last["event"] == "published" and last["which"] == "best" and last["images"] == 16
    assert json.loads((tmp_path / "run" / "best" / "model.json").read_text())["data"]["images_seen"] == 16
    assert json.loads((tmp_path / "run" / "model" / "model.json").read_text())["data"]["images_seen"] == 32


def test_a_few_held_out_photos_do_not_choose_the_model(recipe, data, tmp_path, monkeypatch) -> None:
    """Four photos find an early state better by chance alone."""
    values = iter([5.0, 9.0, 8.0, 7.0])
    monkeypatch.setattr("oasis_training.run.held_out.distance", lambda *_arguments: next(values))
    trainer = make(Recipe.from_json(recipe.to_json() | {"preview_every": 8, "patience": 1}), data, tmp_path / "run")
    assert 0 < len(trainer.feed.held_out) < 16
    trainer.run(StopAfter(100))
    last = events(tmp_path / "run")[-1]
    assert trainer.progress.images == 32 and last["event"] == "published" and last["images"] == 32


def test_augmentation_follows_the_overfitting(recipe, data, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("oasis_training.learning.adaptive.EVERY", 8)
    monkeypatch.setattr("oasis_training.learning.adaptive.overfitting", lambda *_arguments: 0.5)
    adaptive = Recipe.from_json(recipe.to_json() | {"adapts_augmentation": True})
    trainer = make(adaptive, data, tmp_path / "run")
    trainer.run(StopAfter(100))
    told = [e["augment"] for e in events(tmp_path / "run") if e["event"] == "adapted"]
    assert told == [0.75, 0.8, 0.85] and trainer.progress.augment == 0.85
