"""A home folder of its own for every test, and the small official model imported into it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from oasis_studio.cli import main
from tests.synthesis.official_weights import palette, small_generator


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("OASIS_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Class list of the small configuration as a JSON file."""
    path = tmp_path_factory.mktemp("classes") / "small.json"
    path.write_text(json.dumps(palette().to_json()))
    return path


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small official generator, saved as a replicated training saves it."""
    path = tmp_path_factory.mktemp("official") / "best_EMA.pth"
    torch.save({"module." + key: value for key, value in small_generator().items()}, path)
    return path


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory, checkpoint: Path, classes: Path) -> Path:
    """A home folder into which the command line imported the small model as ``small``."""
    folder = tmp_path_factory.mktemp("imported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OASIS_STUDIO_HOME", str(folder))
        arguments = ["--classes", str(classes), "--name", "Small", "--size", "128x64"]
        assert main(["model", "import", str(checkpoint), *arguments]) == 0
    return folder


@pytest.fixture
def small(imported: Path, home: Path) -> Path:
    """The folder of the model ``small`` in this test's library."""
    shutil.copytree(imported, home)
    return home / "models" / "small"
