"""Which objective an architecture has."""

from __future__ import annotations

from oasis_studio.synthesis.spade_generator import SPADE
from oasis_training.networks import Networks
from oasis_training.oasis_objective import OasisObjective
from oasis_training.objective import Objective
from oasis_training.perception import perceptual_term
from oasis_training.ranks import ALONE, Ranks
from oasis_training.recipe import Recipe
from oasis_training.spade_objective import SpadeObjective


def objective_of(recipe: Recipe, networks: Networks, ranks: Ranks = ALONE) -> Objective:
    """The losses that the recipe asks for; StudioError if it asks for a perceptual term that cannot be had."""
    perception = perceptual_term(recipe, networks.device)
    if recipe.architecture == SPADE:
        return SpadeObjective(networks, recipe, perception)
    return OasisObjective(networks, recipe, ranks, perception)
