"""``oasis-studio dataset`` in a process of its own; the formats are tested with the training package."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from oasis_studio.cli import child, main
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

    monkeypatch.setattr(child, "run_module", run_module)
    given = ["in", "--limit", "5", "--format", "labelme", "--", "-out"]
    assert main(["dataset", "convert", *given]) == 2
    assert started == [("oasis_training.commands.datasets", "convert", *given)], "every word, and in their order"


@pytest.mark.parametrize(
    ("verb", "option"),
    [
        (["dataset", "check"], "--classes"),
        (["dataset", "doctor"], "--model"),
        (["dataset", "convert"], "--fit-labels"),
        (["evaluate"], "--own-segmenter"),
        (["model", "calibrate"], "--held-out"),
        (["model", "reader"], "--anew"),
        (["train"], "--budget"),
    ],
)
def test_help_comes_from_who_knows_the_options(verb: list[str], option: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*verb, "--help"]) == 0
    said = capfd.readouterr().out
    assert option in said and f"oasis-studio {' '.join(verb)}" in said


def test_wrong_use_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["dataset", "doctor", "photos"]) == 2
    assert "--model" in capfd.readouterr().err
    assert main(["evaluate", "one", "photos", "--limit", "3"]) == 2
    assert "--limit" in capfd.readouterr().err
