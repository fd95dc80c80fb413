"""The Windows installer with a stand-in for the program, under Wine: silently installed, run, removed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
STAND_IN = r"""
Target amd64-unicode
OutFile "{out}"
Unicode true
SilentInstall silent
RequestExecutionLevel user
Section
  FileOpen $0 "$EXEDIR\started.txt" w
  FileWrite $0 "started"
  FileClose $0
  IfFileExists "$EXEDIR\stay.txt" 0 end
  Sleep 30000
  end:
SectionEnd
"""
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\OASISStudio"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("makensis") is None, reason="needs makensis (Debian: apt install nsis)"),
    pytest.mark.skipif(shutil.which("wine") is None, reason="needs Wine (Debian: apt install wine64 wine)"),
]


class Windows:
    def __init__(self, folder: Path) -> None:
        self.prefix = folder / "wine"
        self.environment = os.environ | {
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEARCH": "win64",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["wine", *command], env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )

    def is_registered(self, hive: str, key: str) -> bool:
        return self.run("reg", "query", rf"{hive}\{key}").returncode == 0

    def settle(self) -> None:
        subprocess.run(["wineserver", "-w"], env=self.environment, timeout=120, check=False)


def write_program(folder: Path) -> Path:
    """Two programs that write a file when they are started, and a folder beside them."""
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "library.dll").write_bytes(b"0" * 5000)
    for name in ("oasis-studio.exe", "oasis-studio-window.exe"):
        script = folder.parent / f"{name}.nsi"
        script.write_text(STAND_IN.format(out=folder / name), encoding="utf-8")
        subprocess.run(["makensis", "-V1", str(script)], check=True)
    return folder


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Windows:
    machine = Windows(tmp_path_factory.mktemp("machine"))
    machine.run("wineboot", "--init")
    machine.settle()
    return machine


@pytest.fixture(scope="module")
def installer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("setup")
    sys.path.insert(0, str(PACKAGING))
    try:
        import windows as script

        return script.make_installer(write_program(folder / "frozen"), folder / "setup.exe")
    finally:
        sys.path.remove(str(PACKAGING))
        sys.modules.pop("windows", None)


@pytest.mark.parametrize(
    ("mode", "hive", "place"),
    [
        ("/CurrentUser", "HKCU", r"C:\프로그램\OASIS"),
        ("/AllUsers", "HKLM", r"C:\Program Files\OASIS Studio"),
    ],
)
def test_silently_in_and_out_again(windows: Windows, installer: Path, mode: str, hive: str, place: str) -> None:
    target = windows.prefix / "drive_c" / Path(*place.split("\\")[1:])
    # a folder with a space would reach the installer in quotes, which /D= may not have: it is that installer's own
    chosen = [] if " " in place else [f"/D={place}"]
    for where in (chosen, []):  # the second is an update, in the same place
        assert windows.run(str(installer), "/S", mode, *where).returncode == 0
    windows.settle()
    assert (target / "_internal" / "library.dll").is_file()
    assert windows.is_registered(hive, UNINSTALL)
    assert windows.is_registered(hive, r"Software\Classes\.oasis")
    windows.run(str(target / "oasis-studio-window.exe"))
    windows.settle()
    assert (target / "started.txt").read_text() == "started"
    (target / "started.txt").unlink()
    assert windows.run(str(target / "uninstall.exe"), mode, "/S").returncode == 0
    windows.settle()
    assert not target.exists()
    assert not windows.is_registered(hive, UNINSTALL)
    assert not windows.is_registered(hive, r"Software\Classes\.oasis")


def test_over_a_running_program_nothing_is_changed(windows: Windows, installer: Path) -> None:
    target = windows.prefix / "drive_c" / "running"
    place = r"/D=C:\running"
    assert windows.run(str(installer), "/S", "/CurrentUser", place).returncode == 0
    (target / "stay.txt").write_text("a while")
    program = subprocess.Popen(["wine", str(target / "oasis-studio-window.exe")], env=windows.environment)
    try:
        deadline = time.monotonic() + 60
        while not (target / "started.txt").exists():
            assert time.monotonic() < deadline, "the program did not start"
            time.sleep(0.1)
        assert windows.run(str(installer), "/S", "/CurrentUser", place).returncode == 3
        assert (target / "_internal" / "library.dll").is_file(), "what is in use stays"
    finally:
        program.kill()
        program.wait(timeout=60)
        subprocess.run(["wineserver", "-k"], env=windows.environment, timeout=60, check=False)
