"""``oasis-studio selftest``, and the program as its own interpreter, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def start(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OASIS_STUDIO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "oasis_studio", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_everything_works_and_nothing_is_left(tmp_path: Path) -> None:
    done = start(tmp_path, "selftest")
    assert done.returncode == 0, done.stdout + done.stderr
    names = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert names == ["window", "first photo", "a stroke and its photo", "saving and opening", "training"]
    assert not list(tmp_path.iterdir()), "it uses folders of its own"


def test_the_program_runs_the_trainer_for_itself(tmp_path: Path) -> None:
    """A frozen program has no Python beside it: its own executable gets the trainer's command line."""
    done = start(tmp_path, "-m", "oasis_training", "no-recipe.json")
    assert done.returncode == 2 and "Cannot read the recipe no-recipe.json" in done.stderr
    assert start(tmp_path, "-m", "timeit").returncode != 0, "but no other module"
