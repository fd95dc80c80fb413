"""Which objective an architecture has."""

from __future__ import annotations

from oasis_studio.synthesis.networks.spade_generator import SPADE
from oasis_training.learning.networks import Networks
from oasis_training.learning.oasis_objective import OasisObjective
from oasis_training.learning.objective import Objective
from oasis_training.learning.perception import perceptual_term
from oasis_training.learning.ranks import ALONE, Ranks
from oasis_training.learning.spade_objective import SpadeObjective
from oasis_training.recipe import Recipe


def objective_of(recipe: Recipe, networks: Networks, ranks: Ranks = ALONE) -> Objective:
    """The losses that the recipe asks for; StudioError if it asks for a perceptual term that cannot be had."""
    perception = perceptual_term(recipe, networks.device)
    if recipe.architecture == SPADE:
        return SpadeObjective(networks, recipe, perception)
    return OasisObjective(networks, recipe, ranks, perception)
