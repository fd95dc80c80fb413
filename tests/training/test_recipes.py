"""Every recipe that ships is read, and makes its networks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from oasis_training.networks import build
from oasis_training.recipe import Recipe

RECIPES = Path(__file__).resolve().parents[2] / "training" / "recipes"


@pytest.mark.parametrize("name", ["outdoor", "spade", "spade-plus"])
def test_a_shipped_recipe_makes_networks(name: str) -> None:
    recipe = Recipe.read(RECIPES / f"{name}.json")
    with torch.device("meta"):
        networks = build(recipe, 8, torch.device("meta"), bf16=False)
    assert networks.generator.architecture == recipe.architecture
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe
