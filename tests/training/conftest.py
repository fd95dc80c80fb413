"""A data folder of twelve painted pairs and a recipe small enough for a test."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from oasis_training.recipe import Recipe


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``pairs/images`` and ``pairs/labels``: sky over grass with noise, a strip of 255 = unlabelled."""
    root = tmp_path_factory.mktemp("data")
    draws = np.random.default_rng(3)
    for part in ("images", "labels"):
        (root / "pairs" / part).mkdir(parents=True)
    for index in range(12):
        height, width = (40, 56) if index % 2 else (56, 40)
        horizon = 15 + index
        labels = np.zeros((height, width), np.uint8)
        labels[horizon:] = 2
        photo = np.where(labels[..., None] == 0, (230, 180, 120), (60, 170, 90)) + draws.normal(
            0, 12, (height, width, 3)
        )
        labels[horizon - 2 : horizon + 1] = 255
        cv2.imwrite(str(root / "pairs" / "images" / f"scene{index}.png"), photo.clip(0, 255).astype(np.uint8))
        cv2.imwrite(str(root / "pairs" / "labels" / f"scene{index}.png"), labels)
    return root


@pytest.fixture
def recipe() -> Recipe:
    return Recipe.from_json(
        {
            "name": "tiny",
            "title": "Tiny",
            "classes": "outdoor8",
            "sources": [{"folder": "pairs"}],
            "generator": {
                "noise": 4,
                "widths": [8, 8, 8, 8],
                "hidden": 6,
                "shares_hidden": True,
                "modulation_kernel": 1,
                "grain": True,
            },
            "discriminator": {"down": [8, 8], "up": [8, 8]},
            "native_size": 32,
            "held_out": 3,
            "phases": [
                {"size": 32, "images": 8, "batch": 4, "discriminator_only": True},
                {"size": 32, "images": 24, "batch": 4, "labelmix": 5.0},
            ],
            "diversity": 0.1,
            "statistics_batches": 2,
            "preview_every": 16,
        }
    )
