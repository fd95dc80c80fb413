"""Two processes that share every batch train as one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from oasis_training.learning.ranks import Ranks
from oasis_training.recipe import Recipe
from safetensors.torch import load_file

from tests.training.run.test_trainer import StopAfter, make


def trained_together(recipe: Recipe, data: Path, root: Path, workers: int) -> dict[str, torch.Tensor]:
    path = root / "recipe.json"
    path.write_text(json.dumps(recipe.to_json()))
    command = [sys.executable, "-m", "oasis_training", str(path), "--data", str(data), "--out", str(root / "run")]
    command += ["--device", "cpu", "--precision", "fp32", "--threads", "1", "--no-install", "--workers", str(workers)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in (root / "run" / "events.jsonl").read_text().splitlines()]
    assert [e["event"] for e in events].count("started") == 1 and events[0]["workers"] == workers
    return state_in(root / "run")


def trained_alone(recipe: Recipe, data: Path, folder: Path) -> dict[str, torch.Tensor]:
    make(recipe, data, folder).run(StopAfter(100))
    return state_in(folder)


def state_in(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(next(folder.glob("state-*.safetensors")))


CANCELLED = ("conv_0.bias", "norm_1.first_norm.running_mean")
"""The batch norm after it takes this bias off again: its gradient is rounding noise, which Adam makes into steps."""


def test_two_processes_give_the_parameters_of_one(recipe: Recipe, data: Path, tmp_path: Path, threads: None) -> None:
    plain = recipe.to_json() | {"statistics_batches": 1, "diversity": 0.0}
    plain["generator"]["grain"] = False  # random anew in every forward, whoever draws it
    plain["phases"] = [plain["phases"][0], plain["phases"][1] | {"images": 12}]
    made = Recipe.from_json(plain)
    one, two = trained_alone(made, data, tmp_path / "alone"), trained_together(made, data, tmp_path, 2)
    assert one.keys() == two.keys()
    for key, value in one.items():
        is_trained = key.split("/")[0] in ("generator", "discriminator", "average")
        if is_trained and not key.endswith(CANCELLED):
            torch.testing.assert_close(
                two[key], value, rtol=1e-5, atol=1e-5, msg=lambda text, key=key: f"{key}: {text}"
            )


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_every_image_has_one_process(size: int) -> None:
    rows = [index for rank in range(size) for index in range(16)[Ranks(rank, size).rows(16)]]
    assert rows == list(range(16))
