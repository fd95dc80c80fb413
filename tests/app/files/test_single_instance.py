from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from oasis_studio.app.files.single_instance import SingleInstance

HAND_OVER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from oasis_studio.app.files.single_instance import SingleInstance
app = QCoreApplication([])
second = SingleInstance()
assert not second.claim()
sys.exit(0 if second.hand_over(Path(sys.argv[1]) if len(sys.argv) > 1 else None) else 3)
"""
CLAIM_AND_DIE = """
import os, signal
from PySide6.QtCore import QCoreApplication
from oasis_studio.app.files.single_instance import SingleInstance
app = QCoreApplication([])
assert SingleInstance().claim()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def first(qapp: object) -> SingleInstance:
    made = SingleInstance()
    assert made.claim()
    return made


@pytest.mark.parametrize("arguments", [["drawing.oasis"], []])
def test_a_second_start_hands_its_file_to_the_first(
    first: SingleInstance, qtbot: QtBot, tmp_path: Path, arguments: list[str]
) -> None:
    command = [sys.executable, "-c", HAND_OVER, *arguments]
    with qtbot.waitSignal(first.asked, timeout=20_000) as asked:
        second = subprocess.Popen(command, cwd=tmp_path, env=os.environ)
    assert second.wait(20) == 0
    assert asked.args == [tmp_path / "drawing.oasis" if arguments else None]
    first.release()


def test_another_home_is_another_program(
    first: SingleInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OASIS_STUDIO_HOME", str(tmp_path))
    other = SingleInstance()
    assert other.claim()
    other.release()
    first.release()


def test_the_next_start_may_claim_after_the_end(first: SingleInstance) -> None:
    first.release()
    again = SingleInstance()
    assert again.claim()
    again.release()


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_a_killed_program_leaves_no_lock_behind(qapp: object) -> None:
    died = subprocess.run([sys.executable, "-c", CLAIM_AND_DIE], env=os.environ, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    after = SingleInstance()
    assert after.claim()
    after.release()


def test_nonsense_is_not_answered(first: SingleInstance, qtbot: QtBot) -> None:
    heard: list[object] = []
    first.asked.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(2000)
    socket.write(b"[1, 2]\n")
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert heard == []
    first.release()
