"""Every recipe that ships is read, and makes its networks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from oasis_training.learning.networks import build
from oasis_training.recipe import Recipe

RECIPES = Path(__file__).resolve().parents[3] / "training" / "recipes"


@pytest.mark.parametrize("name", ["outdoor", "spade", "spade-plus"])
def test_a_shipped_recipe_makes_networks(name: str) -> None:
    recipe = Recipe.read(RECIPES / f"{name}.json")
    with torch.device("meta"):
        networks = build(recipe, 8, torch.device("meta"), bf16=False)
    assert networks.generator.architecture == recipe.architecture
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


@pytest.mark.parametrize("name", ["spade", "spade-plus"])
def test_the_spade_recipes_have_the_published_losses(name: str) -> None:
    """Hinge losses are SPADE's only ones; feature matching 10, KL 0.05, TTUR; VGG needs a file of the person's own."""
    recipe = Recipe.read(RECIPES / f"{name}.json")
    assert (recipe.feature_matching, recipe.code_weight, recipe.vgg, recipe.vgg_weights) == (10.0, 0.05, 0.0, "")
    assert {(phase.rate_generator, phase.rate_discriminator) for phase in recipe.phases} == {(1e-4, 4e-4)}
    assert [phase.decay for phase in recipe.phases] == [False, True]
    assert recipe.generator["style"] == 256 and recipe.discriminator["scales"] == 2
