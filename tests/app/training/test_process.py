"""Steering a run through its folder, with a trainer that has no networks."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.training.process import TrainingProcess
from oasis_studio.app.training.progress import RunStatus
from oasis_studio.app.training.runs import leave_as_it_is, unfinished_run
from oasis_studio.core.work.run_folder import running_pid
from oasis_studio.errors import StudioError
from oasis_studio.paths import home

FAKE = Path(__file__).parents[1] / "fake_trainer.py"
PATIENCE = 30_000


@pytest.fixture
def folder(own_home: Path) -> Path:
    made = home("runs") / "meadow"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def watch(folder: Path, qtbot: QtBot) -> Iterator[Callable[[], TrainingProcess]]:
    """Makes processes that watch the folder; whatever still runs there is ended."""
    made: list[TrainingProcess] = []

    def make() -> TrainingProcess:
        made.append(TrainingProcess(folder))
        return made[-1]

    yield make
    for process in made:
        process.kill()
        process.detach()
    qtbot.waitUntil(lambda: not any(process.is_alive for process in made), timeout=PATIENCE)


def command(folder: Path) -> list[str]:
    return [sys.executable, str(FAKE), str(folder)]


@pytest.fixture
def running(watch: Callable[[], TrainingProcess], folder: Path, qtbot: QtBot) -> TrainingProcess:
    process = watch()
    assert process.progress.status is RunStatus.STARTING
    process.start(command(folder))
    qtbot.waitUntil(lambda: process.progress.images > 0, timeout=PATIENCE)
    return process


def test_a_run_is_watched(running: TrainingProcess) -> None:
    progress = running.progress
    assert progress.status is RunStatus.RUNNING and progress.title == "Fake" and progress.photos == 8
    assert progress.losses["generator"] and progress.seconds_left == 9.0 and 0 < progress.share < 1


def test_it_pauses_and_goes_on(running: TrainingProcess, qtbot: QtBot) -> None:
    running.pause()
    qtbot.waitUntil(lambda: running.progress.status is RunStatus.PAUSED, timeout=PATIENCE)
    images = running.progress.images
    running.resume()
    qtbot.waitUntil(lambda: running.progress.images > images, timeout=PATIENCE)
    assert running.progress.status is RunStatus.RUNNING


def test_a_preview_that_is_asked_for_is_told(running: TrainingProcess, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.previewed, timeout=PATIENCE) as told:
        running.ask_preview()
    assert told.args is not None and told.args[0].model == "model"


def test_stopping_publishes(running: TrainingProcess, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.ended, timeout=PATIENCE):
        running.stop()
        assert running.progress.status is RunStatus.STOPPING
    assert running.progress.status is RunStatus.FINISHED and running.progress.model_id == "fake"
    assert unfinished_run() is None


def test_what_was_said_before_the_trainer_listened_is_said_again(
    watch: Callable[[], TrainingProcess], folder: Path, qtbot: QtBot
) -> None:
    process = watch()
    process.start(command(folder))
    with qtbot.waitSignal(process.ended, timeout=PATIENCE):
        process.stop()
    assert process.progress.status is RunStatus.FINISHED


def test_discarding_removes_the_folder(running: TrainingProcess, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.ended, timeout=PATIENCE):
        running.discard()
    assert running.progress.status is RunStatus.DISCARDED and not folder.exists()


def test_whoever_comes_later_finds_it_and_steers_on(
    running: TrainingProcess, watch: Callable[[], TrainingProcess], folder: Path, qtbot: QtBot
) -> None:
    running.detach()  # as if the window were gone
    found = unfinished_run()
    assert found is not None and found.folder == folder and found.is_alive
    later = watch()
    later.attach()
    assert later.progress.status is RunStatus.RUNNING
    images = later.progress.images
    qtbot.waitUntil(lambda: later.progress.images > images, timeout=PATIENCE)
    with qtbot.waitSignal(later.ended, timeout=PATIENCE):
        later.stop()
    assert later.progress.status is RunStatus.FINISHED


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_killed_trainer_is_noticed_and_can_go_on(running: TrainingProcess, folder: Path, qtbot: QtBot) -> None:
    pid = running_pid(folder)
    assert pid is not None
    with qtbot.waitSignal(running.ended, timeout=PATIENCE):
        os.kill(pid, signal.SIGKILL)
    assert running.progress.status is RunStatus.BROKEN and running.progress.message
    found = unfinished_run()
    assert found is not None and found.can_resume and not found.is_alive
    running.start(command(folder))
    qtbot.waitUntil(lambda: running.progress.status is RunStatus.RUNNING, timeout=PATIENCE)
    with qtbot.waitSignal(running.ended, timeout=PATIENCE):
        running.stop()


def test_a_run_that_is_left_is_not_offered_again(running: TrainingProcess, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(running.ended, timeout=PATIENCE):
        running.kill()
    assert unfinished_run() is not None
    leave_as_it_is(folder)
    assert unfinished_run() is None


def test_an_expected_failure_keeps_its_words(watch: Callable[[], TrainingProcess], folder: Path, qtbot: QtBot) -> None:
    process = watch()
    said = 'import sys; print("error: The disk is full.\\nMake room.", file=sys.stderr); sys.exit(2)'
    with qtbot.waitSignal(process.ended, timeout=PATIENCE):
        process.start([sys.executable, "-c", said])
    assert process.progress.status is RunStatus.FAILED
    assert (process.progress.message, process.progress.hint) == ("The disk is full.", "Make room.")


def test_no_trainer_to_start_is_one_sentence(watch: Callable[[], TrainingProcess]) -> None:
    with pytest.raises(StudioError, match="cannot be started"):
        watch().start(["/no/such/program"])
