"""A tiny model and a tiny segmenter, both trained on the painted pairs, once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from oasis_training.evaluation.segmenter_recipe import SegmenterRecipe
from oasis_training.evaluation.segmenter_training import SegmenterTraining
from oasis_training.recipe import Source

from oasis_studio.core.card import ModelCard
from oasis_studio.core.palette import Palette
from oasis_studio.paths import resource
from oasis_studio.synthesis.checkpoint import write_model
from oasis_studio.synthesis.generator import Generator, GeneratorConfig, initialise
from tests.training.test_trainer import StopAfter

OUTDOOR = Palette.read(resource("classes", "outdoor8.json"))


@pytest.fixture(scope="session")
def segmenter(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a segmenter that tells the painted sky from the painted grass."""
    folder = tmp_path_factory.mktemp("segmenter")
    recipe = SegmenterRecipe("tiny", "outdoor8", (Source("pairs"),), held_out=3, images=160, batch=8, size=32)
    SegmenterTraining(recipe, OUTDOOR, data, folder, torch.device("cpu")).run(StopAfter(1000))
    return folder


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
