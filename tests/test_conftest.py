"""The guards in conftest.py do fail the tests they are meant to fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = """
import os, threading
from PySide6.QtCore import QObject, QThread, QTimer
from oasis_studio import paths

kept = []

def test_leaves_a_thread():
    event = threading.Event()
    kept.append(event)
    threading.Thread(target=event.wait, name="forgotten", daemon=True).start()

def test_leaves_a_timer(qapp):
    timer = QTimer(objectName="ticking")
    timer.start(1000)
    kept.append(timer)

def test_leaves_a_thread_of_qt(qapp):
    thread = QThread(objectName="spinning")
    thread.start()
    kept.append(thread)

def test_cleans_up(qapp):
    for event in kept[:1]:
        event.set()
    kept[1].stop()
    kept[2].quit()
    assert kept[2].wait(5000)
    timer = QTimer()
    timer.start(1000)
    timer.stop()
    thread = QThread()
    thread.start()
    thread.quit()
    assert thread.wait(5000)

def test_forgets_a_timer_with_its_parent(qapp):
    parent = QObject()
    QTimer(parent).start(1000)
    parent.deleteLater()

def test_home_is_its_own():
    folder = paths.home("models")
    assert not folder.exists()
    folder.mkdir(parents=True)

def test_home_is_its_own_again():
    assert not paths.home("models").exists()

def test_nothing_shows_on_a_display(qapp):
    assert qapp.platformName() == "offscreen"
"""


def test_guards(tmp_path: Path):
    guards = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
    impatient = guards.replace("PATIENCE_SECONDS = 2.0", "PATIENCE_SECONDS = 0.2")
    (tmp_path / "conftest.py").write_text(impatient, encoding="utf-8")
    (tmp_path / "test_sample.py").write_text(TESTS, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    output = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120).stdout
    errors = [line.split()[1] for line in output.splitlines() if line.startswith(("ERROR ", "FAILED "))]
    named = ["test_leaves_a_thread", "test_leaves_a_timer", "test_leaves_a_thread_of_qt"]
    assert errors == [f"test_sample.py::{name}" for name in named], output
    assert all(
        f"left running: {what}" in output for what in ("thread 'forgotten'", "QTimer 'ticking'", "QThread 'spinning'")
    )
    assert "8 passed" in output, output
