"""``oasis-studio model``: what a person sees of the library in a shell."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from oasis_studio.cli import main
from oasis_studio.core.models.card import ModelCard
from oasis_studio.paths import resource

Capture = pytest.CaptureFixture[str]


def fails(arguments: list[str], capsys: Capture, *words: str) -> None:
    """The verb ends with code 2, one clear line and no traceback."""
    capsys.readouterr()
    assert main(arguments) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("error: ")
    assert shown.count("\n") <= 2
    assert "Traceback" not in shown
    for word in words:
        assert word in shown


def test_an_imported_model_is_listed_and_shown(small: Path, capsys: Capture) -> None:
    assert main(["model", "list"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("small")]
    assert line.split() == ["small", "Small", "7", "128×64", "you"]
    assert main(["model", "show", "Small"]) == 0
    shown = capsys.readouterr().out
    assert "class 6" in shown
    assert "best_EMA.pth" in shown
    assert main(["model", "show", "small", "--json"]) == 0
    card = ModelCard.from_json(json.loads(capsys.readouterr().out))
    assert (card.id, card.noise_size, card.generator["widths"]) == ("small", 8, [64, 64, 64, 32, 16, 8, 4])
    assert (small / "generator.safetensors").is_file()


def test_export_and_import_move_a_model(small: Path, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "shared.oasismodel"
    assert main(["model", "export", "small", str(file)]) == 0
    assert main(["model", "import", str(file), "--name", "Copy"]) == 0
    assert "Imported Copy as copy." in capsys.readouterr().out
    assert main(["model", "remove", "small"]) == 0
    assert not small.exists()
    assert main(["model", "import", str(file)]) == 0
    assert small.is_dir()
    assert main(["model", "import", str(small)]) == 0
    assert (small.parent / "small-2").is_dir()
    assert main(["model", "remove", "Copy"]) == 0
    assert not (small.parent / "copy").exists()


def test_every_wrong_import_says_why_and_installs_nothing(
    checkpoint: Path, classes: Path, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    verb = ["model", "import"]
    fails([*verb, str(checkpoint)], capsys, "--classes")
    fails([*verb, str(checkpoint), "--classes", "ade20"], capsys, 'no class list "ade20"', "outdoor8")
    fails([*verb, str(checkpoint), "--classes", "outdoor8", "--size", "big"], capsys, "no size")
    fails([*verb, str(checkpoint), "--classes", str(classes), "--noise-size", "9"], capsys, "6 classes", "has 7")
    fails([*verb, str(tmp_path / "missing.pth"), "--classes", str(classes)], capsys, "Cannot read")
    cut = tmp_path / "cut.pth"
    cut.write_bytes(checkpoint.read_bytes()[:5000])
    fails([*verb, str(cut), "--classes", str(classes)], capsys, "cut short")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    fails([*verb, str(checkpoint), "--classes", str(broken)], capsys, "is no JSON")
    fails([*verb, str(tmp_path)], capsys, "no model in")
    (tmp_path / "a.oasismodel").write_bytes(b"nothing")
    fails([*verb, str(tmp_path / "a.oasismodel")], capsys, "not a model file")
    assert not list((home / "models").glob("*")) if (home / "models").is_dir() else True


class _CreatesFile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_code_in_a_checkpoint_does_not_run(tmp_path: Path, classes: Path, capsys: Capture) -> None:
    evil, trace = tmp_path / "evil.pth", tmp_path / "trace"
    evil.write_bytes(pickle.dumps(_CreatesFile(trace), protocol=2))
    fails(["model", "import", str(evil), "--classes", str(classes)], capsys, "program code", "none of it was run")
    assert not trace.exists()


def test_an_unwritable_library_is_an_expected_failure(
    checkpoint: Path, classes: Path, home: Path, capsys: Capture
) -> None:
    home.mkdir()
    (home / "models").write_text("in the way")
    fails(["model", "import", str(checkpoint), "--classes", str(classes)], capsys, "Cannot write to the model folder")


def test_names_that_are_not_there(small: Path, tmp_path: Path, capsys: Capture) -> None:
    fails(["model", "show", "smal"], capsys, 'no model "smal"', "small")
    fails(["model", "remove", "../models/small"], capsys, "There is no model")
    fails(["model", "export", "small", str(tmp_path / "a.zip")], capsys, ".oasismodel")
    fails(["model", "export", "small", str(tmp_path / "missing" / "a.oasismodel")], capsys, "could not be saved")
    assert small.is_dir()


@pytest.mark.parametrize("name", ["ade20k", "cityscapes", "coco_stuff", "outdoor8"])
def test_class_lists_that_ship_are_known_by_name(name: str) -> None:
    assert resource("classes", f"{name}.json").is_file()


def test_wrong_use_is_explained(capsys: Capture) -> None:
    assert main(["model", "import"]) == 2
    assert main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err
    assert main(["--version"]) == 0
    assert main(["model", "--help"]) == 0


def test_listing_models_does_not_load_torch(home: Path) -> None:
    code = "import sys; from oasis_studio.cli import main; main(['model', 'list']); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
