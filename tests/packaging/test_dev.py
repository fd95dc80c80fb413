"""The decisions of packaging/dev.py; what it does with them needs a bare machine."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    """The script, loaded by its path: packaging/ is a folder of scripts, not a package."""
    spec = importlib.util.spec_from_file_location("dev_script", ROOT / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_needs_only_the_standard_library():
    tree = ast.parse((ROOT / "packaging" / "dev.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_packaging_is_no_package():
    """It would hide the library of that name, which pytest and others import."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


# Arguments


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run"], ("run", "auto", [])),
        (["run", "render", "a.png", "-o", "b.png"], ("run", "auto", ["render", "a.png", "-o", "b.png"])),
        (["test", "-k", "small", "tests/core"], ("test", "auto", ["-k", "small", "tests/core"])),
        (["--torch", "cpu", "test", "-x"], ("test", "cpu", ["-x"])),
        (["test", "-x", "--torch=cuda", "-q"], ("test", "cuda", ["-x", "-q"])),
        (["run", "--torch", "keep"], ("run", "keep", [])),
    ],
)
def test_parse(dev: ModuleType, arguments: list[str], expected: tuple[str, str, list[str]]):
    assert dev.parse(arguments) == expected


@pytest.mark.parametrize("arguments", [[], ["walk"], ["--torch", "tpu", "run"], ["run", "--torch"], ["-h"]])
def test_parse_refuses(dev: ModuleType, arguments: list[str]):
    with pytest.raises(dev.SetupError, match=r"dev\.py|--torch takes"):
        dev.parse(arguments)


def test_wrong_verb_is_told_and_ends_with_2(dev: ModuleType, capsys: pytest.CaptureFixture[str]):
    assert dev.main(["walk"]) == 2
    assert "dev.py run" in capsys.readouterr().err


def test_old_python_is_told(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert dev.main(["run"]) == 2
    assert "3.11 or newer" in capsys.readouterr().err


# PyTorch


@pytest.mark.parametrize(
    ("choice", "system", "has_nvidia", "is_configured", "expected"),
    [
        ("auto", "Linux", False, True, None),
        ("auto", "Windows", True, True, None),
        ("auto", "Linux", False, False, "whl/cpu"),
        ("auto", "Linux", True, False, None),
        ("auto", "Windows", True, False, "whl/cu"),
        ("auto", "Windows", False, False, None),
        ("auto", "Darwin", False, False, None),
        ("cpu", "Linux", True, True, "whl/cpu"),
        ("cuda", "Linux", False, False, None),
        ("cuda", "Windows", False, True, "whl/cu"),
    ],
)
def test_where_torch_comes_from(
    dev: ModuleType, choice: str, system: str, has_nvidia: bool, is_configured: bool, expected: str | None
):
    arguments = dev.torch_arguments(choice, system, has_nvidia, is_configured)
    if expected is None:
        assert arguments == []
    else:
        assert arguments[0] == "--index-url"
        assert expected in arguments[1]
        assert "--extra-index-url" not in arguments


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        ("", {}, False),
        ("global.cert='/etc/ssl/certs.pem'\nglobal.timeout='60'", {}, False),
        ("global.find-links='/srv/wheels'", {}, True),
        ("user.extra-index-url='file:///srv/simple'", {}, True),
        (":env:.index-url='https://mirror.example/simple'", {}, True),
        ("install.no-index='1'", {}, True),
        ("", {"PIP_FIND_LINKS": "/srv/wheels"}, True),
        ("", {"PIP_INDEX_URL": "https://mirror.example/simple"}, True),
        ("", {"PIP_INDEX_URL": ""}, False),
        ("global.proxy='index-url=x'", {}, False),
    ],
)
def test_a_configured_index_is_noticed(dev: ModuleType, config: str, environ: dict[str, str], expected: bool):
    assert dev.has_own_index(config, environ) is expected


def test_keeping_torch_drops_its_pin_only(dev: ModuleType):
    pins = "rich==15.0.0\ntorch==2.13.0\ntyper==0.29.2\n"
    assert dev.pinned_torch(pins) == "torch==2.13.0"
    assert dev.without_torch(pins) == "rich==15.0.0\ntyper==0.29.2\n"
    with dev.constraints("keep") as path:
        text = Path(path).read_text(encoding="utf-8")
        assert "torch==" not in text
        assert "numpy==" in text
    assert not Path(path).exists()
    with dev.constraints("auto") as path:
        assert Path(path) == dev.CONSTRAINTS


# The stamp


def test_fingerprint_follows_the_files_and_the_python(dev: ModuleType, tmp_path: Path):
    pins = tmp_path / "constraints.txt"
    pins.write_text("numpy==1\n")
    first = dev.fingerprint("cpython 3.11.7", [pins])
    assert first == dev.fingerprint("cpython 3.11.7", [pins])
    assert first != dev.fingerprint("cpython 3.12.1", [pins])
    pins.write_text("numpy==2\n")
    assert first != dev.fingerprint("cpython 3.11.7", [pins])


@pytest.mark.parametrize(
    ("groups", "torch", "expected"),
    [
        ([], "auto", True),
        (["test"], "auto", True),
        (["lint"], "auto", False),
        (["test"], "cpu", True),
        (["test"], "cuda", False),
        (["test"], "keep", True),
    ],
)
def test_what_is_there_is_not_installed_again(dev: ModuleType, groups: list[str], torch: str, expected: bool):
    stamp = {"fingerprint": "abc", "groups": ["test"], "torch": "cpu"}
    assert dev.is_complete(stamp, "abc", groups, torch) is expected
    assert not dev.is_complete(stamp, "changed", groups, torch)
    assert not dev.is_complete({}, "abc", groups, torch)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_broken_stamp_counts_as_none(dev: ModuleType, tmp_path: Path, text: str):
    path = tmp_path / "stamp.json"
    assert dev.read_stamp(path) == {}
    path.write_text(text)
    assert dev.read_stamp(path) == {}


# System packages


def test_missing_libraries_name_their_package(dev: ModuleType):
    wanted = {"libno-such-thing.so.77": "libnothing77"}
    assert dev.missing_libraries(wanted) == ["libnothing77"]
    assert dev.missing_libraries({}) == []


@pytest.mark.parametrize(
    ("verb", "environ", "expected"),
    [
        ("run", {}, True),
        ("run", {"QT_QPA_PLATFORM": "offscreen"}, False),
        ("run", {"QT_QPA_PLATFORM": "xcb"}, True),
        ("test", {}, False),
    ],
)
def test_only_a_window_needs_x11(dev: ModuleType, verb: str, environ: dict[str, str], expected: bool):
    assert dev.needs_x11(verb, environ) is expected


def lose_libraries(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, lost: dict[str, str]) -> None:
    """Pretend to be a Linux user without root where the libraries ``lost`` are missing."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(dev, "can_use_apt", lambda: False)
    monkeypatch.setattr(dev, "missing_libraries", lambda wanted: [p for lib, p in wanted.items() if lib in lost])


def test_without_root_the_line_to_type_is_told(dev: ModuleType, monkeypatch: pytest.MonkeyPatch):
    lose_libraries(dev, monkeypatch, {"libEGL.so.1": "", "libGL.so.1": ""})
    with pytest.raises(dev.SetupError, match="sudo apt-get install -y libgl1 libegl1"):
        dev.install_system_packages("test")


def test_tests_run_without_what_only_a_window_needs(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lose_libraries(dev, monkeypatch, {"libxcb-cursor.so.0": ""})
    dev.install_system_packages("test")
    assert "libxcb-cursor0" in capsys.readouterr().err
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with pytest.raises(dev.SetupError, match="libxcb-cursor0"):
        dev.install_system_packages("run")


def test_root_installs_what_is_missing(dev: ModuleType, monkeypatch: pytest.MonkeyPatch):
    lose_libraries(dev, monkeypatch, dev.QT_LIBRARIES)
    monkeypatch.setattr(dev, "can_use_apt", lambda: True)
    asked: list[list[str]] = []
    monkeypatch.setattr(dev, "apt_install", lambda packages: asked.append(packages) or True)
    monkeypatch.setattr(dev.shutil, "which", lambda program: None)
    dev.install_system_packages("test")
    assert asked == [[*dev.QT_LIBRARIES.values(), "xvfb", "xauth"]]


@pytest.mark.parametrize(
    ("environ", "system", "expected"),
    [
        ({}, "linux", "offscreen"),
        ({"DISPLAY": ":0"}, "linux", None),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", None),
        ({"QT_QPA_PLATFORM": "minimal"}, "linux", "minimal"),
        ({}, "darwin", None),
        ({}, "win32", None),
    ],
)
def test_offscreen_where_there_is_no_display(
    dev: ModuleType, environ: dict[str, str], system: str, expected: str | None
):
    assert dev.offscreen(environ, system).get("QT_QPA_PLATFORM") == expected


@pytest.mark.parametrize(
    ("arguments", "cores", "expected"),
    [
        ([], 2, True),
        (["tests/core", "-x"], 2, True),
        (["-k", "small"], 8, True),
        ([], 1, False),
        (["tests/packaging/test_dev.py"], 2, False),
        (["-v", "tests/packaging/test_dev.py::test_parse"], 2, False),
        (["-m", "slow"], 2, False),
        (["-n0"], 2, False),
        (["--pdb", "tests/core"], 2, False),
    ],
)
def test_many_tests_use_all_cores(dev: ModuleType, arguments: list[str], cores: int, expected: bool):
    assert bool(dev.in_parallel(arguments, cores)) is expected


@pytest.mark.parametrize("code", [0, 1, 2])
def test_exit_codes_are_passed_on(dev: ModuleType, tmp_path: Path, code: int):
    assert dev.call([sys.executable, "-c", f"raise SystemExit({code})"], cwd=tmp_path) == code


INTERRUPTED = """
import os, signal, sys, time
parent = os.getppid()
signal.signal(signal.SIGINT, lambda *_: None)
os.kill(parent, signal.SIGINT)
time.sleep(0.6)
sys.exit(7)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_a_program_that_is_interrupted_ends_in_its_own_way(dev: ModuleType):
    assert dev.call([sys.executable, "-c", INTERRUPTED]) == 7


# The files it reads


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned(dev: ModuleType):
    pins = {normal(line.split("==")[0]) for line in dev.CONSTRAINTS.read_text().splitlines() if "==" in line}
    project = tomllib.loads(dev.PYPROJECT.read_text())
    wanted = [*project["project"]["dependencies"], *dev.dependency_group("test"), *dev.dependency_group("lint")]
    names = {normal(re.split(r"[\[<>=!~ ;]", line)[0]) for line in wanted}
    assert names <= pins


def test_pins_hold_on_every_machine(dev: ModuleType):
    lines = [line for line in dev.CONSTRAINTS.read_text().splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in lines)


def test_verbs_name_groups_of_the_project(dev: ModuleType):
    for groups in dev.GROUPS.values():
        for group in groups:
            assert dev.dependency_group(group)
