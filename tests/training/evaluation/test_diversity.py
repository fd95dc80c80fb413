"""Diversity, and changes that stay in their region."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from oasis_training.evaluation.diversity import (
    SEEDS,
    Variety,
    draw_variety,
    largest_fit,
    locality,
    perceptual_distances,
    structural_similarities,
)
from oasis_training.evaluation.rendering import Painter
from oasis_training.evaluation.scenes import Choice, read_scenes
from oasis_training.recipe import Source

from oasis_studio.core.models.library import default_library
from tests.training.conftest import OUTDOOR
from tests.training.evaluation.test_plain import noise


def test_structural_similarity_falls_with_noise() -> None:
    image = noise(3, 96)
    torch.testing.assert_close(structural_similarities(image, image), torch.ones(3, dtype=torch.float64))
    slightly, badly = (structural_similarities(image, image + s * noise(3, 96, 9, 0.5)) for s in (0.1, 1.0))
    assert (slightly < 1).all() and (slightly > badly).all()


def test_perceptual_distance_of_the_same_picture_is_nothing() -> None:
    image, other = noise(3, 32), noise(3, 32, 5)
    assert perceptual_distances(image, image).max() == 0
    assert (perceptual_distances(image, other) > 0.01).all()


def test_the_region_for_a_local_change_is_neither_small_nor_all() -> None:
    labels = torch.zeros(10, 10, dtype=torch.long)
    assert largest_fit(labels) is None
    labels[:4] = 3
    found = largest_fit(labels)
    assert found is not None and torch.equal(found, labels == 3)


def test_change_inside_over_change_outside() -> None:
    before = torch.zeros(2, 1, 3, 4, 4)
    region = torch.zeros(2, 4, 4, dtype=torch.bool)
    region[0, :2] = True
    changed = torch.zeros(2, 3, 4, 4)
    changed[0, :, :2], changed[0, :, 2:] = 0.8, 0.1
    inside, outside = locality(Variety(torch.arange(2), before, changed, region, torch.tensor([True, False])))
    assert inside[0] == pytest.approx(0.8) and outside[0] == pytest.approx(0.1)
    assert inside[1].isnan() and outside[1].isnan()


def test_a_models_variety_changes_with_the_seed_alone(data: Path, model: Path) -> None:
    scenes = read_scenes(data, Choice((Source("pairs"),), held_out=1), OUTDOOR, 32)
    painter = Painter(default_library(), str(model), OUTDOOR)
    found = draw_variety(painter, scenes)
    assert found.seeds.shape == (12, SEEDS, 3, 32, 32) and found.has_region.any()
    again = draw_variety(painter, scenes)
    torch.testing.assert_close(found.seeds, again.seeds, atol=1e-5, rtol=0)
    assert (found.seeds[:, 0] != found.seeds[:, 1]).any()
    assert (found.changed[found.has_region] != found.seeds[found.has_region, 0]).any()
