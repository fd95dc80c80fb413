"""Twelve painted pairs, a recipe small enough for a test, and tiny models made once for all tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from oasis_training.commands.reading import main as fit
from oasis_training.reading import fitting, publishing
from oasis_training.recipe import Recipe
from oasis_training.run.control import Control
from oasis_training.run.trainer import Trainer

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import ModelCard
from oasis_studio.paths import resource
from oasis_studio.synthesis.models.checkpoint import write_model
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig, initialise

OUTDOOR = Palette.read(resource("classes", "outdoor8.json"))
TINY_READER = {
    "name": "tiny", "classes": "outdoor8", "sources": [{"folder": "pairs"}], "held_out": 3,
    "images": 400, "batch": 8, "size": 32, "short": 40, "width": 16, "rate": 0.008, "sides": [64],
}  # fmt: skip


@pytest.fixture(autouse=True)
def tiny_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run ends with a reader that is fitted to its model: here to a few small crops, as tiny as the models."""
    usual = publishing.fitting_recipe
    few = {"images": 4, "batch": 4, "size": 32, "short": 40, "width": 8, "sides": (32,)}
    monkeypatch.setattr(publishing, "fitting_recipe", lambda *given: replace(usual(*given), **few))
    monkeypatch.setattr(fitting, "_STATISTICS_BATCHES", 1)


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums are added in one order only: the same run gives the same bits."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def threads() -> Iterator[None]:
    with one_thread():
        yield


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
    return tiny_recipe()


def tiny_recipe() -> Recipe:
    """Two phases of eight steps in all."""
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


@pytest.fixture(scope="session")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Trainer:
    """What trained by ``recipe`` in one piece, on one thread, up to a published model; nobody trains it further."""
    folder = tmp_path_factory.mktemp("whole")
    with one_thread():
        trainer = Trainer(tiny_recipe(), OUTDOOR, data, folder, torch.device("cpu"), bf16=False)
        trainer.run(Control(folder))
    return trainer


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an untrained generator of the eight outdoor classes."""
    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(1)
    config = GeneratorConfig.from_json(
        {"classes": 8, "noise": 4, "widths": [8, 8, 8], "hidden": 6, "shares_hidden": True, "modulation_kernel": 1,
         "grain": True, "native_width": 32, "native_height": 32}
    )  # fmt: skip
    network = Generator(config).eval()
    initialise(network, 1.0)
    card = ModelCard("tiny", "Tiny", "oasis", {}, None, OUTDOOR, (32, 32), 4)
    write_model(folder, card, network)
    return folder


@pytest.fixture(scope="session")
def reader(data: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the same model with a reader that tells the painted sky from the painted grass."""
    folder = tmp_path_factory.mktemp("with-reader") / "model"
    shutil.copytree(model, folder)
    recipe = folder.parent / "reader.json"
    recipe.write_text(json.dumps(TINY_READER))
    options = ["--recipe", str(recipe), "--out", str(folder.parent / "work"), "--device", "cpu"]
    assert fit([str(folder), str(data), *options]) == 0
    return folder
