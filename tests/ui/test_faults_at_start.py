"""What may be wrong at the start: no display, nowhere to write, broken settings, missing files, two at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.settings import Settings, read_settings, settings_file, write_settings
from tests.app import scene
from tests.ui.desk import Desk

OPEN_AND_CLOSE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from oasis_studio.core.models.library import default_library
from oasis_studio.errors import StudioError
from oasis_studio.ui.window import application

def look(studio, window):
    print(window.status.tip.text(), "|", window.isVisible(), flush=True)
    QTimer.singleShot(0, window.close)
    return QApplication.instance().exec()

def open_renderer():
    raise StudioError("Not needed here.")

sys.exit(application.run(default_library(), open_renderer, loop=look))
"""


def start(*command: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    shown = {"QT_QPA_PLATFORM": "offscreen"} if "DISPLAY" not in environment else environment
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "DISPLAY", "WAYLAND"))}
    return subprocess.run(
        [sys.executable, *command],
        env=kept | shown | {"OASIS_STUDIO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
@pytest.mark.parametrize("display", ["", ":9876"])
def test_without_a_display_it_says_so(tmp_path: Path, display: str) -> None:
    done = start("-m", "oasis_studio", home=tmp_path, DISPLAY=display)
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert lines[-2] == "error: There is no display to open a window on." and "--help" in lines[-1]
    assert "Traceback" not in done.stderr
    assert start("-m", "oasis_studio", "--help", home=tmp_path, DISPLAY=display).returncode == 0


def test_a_home_that_cannot_be_written_costs_only_what_is_kept(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    done = start("-c", OPEN_AND_CLOSE, home=blocker / "home")
    assert done.returncode == 0, done.stderr
    assert "Nothing can be stored" in done.stdout and "True" in done.stdout
    assert "Traceback" not in done.stderr


def test_broken_settings_are_kept_aside(tmp_path: Path) -> None:
    settings = tmp_path / "settings" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text("theme = light\nshortcuts = ???", encoding="utf-8")
    done = start("-c", OPEN_AND_CLOSE, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "the defaults are used" in done.stdout and "settings.broken.toml" in done.stdout
    assert "theme = light" in settings.with_name("settings.broken.toml").read_text(encoding="utf-8")
    assert "theme = light" not in (settings.read_text(encoding="utf-8") if settings.exists() else "")


def test_what_was_wrong_is_not_stored_as_a_preference() -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text("[[[", encoding="utf-8")
    broken = read_settings()
    assert "settings.broken.toml" in broken.trouble and broken == Settings()
    broken.brush_size = 9
    write_settings(broken)
    assert read_settings() == Settings(brush_size=9)
    settings_file().write_text('trouble = "x"\nis_temporary = true\n', encoding="utf-8")
    assert read_settings() == Settings(), "nobody can set these"


def test_a_file_that_is_gone_is_said_and_a_sample_opens(
    desk: Desk, no_dialogs: list[str], tmp_path: Path, qtbot: QtBot
) -> None:
    desk.window.files.open_first(tmp_path / "moved.oasis")
    assert no_dialogs == [f"There is no file {tmp_path / 'moved.oasis'}."]
    assert desk.session.document.width > scene.document().width, "a sample instead of an empty window"


OPEN_FROM_THE_DESKTOP = """
import sys
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from oasis_studio.ui.window.display import open_display

app, heard = open_display(), []
app.file_opened.connect(heard.append)
app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(sys.argv[1])))
assert [str(path) for path in heard] == [sys.argv[1]], heard
"""


def test_a_file_opened_from_the_desktop_of_a_mac_is_heard_of(tmp_path: Path) -> None:
    done = start("-c", OPEN_FROM_THE_DESKTOP, str(tmp_path / "그림 1.oasis"), home=tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_model_opened_like_a_document_is_installed(desk: Desk, no_dialogs: list[str], tmp_path: Path) -> None:
    damaged = tmp_path / "some.oasismodel"
    damaged.write_bytes(b"no zip")
    desk.window.files.open_path(damaged)
    assert len(no_dialogs) == 1 and "some.oasismodel" in no_dialogs[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_of_two_starts_at_once_one_opens_and_the_other_hands_over(tmp_path: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OASIS_STUDIO_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "oasis_studio"]
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _each in range(2)]
    try:
        deadline = time.monotonic() + 60
        while all(each.poll() is None for each in both):
            assert time.monotonic() < deadline, "two windows"
            time.sleep(0.05)
        ended = [each for each in both if each.poll() is not None]
        assert len(ended) == 1 and ended[0].returncode == 0
    finally:
        for each in both:
            each.kill()
            each.wait()
