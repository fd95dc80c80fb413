from __future__ import annotations

import io
from pathlib import Path

import pytest
from oasis_training.run.control import Budget, Control

from oasis_studio.core.work.run_folder import send_command


def test_commands_come_from_the_folder_and_old_ones_do_not_count(tmp_path: Path) -> None:
    send_command(tmp_path, "stop")
    control = Control(tmp_path)
    control.poll()
    assert not control.is_stopping
    send_command(tmp_path, "pause")
    send_command(tmp_path, "preview")
    control.poll()
    assert control.is_paused and control.take_preview() and not control.take_preview()
    send_command(tmp_path, "resume")
    control.poll()
    assert not control.is_paused and not control.is_stopping
    send_command(tmp_path, "discard")
    control.poll()
    assert control.is_stopping and control.is_discarding


def test_stdin_takes_the_same_lines_and_its_end_means_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("pause\nwhat\n"))
    control = Control(tmp_path)
    control._watch()
    assert control.is_paused and control.is_stopping and not control.is_discarding


@pytest.mark.parametrize("budget", [Budget(seconds=0), Budget(processor_seconds=0)])
def test_a_budget_ends_it(tmp_path: Path, budget: Budget) -> None:
    control = Control(tmp_path, budget)
    control.poll()
    assert control.is_stopping


def test_a_budget_that_is_not_used_up_does_not(tmp_path: Path) -> None:
    control = Control(tmp_path, Budget(10**6, 10**6))
    control.poll()
    assert not control.is_stopping
