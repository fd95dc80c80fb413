"""Measurements without a network: each tells just what it is for."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
import torch
from oasis_training.evaluation.colours import colour_histograms, histogram_distance, thumbnail_patches
from oasis_training.evaluation.plain_pictures import mean_colour_pictures, mean_colours, sharpness
from oasis_training.evaluation.texture import (
    grid_power,
    laplacian_levels,
    level_deviations,
    patch_projections,
    power_spectra,
    repetitions,
    sliced_distance,
    spectrum_distance,
)
from torch.nn import functional as F


def noise(count: int = 6, side: int = 64, seed: int = 0, smooth: float = 2.0) -> torch.Tensor:
    """Pictures of smoothed noise in [−1, 1]."""
    draws = np.random.default_rng(seed)
    made = [cv2.GaussianBlur(draws.normal(0, 1, (side, side, 3)), (0, 0), smooth) * smooth for _i in range(count)]
    return torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2).float().clamp(-1, 1)


def test_laplacian_levels_add_up_to_the_picture() -> None:
    image = noise(2, 40)
    levels = laplacian_levels(image, 3)
    x = levels[-1]
    for level in reversed(levels[:-1]):
        x = level + F.interpolate(x, size=level.shape[2:], mode="bilinear")
    torch.testing.assert_close(x, image)


def test_patches_of_one_kind_are_near_and_blurred_ones_are_not() -> None:
    real, same, blurred = noise(seed=1), noise(seed=2), noise(seed=3, smooth=5.0)
    deviations = level_deviations(real)

    def distance(other: torch.Tensor) -> float:
        return sliced_distance(patch_projections(real, deviations), patch_projections(other, deviations))

    assert distance(real) == 0
    assert 2 * distance(same) < distance(blurred)


def test_the_spectrum_finds_a_missing_band() -> None:
    real, same = power_spectra(noise(12, seed=1)), power_spectra(noise(12, seed=2))
    half = power_spectra(noise(12, seed=1) / 2)
    assert 2 * spectrum_distance(real, same) < spectrum_distance(real, half)
    assert spectrum_distance(real, half) == pytest.approx(20 * math.log10(2), abs=0.1)
    wave = torch.sin(torch.arange(64) / 64 * 2 * math.pi * 9).expand(1, 3, 64, 64)
    assert int(power_spectra(wave).argmax()) == 9 - 1


def test_a_pattern_that_repeats_is_told_from_noise() -> None:
    labels = torch.zeros(2, 64, 64, dtype=torch.long)
    labels[:, 40:] = 1
    tile = noise(2, 8, smooth=1.0).repeat(1, 1, 8, 8)
    score = repetitions(tile, labels)
    assert score.shape == (2,) and score.min() > 0.9
    assert repetitions(noise(2, smooth=1.0), labels).max() < 0.5
    assert repetitions(torch.zeros(2, 3, 64, 64), labels).tolist() == [0, 0]
    many = torch.arange(64 * 64).reshape(1, 64, 64) // 128
    assert repetitions(noise(1), many).isnan().all()  # no region is large enough


def test_colours_are_compared_class_by_class() -> None:
    labels = torch.zeros(2, 16, 16, dtype=torch.long)
    labels[:, 8:] = 1
    valid = torch.ones_like(labels, dtype=torch.bool)
    image = torch.full((2, 3, 16, 16), -0.5)
    image[:, 2, :8] = 0.9
    real = colour_histograms(image, labels, valid, 3)
    assert real.sum() == labels.numel() and real[:, 2].sum() == 0
    assert histogram_distance(real, real) == 0
    swapped = colour_histograms(image.flip(2), labels, valid, 3)
    assert histogram_distance(real, swapped) == 1
    half = image.clone()
    half[:, :, 8:] = image[:, :, :8]
    assert histogram_distance(real, colour_histograms(half, labels, valid, 3)) == pytest.approx(0.5)
    assert math.isnan(histogram_distance(real, real * 0))
    valid[:, 8:] = False
    assert colour_histograms(image, labels, valid, 3)[:, 1].sum() == 0


def test_mean_colours_are_painted() -> None:
    image = torch.zeros(1, 3, 2, 2)
    image[0, :, 0] = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 0.0]])
    labels = torch.tensor([[[0, 0], [1, 1]]])
    assert mean_colours(image, labels, 3)[0].tolist() == [0.5, 0.5, 0.0]
    assert mean_colour_pictures(image, labels, 3)[0, :, 0, 1].tolist() == [0.5, 0.5, 0.0]
    assert sharpness(torch.ones(1, 3, 4, 4)) == 0


def test_thumbnail_patches_do_not_see_brightness() -> None:
    image = noise(3)
    torch.testing.assert_close(thumbnail_patches(image), thumbnail_patches(image + 0.1), atol=1e-5, rtol=1e-4)
    assert thumbnail_patches(image).shape == (3, 9, 768)


def test_a_woven_pattern_has_power_at_the_grids_frequencies() -> None:
    plain = noise(4, side=128, smooth=0.6)
    weave = torch.zeros(128)
    weave[::16] = 0.3
    woven = plain + weave[:, None] + weave
    assert grid_power(plain).abs().max() < 1
    assert (grid_power(woven) - grid_power(plain)).min() > 2
    assert grid_power(noise(1)[:, :, :40]).isnan().all(), "not on the grid"
