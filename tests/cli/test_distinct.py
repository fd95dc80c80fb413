"""No verb writes over what it reads, whatever the file is called: one sentence, exit code 2, and all is as it was."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import oasis_training.__main__
import oasis_training.commands.evaluation
import oasis_training.commands.fine_tuning
import pytest
from oasis_training.run.run import Run
from PIL import Image

from oasis_studio.cli import main
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.projects.project import write_project
from tests.app import scene
from tests.core.disk.test_distinct import NAMINGS, Naming
from tests.synthesis.official_weights import palette

LABELS = np.kron(np.arange(8, dtype=np.uint8).reshape(2, 4) % 7, np.ones((16, 16), np.uint8))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def refused(capsys: pytest.CaptureFixture[str], kept: Path, *arguments: object) -> None:
    """The verb ends with a sentence, and every file below ``kept`` is as it was."""
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    assert main([str(argument) for argument in arguments]) == 2
    said = capsys.readouterr().err
    assert "would replace" in said and "Traceback" not in said
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("naming", NAMINGS)
def test_render_keeps_its_label_map(
    small: Path, place: Path, naming: Naming, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = place / "map.png"
    write_labels(labels, LABELS, palette())
    refused(capsys, place, "render", labels, "-o", naming(labels), "--model", "small")


@pytest.mark.parametrize("option", ["--noise", "--instances"])
def test_render_keeps_its_other_inputs(
    small: Path, place: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    labels, other = place / "map.png", place / "other.npy"
    write_labels(labels, LABELS, palette())
    np.save(other, np.zeros(64, np.float32))
    refused(capsys, place, "render", labels, "-o", other, "--model", "small", option, other)


def test_render_keeps_the_models_files(small: Path, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = place / "map.png"
    write_labels(labels, LABELS, palette())
    (place / "out.npy").symlink_to(small / "generator.safetensors")
    refused(capsys, small, "render", labels, "-o", place / "out.npy", "--model", small)


@pytest.mark.parametrize("naming", NAMINGS)
def test_segment_keeps_its_photo(small: Path, place: Path, naming: Naming, capsys: pytest.CaptureFixture[str]) -> None:
    photo = place / "photo.png"
    Image.new("RGB", (64, 32), (90, 120, 160)).save(photo)
    refused(capsys, place, "segment", photo, "-o", naming(photo), "--model", "small")


@pytest.mark.parametrize("naming", NAMINGS)
def test_thumbnail_keeps_its_drawing(place: Path, naming: Naming, capsys: pytest.CaptureFixture[str]) -> None:
    drawing = place / "mine.oasis"
    document = scene.document()
    write_project(drawing, document, np.zeros((document.height, document.width, 3), np.uint8))
    refused(capsys, place, "thumbnail", drawing, naming(drawing))


def test_batch_keeps_label_maps_that_its_folder_of_photos_links_to(
    small: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maps, photos = place / "maps", place / "photos"
    maps.mkdir()
    photos.mkdir()
    for name in ("a", "b", "c"):
        write_labels(maps / f"{name}.png", LABELS, palette())
    (photos / "a.png").symlink_to(maps / "a.png")
    os.link(maps / "b.png", photos / "b.png")
    before = {path.name: path.read_bytes() for path in maps.iterdir()}
    assert main(["batch", str(maps), "-o", str(photos), "--model", "small"]) == 2
    assert capsys.readouterr().err.count("would replace") == 2
    assert {path.name: path.read_bytes() for path in maps.iterdir()} == before
    assert (photos / "c.png").read_bytes() != before["c.png"], "the third one was rendered"


def test_batch_keeps_its_folder_under_another_name(
    small: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_labels(place / "a.png", LABELS, palette())
    (tmp_path / "linked").symlink_to(place)
    assert main(["batch", str(place), "-o", str(tmp_path / "linked"), "--model", "small"]) == 2
    assert "overwrite" in capsys.readouterr().err


def test_batch_writes_no_photo_over_that_of_another_map(
    small: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_labels(place / "a.png", LABELS, palette())
    write_labels(place / "a.PNG", LABELS[:, ::-1].copy(), palette())
    if len(list(place.iterdir())) < 2:
        pytest.skip("names of this disk have no case")
    assert main(["batch", str(place), "-o", str(tmp_path / "photos"), "--model", "small"]) == 2
    assert "replace that of" in capsys.readouterr().err and len(list((tmp_path / "photos").iterdir())) == 1


@pytest.mark.parametrize(
    "arguments", [("model", "export", "MODEL", "OUT"), ("benchmark", "--model", "MODEL", "--json", "OUT")]
)
def test_a_models_files_are_kept(
    small: Path, place: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    out = place / "out.oasismodel"
    out.symlink_to(small / "model.json")
    named = {"MODEL": str(small), "OUT": str(out)}
    refused(capsys, small, *(named.get(argument, argument) for argument in arguments))


def test_diagnose_keeps_what_it_reports(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("logs/oasis-studio.log", "settings/settings.toml"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("# mine\n")
        refused(capsys, home, "diagnose", "-o", home / name)


# -- the training package -------------------------------------------------------------------------------------------


COMMANDS = {
    "oasis_training": oasis_training.__main__.main,
    "oasis_training.commands.evaluation": oasis_training.commands.evaluation.main,
    "oasis_training.commands.fine_tuning": oasis_training.commands.fine_tuning.main,
}


def run(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """As ``python -m name …``, in this process."""
    given, out, err = [str(argument) for argument in arguments], io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = COMMANDS[name](given)
    return subprocess.CompletedProcess([name, *given], code, out.getvalue(), err.getvalue())


@pytest.fixture
def pairs(small: Path, place: Path) -> Path:
    data = place / "data"
    for name in ("images", "labels"):
        (data / name).mkdir(parents=True)
    for number in range(2):
        Image.new("RGB", (64, 32), (40 * number, 120, 160)).save(data / "images" / f"{number}.png")
        write_labels(data / "labels" / f"{number}.png", LABELS, palette())
    (data / "classes.json").write_text(json.dumps(palette().to_json()))
    return data


@pytest.mark.parametrize("option", ["--json", "--report"])
def test_evaluate_keeps_data_and_models(small: Path, pairs: Path, place: Path, option: str) -> None:
    for kept in (pairs / "classes.json", pairs / "labels" / "0.png", small / "model.json"):
        before = kept.read_bytes()
        link = place / "report.html"
        link.symlink_to(kept)
        done = run("oasis_training.commands.evaluation", option, link, small, pairs)
        assert done.returncode == 2 and "would replace" in done.stderr and kept.read_bytes() == before
        link.unlink()


def test_evaluate_writes_two_reports_into_two_files(small: Path, pairs: Path, place: Path) -> None:
    out = place / "report"
    done = run(
        "oasis_training.commands.evaluation", "--json", out, "--report", place / "data" / ".." / "report", small, pairs
    )
    assert done.returncode == 2 and "same file" in done.stderr and not out.exists()


def test_a_recipe_is_not_made_over_the_class_list_of_the_photos(pairs: Path) -> None:
    before = (pairs / "classes.json").read_bytes()
    done = run("oasis_training.commands.fine_tuning", "--title=mine", f"--out={pairs}", "--device=cpu", "--", pairs)
    assert done.returncode == 2 and "would replace" in done.stderr
    assert (pairs / "classes.json").read_bytes() == before and not (pairs / "recipe.json").exists()


def test_a_training_keeps_its_recipe_and_the_photos_class_list(pairs: Path, place: Path, tmp_path: Path) -> None:
    made = run(
        "oasis_training.commands.fine_tuning", "--title=mine", f"--out={tmp_path / 'own'}", "--device=cpu", "--", pairs
    )
    assert made.returncode == 0, made.stderr
    recipe = tmp_path / "own" / "recipe.json"
    shutil.copy(recipe, place / "recipe.json")
    shutil.copy(tmp_path / "own" / "classes.json", place / "classes.json")
    for out in (place, pairs):
        before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
        done = run("oasis_training", place / "recipe.json", "--data", place, "--out", out, "--device=cpu")
        assert done.returncode == 2 and "would replace" in done.stderr
        assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    Run.read(recipe, place, tmp_path / "run").require_distinct(recipe)


@pytest.mark.parametrize("name", ["classes.json", "recipe.json", "model", "best"])
def test_a_training_begins_in_no_folder_with_something_in_its_files_places(
    pairs: Path, place: Path, tmp_path: Path, name: str
) -> None:
    made = run(
        "oasis_training.commands.fine_tuning", "--title=mine", f"--out={tmp_path / 'own'}", "--device=cpu", "--", pairs
    )
    recipe = Path(json.loads(made.stdout)["recipe"])
    (place / name).mkdir() if "." not in name else (place / name).write_text("mine")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    for data in (place, tmp_path):
        done = run("oasis_training", recipe, "--data", data, "--out", place, "--device=cpu")
        assert done.returncode == 2 and "would replace" in done.stderr
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_a_recipe_is_made_over_an_earlier_one_and_over_no_other_class_list(pairs: Path, place: Path) -> None:
    given = ("oasis_training.commands.fine_tuning", "--title=mine", "--device=cpu")
    (place / "classes.json").write_text('["my own"]')
    done = run(*given, f"--out={place}", "--", pairs)
    assert done.returncode == 2 and "would replace" in done.stderr
    assert (place / "classes.json").read_text() == '["my own"]'
    for _again in range(2):
        assert run(*given, f"--out={place / 'new'}", "--", pairs).returncode == 0
