"""The frozen program on this machine: without a display, and with a Python environment of the person's own.

Needs what build.py freeze made; a real window needs Xvfb and xdotool.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.second_environment import make_environment
from tests.packaging.test_debian_package import differs, shoot, wait_for

PROGRAM = Path(__file__).resolve().parents[2] / "dist" / "oasis-studio" / "oasis-studio"
PHOTO = (560, 140, 1040, 840)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM.is_file(), reason="there is no frozen program: build.py freeze"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="drives an X server"),
]


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "OASIS_STUDIO_HOME": str(home)}
    return subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=300)


def test_without_a_display_it_says_so_and_verbs_work(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2 and "There is no display" in done.stderr and "Traceback" not in done.stderr
    assert "selftest" in run(tmp_path, "--help").stdout
    assert "outdoor" in run(tmp_path, "model", "list").stdout


class Started:
    """The frozen program on ``display``, rendering with ``python``."""

    def __init__(self, home: Path, display: str, python: Path) -> None:
        self.log = home / "logs" / "oasis-studio.log"
        self._environment = os.environ | {"DISPLAY": display, "OASIS_STUDIO_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        (home / "settings").mkdir(parents=True)
        settings = f'has_seen_tour = true\nlanguage = "en"\npython = "{python}"\n'
        (home / "settings" / "settings.toml").write_text(settings, encoding="utf-8")
        self.process = subprocess.Popen([PROGRAM], env=self._environment)

    def says(self, text: str) -> bool:
        return self.log.is_file() and text in self.log.read_text(encoding="utf-8")

    def helpers(self) -> list[int]:
        """Processes of the other Python."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes()
                parent = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
            except OSError:
                continue
            if b"oasis_studio.synthesis.service.serving" in command and int(parent) == self.process.pid:
                found.append(int(folder.name))
        return found

    def do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self._environment, check=True, timeout=60)


@pytest.fixture
def started(tmp_path: Path, display: str) -> Iterator[Started]:
    if shutil.which("xdotool") is None:
        pytest.skip("needs xdotool")
    program = Started(tmp_path / "home", display, make_environment(tmp_path / "second env"))
    yield program
    program.process.terminate()
    program.process.wait(timeout=60)


def test_another_environment_renders_and_its_end_loses_nothing(started: Started, display: str, tmp_path: Path) -> None:
    wait_for(lambda: started.says("engine in "), "the other Python is ready")
    assert len(started.helpers()) == 1
    shots = tmp_path / "shot.png"

    def dice_changes_the_photo(what: str) -> None:
        old = shoot(display, shots)
        started.do("key", "d")
        wait_for(lambda: differs(old, shoot(display, shots), PHOTO), what)

    started.do("search", "--onlyvisible", "--name", "OASIS Studio")
    started.do("mousemove", "300", "500")
    dice_changes_the_photo("a photo from the other Python")
    assert not started.says("given up")
    os.kill(started.helpers()[0], signal.SIGKILL)
    dice_changes_the_photo("a photo, or the banner over it")
    wait_for(lambda: started.says("given up"), "the program steps in")
    dice_changes_the_photo("a photo of its own")
    assert not started.helpers()
