"""The engine in a second Python environment gives the photos that it gives here; and the trainer runs there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from oasis_studio.app.photo.external_engine import ExternalEngine
from oasis_studio.core.models.library import default_library
from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.core.work.jobs import Critique, CritiqueJob
from oasis_studio.core.work.request import Quality, SynthesisCancelled, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from tests.app.second_environment import make_environment

MODEL = "outdoor"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_environment(tmp_path_factory.mktemp("env") / "second 한글"))


@pytest.fixture
def engine(python: str) -> Iterator[ExternalEngine]:
    opened = ExternalEngine(python)
    yield opened
    opened.close()


def asked(number: int, side: int = 64, model: str = MODEL) -> SynthesisRequest:
    card = default_library().find(MODEL)[1]
    labels = np.zeros((side, side), np.uint8)
    labels[side // 2 :] = 3
    noise = np.random.default_rng(0).standard_normal((1, card.noise_size), np.float32)
    return SynthesisRequest(number, model, labels, np.zeros((side, side), np.uint16), noise, Quality.FINAL)


def test_the_same_photo_the_same_answers_the_same_failures(engine: ExternalEngine) -> None:
    here = EngineRenderer(default_library()).render(asked(1))
    there = engine.render(asked(1), lambda: False)
    assert np.array_equal(here.image_HW3, there.image_HW3) and there.device == here.device
    job = CritiqueJob(MODEL, there.image_HW3, asked(1).labels_HW)
    judged = engine.work(job, print, lambda: False)
    assert isinstance(judged, Critique) and judged.realism_HW.shape == (64, 64)
    with pytest.raises(SynthesisCancelled):
        engine.render(asked(2, side=512), lambda: True)
    with pytest.raises(StudioError, match='no model "nobody"'):
        engine.render(asked(3, model="nobody"), lambda: False)
    assert engine.render(asked(4), lambda: False).id == 4, "and it goes on"


def test_the_trainer_runs_there(python: str, tmp_path: Path) -> None:
    command = module_command("oasis_training", str(tmp_path / "no-recipe.json"), python=python)
    done = subprocess.run(command, env=child_environment(python), capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Cannot read the recipe" in done.stderr
