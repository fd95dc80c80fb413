"""Another Python is asked what it has, and told apart from one that cannot do the work."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from oasis_studio.core.work import child, environment
from oasis_studio.core.work.child import child_environment, module_command
from oasis_studio.core.work.environment import NEEDED, Environment, probe_command, python_in, read_probe
from oasis_studio.errors import StudioError
from tests.app.second_environment import make_environment

PYTHON = Path("/home/me/env/bin/python")
GOOD: dict[str, Any] = {
    "python": [3, 12, 4],
    "versions": {
        "torch": "2.6.0+cu124",
        "numpy": "2.1.0",
        "PIL": "11.0.0",
        "cv2": "4.10.0",
        "safetensors": "0.4.5",
        "platformdirs": "4.3.6",
    },
    "devices": ["NVIDIA RTX 4090"],
}


def told(**changes: Any) -> str:
    return "a line of some library\n" + json.dumps(GOOD | changes) + "\n"


def with_versions(**versions: str | None) -> str:
    return told(versions=GOOD["versions"] | versions)


def ask(python: Path) -> Environment:
    done = subprocess.run(probe_command(python), env=child_environment(str(python)), capture_output=True, text=True)
    return read_probe(python, done.stdout)


def test_a_good_one_says_what_it_has() -> None:
    found = read_probe(PYTHON, told())
    assert found == Environment(str(PYTHON), (3, 12, 4), "2.6.0+cu124", ("NVIDIA RTX 4090",))
    assert found.summary == "Python 3.12.4, PyTorch 2.6.0+cu124 · NVIDIA RTX 4090"
    assert "no graphics card" in read_probe(PYTHON, told(devices=[])).summary


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "no Python"),
        ("bash: command not found", "no Python"),
        ('{"python": [3]}', "no Python"),
        (told(python=[3, 10, 2]), "3.10.2; 3.11 or newer"),
        (with_versions(torch=None, safetensors=None), "lacks: torch, safetensors."),
        (with_versions(torch="1.13.1"), "torch 2.4 (it has 1.13.1)"),
        (with_versions(torch="! libcudart.so.12 is missing"), "torch (broken: libcudart.so.12 is missing)"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(said: str, words: str) -> None:
    with pytest.raises(StudioError) as refused:
        read_probe(PYTHON, said)
    assert words in refused.value.message and str(PYTHON) in refused.value.message
    if "lacks" in refused.value.message:
        assert refused.value.hint.startswith(f"{PYTHON} -m pip install ")


def test_its_needs_are_those_of_the_program() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {line.split(">=")[0]: line.split(">=")[1].split(",")[0] for line in project["project"]["dependencies"]}
    for package, oldest in NEEDED.values():
        assert ".".join(map(str, oldest)) == wanted[package], package
    assert project["project"]["requires-python"] == ">=" + ".".join(map(str, environment.OLDEST_PYTHON))


def test_a_folder_stands_for_its_interpreter(tmp_path: Path) -> None:
    python = make_environment(tmp_path / "env with 한글", has_packages=False)
    assert python_in(python) == python and python.is_symlink(), "a link stays one: it makes the environment"
    for wrong in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StudioError):
            python_in(wrong)


def test_a_bare_environment_is_told_what_to_install(tmp_path: Path) -> None:
    python = make_environment(tmp_path / "bare", has_packages=False)
    with pytest.raises(StudioError, match="lacks: torch, numpy, pillow, opencv-python-headless, safetensors"):
        ask(python)


def test_a_second_environment_is_fit(tmp_path: Path) -> None:
    found = ask(make_environment(tmp_path / "second"))
    assert found.version == sys.version_info[:3] and found.torch


def test_a_frozen_program_keeps_its_libraries_to_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path}:/theirs")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/theirs")
    monkeypatch.setenv("DYLD_LIBRARY_PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "x")
    other = child_environment("/env/bin/python")
    assert other["LD_LIBRARY_PATH"] == "/theirs" and other["PYTHONPATH"] == str(tmp_path / "sources")
    assert not {"DYLD_LIBRARY_PATH", "PYTHONHOME", "_PYI_ARCHIVE_FILE", "LD_LIBRARY_PATH_ORIG"} & set(other)
    assert child_environment()["LD_LIBRARY_PATH"].startswith(str(tmp_path)), "our own children need them"
    command = module_command("oasis_training", "run", python="/env/bin/python")
    assert command == ["/env/bin/python", "-P", "-m", "oasis_training", "run"]
    with child.without_our_libraries():
        pass


def test_a_wheel_has_no_sources_to_lend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "source_folders", list)
    with pytest.raises(StudioError) as refused:
        probe_command(PYTHON)
    assert sys.prefix in refused.value.message
