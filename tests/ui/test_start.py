"""The start of the program, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WINDOW_WITHOUT_TORCH = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from oasis_studio.ui.window import application

app = QApplication([])
seen = []

def look():
    if seen:
        return
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "mainWindow")
    seen.append(window.isVisible() and "torch" not in sys.modules)
    window.close()

def open_renderer():
    raise AssertionError("the engine is opened after the window has been seen")

later = QTimer.singleShot
application.QTimer.singleShot = staticmethod(lambda _wait, _start: later(0, look))
from oasis_studio.core.models.library import default_library
code = application.run(default_library(), open_renderer)
assert seen == [True], seen
assert not {name for name in sys.modules if name.split(".")[0] in ("torch", "safetensors", "typer")}
sys.exit(code)
"""


def run(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OASIS_STUDIO_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_window_is_visible_without_torch(tmp_path: Path) -> None:
    done = run(WINDOW_WITHOUT_TORCH, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "settings" / "window.ini").exists()


@pytest.mark.parametrize("arguments", ["['model', 'list']", "['--help']"])
def test_verbs_and_options_need_no_window(tmp_path: Path, arguments: str) -> None:
    script = (
        "import sys; from oasis_studio.__main__ import main\n"
        f"code = main({arguments})\n"
        "assert not any(name.startswith('PySide6') for name in sys.modules)\nsys.exit(code)"
    )
    done = run(script, tmp_path)
    assert done.returncode == 0, done.stderr
