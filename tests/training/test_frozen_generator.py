"""A phase whose generator does not learn: its pictures teach the discriminator, and it stays as it is."""

from __future__ import annotations

from pathlib import Path

import torch
from oasis_training.recipe import Recipe

from tests.training.run.test_spade_training import spade  # noqa: F401 - a fixture
from tests.training.run.test_trainer import StopAfter, make


def check(recipe: Recipe, data: Path, folder: Path) -> None:
    phases = [{"size": 32, "images": 16, "batch": 4, "rate_generator": 0.0}]
    trainer = make(Recipe.from_json(recipe.to_json() | {"phases": phases, "native_size": 32}), data, folder)
    networks = trainer.networks
    networks_before = {
        name: [value.clone() for value in network.parameters()] for name, network in networks.modules().items()
    }
    seen: list[dict[str, torch.Tensor]] = []
    step = trainer.stepper.__class__.step

    def noted(self, *given):
        seen.append(step(self, *given))
        return seen[-1]

    trainer.stepper.__class__.step = noted
    try:
        trainer.run(StopAfter(100))
    finally:
        trainer.stepper.__class__.step = step
    assert trainer.progress.steps == 4
    assert all("fake" in losses and "generator" not in losses for losses in seen)
    for name in ("generator", "average"):
        for before, now in zip(networks_before[name], networks.modules()[name].parameters(), strict=True):
            assert torch.equal(before, now), name
    changed = zip(networks_before["discriminator"], networks.discriminator.parameters(), strict=True)
    assert any(not torch.equal(before, now) for before, now in changed)


def test_oasis_teaches_its_discriminator_alone(recipe, data, tmp_path) -> None:
    check(recipe, data, tmp_path / "run")


def test_spade_does_so_too(spade, data, tmp_path) -> None:  # noqa: F811
    check(spade, data, tmp_path / "run")
