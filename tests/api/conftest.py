"""A tiny model called ``outdoor`` in every test's library, a label map, and few labelled photos."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from oasis_studio.api import Model, open_model
from oasis_studio.core.classes.palette import Palette
from oasis_studio.paths import resource
from tests.journeys.tiny_model import write_tiny_coded_model, write_tiny_model

SKY, GRASS = 0, 2
RECIPE: dict[str, Any] = {
    "name": "mine",
    "title": "Mine",
    "classes": "outdoor8",
    "sources": [{"folder": "photos"}],
    "generator": {"noise": 4, "widths": [8, 8, 8, 8], "hidden": 6, "shares_hidden": True, "modulation_kernel": 1},
    "discriminator": {"down": [8, 8], "up": [8, 8]},
    "native_size": 32,
    "held_out": 3,
    "phases": [{"size": 32, "images": 8, "batch": 4}],
    "statistics_batches": 1,
}
"""A training of a few seconds."""


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_tiny_model(folder / "outdoor", side=64, reads=True)
    write_tiny_model(folder / "blind", side=64)
    write_tiny_coded_model(folder / "coded")
    return folder


@pytest.fixture(autouse=True)
def library(own_home: Path, tiny_models: Path) -> Path:
    return Path(shutil.copytree(tiny_models, own_home / "models"))


@pytest.fixture
def model() -> Model:
    return open_model("outdoor", device="cpu")


@pytest.fixture
def labels() -> np.ndarray:
    """Sky over grass."""
    found = np.full((64, 96), SKY, np.uint8)
    found[40:] = GRASS
    return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with ``photos/`` (images, labels and a class list), ``recipe.json`` and ``holiday.jpg``."""
    draws = np.random.default_rng(3)
    for part in ("images", "labels"):
        (tmp_path / "photos" / part).mkdir(parents=True)
    for index in range(12):
        labels_HW = np.zeros((40, 56), np.uint8)
        labels_HW[15 + index :] = GRASS
        photo = np.where(labels_HW[..., None] == SKY, (230, 180, 120), (60, 170, 90)) + draws.normal(0, 12, (40, 56, 3))
        photo = photo.clip(0, 255).astype(np.uint8)
        cv2.imwrite(str(tmp_path / "photos" / "images" / f"{index}.png"), photo)
        cv2.imwrite(str(tmp_path / "photos" / "labels" / f"{index}.png"), labels_HW)
        cv2.imwrite(str(tmp_path / "holiday.jpg"), photo)
    classes = Palette.read(resource("classes", "outdoor8.json")).to_json()
    (tmp_path / "photos" / "classes.json").write_text(json.dumps(classes))
    (tmp_path / "recipe.json").write_text(json.dumps(RECIPE))
    monkeypatch.chdir(tmp_path)
    return tmp_path
