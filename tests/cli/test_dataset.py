"""``oasis-studio dataset`` in a process of its own; the formats are tested with the training package."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from oasis_studio.cli import dataset, main
from oasis_studio.core.classes.palette import Palette


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "-my photos"
    draws = np.random.default_rng(0)
    for part in ("images", "labels"):
        (root / part).mkdir(parents=True)
    labels = np.repeat(np.uint8([[0], [4]]), 16, axis=0).repeat(32, axis=1)
    for name in ("a", "b"):
        cv2.imwrite(str(root / f"images/{name}.png"), draws.integers(0, 255, (32, 32, 3), np.uint8))
        cv2.imwrite(str(root / f"labels/{name}.png"), labels)
    return root


def test_check_and_convert_through_the_real_process(folder: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        code = "import sys; from oasis_studio.cli import main; sys.exit(main(sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", code, "dataset", *arguments],
            capture_output=True,
            check=True,
            text=True,
            cwd=tmp_path,
        )
        return done.stdout

    found = json.loads(run("check", "--json", "--", folder.name))
    assert found["pairs"] == 2 and found["is_sound"] and [entry["id"] for entry in found["classes"]] == [0, 4]
    (tmp_path / "map.json").write_text('{"0": "air", "4": "land"}')
    assert "2 pairs written" in run("convert", str(folder), "out", "--map", "map.json", "--short-side", "16")
    assert [entry.name for entry in Palette.read(tmp_path / "out/classes.json").classes] == ["air", "land"]
    assert cv2.imread(str(tmp_path / "out/images/a.png")).shape == (16, 16, 3)


def test_the_exit_code_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []

    def run_module(*arguments: str) -> int:
        started.append(arguments)
        return 2

    monkeypatch.setattr(dataset, "run_module", run_module)
    assert main(["dataset", "convert", "in", "out", "--limit", "5", "--format", "labelme"]) == 2
    expected = ("oasis_training.commands.datasets", "convert", "--format=labelme", "--limit=5", "--", "in", "out")
    assert started == [expected]


def test_the_doctor_is_handed_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(dataset, "run_module", lambda *arguments: started.append(arguments) or 0)
    assert main(["dataset", "doctor", "photos", "--model", "outdoor", "--json", "--classes", "outdoor8"]) == 0
    expected = (
        "oasis_training.commands.datasets",
        "doctor",
        "--json",
        "--model=outdoor",
        "--classes=outdoor8",
        "--",
        "photos",
    )
    assert started == [expected]
    assert main(["dataset", "doctor", "photos"]) == 2  # no model
