"""Colours that everybody tells apart."""

from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.classes.safe_colors import lab, safe_palette_colors, seen_distance
from oasis_studio.paths import resource


def nearest_pair(colors: np.ndarray) -> float:
    distance = seen_distance(colors)
    np.fill_diagonal(distance, np.inf)
    return float(distance.min())


@pytest.mark.parametrize(("name", "least"), [("outdoor8", 10), ("cityscapes", 10), ("ade20k", 2)])
def test_every_pair_is_seen_apart_by_everybody(name: str, least: float) -> None:
    palette = Palette.read(resource("classes", f"{name}.json"))
    colors = safe_palette_colors(palette)[: len(palette)]
    assert len(np.unique(colors, axis=0)) == len(palette)
    assert nearest_pair(colors) > max(least, nearest_pair(palette.colors[: len(palette)]))


def test_classes_keep_something_of_their_colour() -> None:
    palette = Palette.read(resource("classes", "outdoor8.json"))
    own, safe = lab(palette.colors[:8]), lab(safe_palette_colors(palette)[:8])
    kept = np.linalg.norm(own - safe, axis=-1).mean()
    shuffled = np.mean([np.linalg.norm(own - np.roll(safe, step, 0), axis=-1).mean() for step in range(1, 8)])
    assert kept < 0.75 * shuffled


def test_red_and_green_look_alike_to_some() -> None:
    pair = np.array([[200, 60, 40], [110, 110, 30]], np.uint8)
    assert seen_distance(pair)[0, 1] < 0.5 * np.linalg.norm(lab(pair)[0] - lab(pair)[1])
