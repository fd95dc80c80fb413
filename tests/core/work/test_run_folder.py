"""Both sides of a run's folder: who is at work there, what happened, what is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from oasis_studio.core.work.run_folder import (
    COMMANDS_FILE,
    EVENTS_FILE,
    EventReader,
    LineReader,
    RunLock,
    is_running,
    running_pid,
    send_command,
)
from oasis_studio.errors import StudioError

HOLD = """
import sys
from pathlib import Path
from oasis_studio.core.work.run_folder import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_trainer_at_work_is_seen_and_keeps_others_out(tmp_path: Path) -> None:
    assert not is_running(tmp_path) and running_pid(tmp_path) is None
    with RunLock(tmp_path):
        assert is_running(tmp_path) and running_pid(tmp_path) == os.getpid()
        with pytest.raises(StudioError, match="running in"), RunLock(tmp_path):
            pass
    assert not is_running(tmp_path) and running_pid(tmp_path) is None


def test_a_killed_trainer_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert running_pid(tmp_path) == child.pid
        child.kill()
        child.wait(timeout=60)
    assert not is_running(tmp_path)
    with RunLock(tmp_path):
        assert is_running(tmp_path)


def test_events_are_read_as_they_come(tmp_path: Path) -> None:
    reader = EventReader(tmp_path)
    assert reader.read() == []
    path = tmp_path / EVENTS_FILE
    path.write_text('{"event": "started"}\nno event\n[1]\n{"event": "st')
    assert reader.read() == [{"event": "started"}]
    with path.open("a") as file:
        file.write('ep"}\n')
    assert reader.read() == [{"event": "step"}]
    assert reader.read() == []
    assert EventReader(tmp_path).read() == [{"event": "started"}, {"event": "step"}]


def test_commands_arrive_and_others_are_refused(tmp_path: Path) -> None:
    lines = LineReader(tmp_path / COMMANDS_FILE)
    send_command(tmp_path, "pause")
    send_command(tmp_path, "stop")
    assert lines.read() == ["pause", "stop"]
    with pytest.raises(ValueError, match="none of"):
        send_command(tmp_path, "explode")
    with pytest.raises(StudioError, match="cannot be reached"):
        send_command(tmp_path / "nowhere", "stop")
