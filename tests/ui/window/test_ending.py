"""The end of the program, in a process of its own: windows, what is behind them, and the application at last."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

USE_AND_QUIT = """
import sys
import time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from oasis_studio.app.work import background
from oasis_studio.ui.window import application
from oasis_studio.ui.training.curves import Curves
from tests.app import scene
from tests.ui.desk import wait_until

mode = sys.argv[1]
background.CLOSE_PATIENCE_MS = 200
orphans = []

def use():
    app = QApplication.instance()
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "mainWindow")
    studio = window._studio
    studio.session.open(scene.document())
    studio.start()
    wait_until(lambda: studio.feed.image_HW3 is not None)
    if mode == "plots":
        for parent in (window, None):  # pyqtgraph makes menus and forms for each that nobody owns
            curves = Curves("Losses", "")
            curves.setParent(parent)
            curves.show_curves({"loss": ("loss", [(n, 1 / (n + 1)) for n in range(100)])})
            curves.show()
            orphans.append(curves)
    if mode == "stuck":
        sleeping = []
        studio.workbench._worker.run(lambda: (sleeping.append(True), time.sleep(60)))
        wait_until(lambda: bool(sleeping))
    if mode == "fault":
        raise ZeroDivisionError("in the loop")
    studio.session.history.mark_saved()
    window.close()
    return 3

QApplication.exec = staticmethod(use)
code = application.run(scene.library(Path(sys.argv[2])), scene.InstantRenderer)
assert QApplication.instance() is None, "the application went before the interpreter does"
sys.exit(code)
"""


def quit_after(mode: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONFAULTHANDLER": "1",
        "OASIS_STUDIO_HOME": str(folder / "home"),
    }
    command = [sys.executable, "-c", USE_AND_QUIT, mode, str(folder / "models")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("mode", ["nothing", "plots"])
def test_nothing_crashes_after_the_window_is_closed(mode: str, tmp_path: Path) -> None:
    done = quit_after(mode, tmp_path)
    crash = tmp_path / "home" / "logs" / "crash.log"
    assert done.returncode == 3, done.stderr + (crash.read_text() if crash.exists() else "")
    assert "Traceback" not in done.stderr and not crash.read_text()


def test_a_thread_that_does_not_end_is_not_waited_for(tmp_path: Path) -> None:
    done = quit_after("stuck", tmp_path)
    assert done.returncode == 3, done.stderr
    assert "a thread did not end" in (tmp_path / "home" / "logs" / "oasis-studio.log").read_text()


def test_a_fault_of_the_loop_is_no_crash(tmp_path: Path) -> None:
    done = quit_after("fault", tmp_path)
    assert done.returncode == 1 and "in the loop" in done.stderr and "Fatal Python error" not in done.stderr
