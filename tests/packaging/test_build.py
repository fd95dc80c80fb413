"""What packaging/build.py decides; that its products work is tried with the products."""

from __future__ import annotations

import ast
import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
MODULES = ("build", "folder", "fonts", "languages", "linux", "notices", "windows")


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The scripts as they find each other when build.py is started."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", MODULES)
def test_needs_only_the_standard_library(name: str) -> None:
    tree = ast.parse((PACKAGING / f"{name}.py").read_text(encoding="utf-8"))
    names = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert {found.split(".")[0] for found in names} <= sys.stdlib_module_names | set(MODULES)


def test_without_a_frozen_program_it_says_what_to_do(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for script in scripts.values():
        if hasattr(script, "FROZEN"):
            monkeypatch.setattr(script, "FROZEN", tmp_path / "none")
    assert scripts["build"].main(["deb"]) == 2
    assert "build.py freeze" in capsys.readouterr().err
    assert scripts["build"].main(["unheard-of"]) == 2


def test_a_folder_with_a_gpl_library_is_refused(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "libreadline.so.8").write_bytes(b"")
    for name in ("build", "folder"):
        monkeypatch.setattr(scripts[name], "FROZEN", tmp_path)
    assert scripts["build"].main(["check"]) == 2
    assert "libreadline.so.8" in capsys.readouterr().err


def test_every_package_that_the_program_needs_is_in_the_bill(scripts: dict[str, ModuleType]) -> None:
    notices = scripts["notices"]
    packages = notices.needed("oasis-studio")
    bill = notices.bill(packages)
    names = {component["name"].lower() for component in bill["components"]}
    assert {"torch", "numpy", "pillow", "pyside6_essentials", "shiboken6"} <= names
    assert all(component["licenses"][0]["license"]["name"] for component in bill["components"])


def test_menu_entry_types_and_icons(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    scripts["linux"]._integrate(tmp_path, "/opt/oasis-studio/oasis-studio")
    entry = (tmp_path / "share" / "applications" / "oasis-studio.desktop").read_text(encoding="utf-8")
    assert "Exec=/opt/oasis-studio/oasis-studio %f" in entry
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"@PROGRAM@" in path.read_bytes()]
    assert (tmp_path / "share" / "icons" / "hicolor" / "48x48" / "apps" / "oasis-studio.png").is_file()


@pytest.mark.skipif(shutil.which("sh") is None, reason="no POSIX shell here")
def test_the_installer_installs_and_takes_everything_away(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    """As a person without rights, into a folder with a space and Korean letters in its name."""
    stage, home = tmp_path / "unpacked", tmp_path / "집 folder"
    (stage / "oasis-studio").mkdir(parents=True)
    (stage / "oasis-studio" / "oasis-studio").write_text("#!/bin/sh\necho started\n", encoding="utf-8")
    (stage / "oasis-studio" / "oasis-studio").chmod(0o755)
    scripts["linux"]._integrate(stage / "integration", "@PROGRAM@")
    shutil.copy(PACKAGING / "linux" / "install.sh", stage)
    home.mkdir()
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "id").write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    (fake / "id").chmod(0o755)
    environment = {"HOME": str(home), "PATH": f"{fake}:/usr/bin:/bin"}

    def install(*arguments: str) -> str:
        command = ["sh", str(stage / "install.sh"), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    for _time in range(2):  # the second is an update
        install()
        started = subprocess.run([home / ".local" / "bin" / "oasis-studio"], capture_output=True, text=True, check=True)
        assert started.stdout == "started\n"
    entry = home / ".local" / "share" / "applications" / "oasis-studio.desktop"
    assert f'Exec="{home}/.local/opt/oasis-studio/oasis-studio" %f' in entry.read_text(encoding="utf-8")
    assert "drawings" in install("--remove")
    caches = {"mime", "mimeinfo.cache"}  # the desktop's own, of all programs
    left = [path for path in home.rglob("*") if path.is_file() and not caches & set(path.parts)]
    assert not left, left
