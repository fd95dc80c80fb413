"""The monitor without networks: the runs are written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from oasis_studio.app.training.progress import RunStatus
from oasis_studio.app.training.runs import remove_run
from oasis_studio.core.work.run_folder import RunLock
from oasis_studio.errors import StudioError
from oasis_studio.paths import home
from oasis_studio.ui.questions import messages
from oasis_studio.ui.training.badge import TrainingBadge
from oasis_studio.ui.training.monitor import Monitor
from oasis_studio.ui.training.run_banner import RunBanner
from oasis_studio.ui.training.runs_dialog import RunsDialog
from tests.ui.desk import Desk

EVENTS = [
    {"event": "started", "title": "Farm", "device": "cpu", "photos": 9, "held_out": 3, "images": 0, "total_images": 80},
    {"event": "step", "images": 20, "images_per_second": 2, "seconds_left": 30, "losses": {"generator": 1.0}},
    {"event": "preview", "images": 20, "file": "previews/20.png", "model": ""},
    {"event": "metric", "images": 20, "kernel_distance": 0.5, "best": True},
]


def run_folder(*more: dict[str, object]) -> Path:
    """A run of which nobody is at work any more."""
    folder = home("runs") / "farm"
    (folder / "previews").mkdir(parents=True)
    Image.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(folder / "previews/20.png")
    lines = [json.dumps(event) for event in (*EVENTS, *more)]
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "state.json").write_text("{}")
    return folder


@pytest.fixture
def monitor(desk: Desk, qtbot: QtBot) -> Monitor:
    run_folder()
    desk.studio.training.look_for_run()
    made = Monitor(desk.studio.training)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_run_that_was_cut_off_is_found_and_said(desk: Desk, monitor: Monitor) -> None:
    assert desk.studio.training.progress is not None
    assert desk.studio.training.progress.status is RunStatus.BROKEN
    banner = desk.window.findChild(RunBanner)
    assert banner is not None and banner.isVisible() and "Farm" in banner.message.text()
    assert banner.resume_button.isVisible() and not banner.use_button.isVisible()
    badge = desk.window.findChild(TrainingBadge)
    assert badge is not None and badge.isVisible() and "Cut off" in badge.text()
    banner.leave_button.click()
    assert not banner.isVisible() and not badge.isVisible()
    desk.studio.training.look_for_run()
    assert desk.studio.training.process is None, "it is not offered again"


def test_the_monitor_shows_what_happened(monitor: Monitor) -> None:
    assert "20 of 80 photos seen" in monitor.facts.text() and monitor.bar.value() == 250
    assert monitor.samples.image is not None and monitor.samples.image.width() == 60
    assert monitor.strip.count() == 1 and list(monitor.losses._lines) == ["generator"]
    assert list(monitor.quality._lines) == ["kernel_distance"]
    assert not monitor.pause_button.isEnabled() and not monitor.stop_button.isEnabled()


def test_the_scene_of_every_preview_can_be_looked_at(desk: Desk, monitor: Monitor) -> None:
    training = desk.studio.training
    assert training.progress is not None
    for images, grey in ((20, 50), (40, 200)):
        training.progress.take({"event": "preview", "images": images, "file": f"previews/{images}.png"})
        training._asked = training.progress.previews[-1]
        training._keep_scene(np.full((48, 64, 3), grey, np.uint8))
    assert monitor.strip.count() == 2 and monitor.strip.currentRow() == 1
    image = monitor.scene.image
    assert image is not None and image.pixelColor(0, 0).red() == 200
    monitor.strip.setCurrentRow(0)
    image = monitor.scene.image
    assert image is not None and image.pixelColor(0, 0).red() == 50


def test_the_reins_follow_the_state(desk: Desk, monitor: Monitor) -> None:
    training = desk.studio.training
    assert training.progress is not None
    training.progress.status = RunStatus.RUNNING
    training.changed.emit()
    assert monitor.pause_button.isEnabled() and monitor.stop_button.isEnabled() and training.is_alive
    assert desk.window.actions_by_id["train.pause"].isEnabled()
    training.progress.status = RunStatus.PAUSED
    training.changed.emit()
    assert monitor.pause_button.text() == "Resume" and desk.window.actions_by_id["train.pause"].text() == "&Resume"
    monitor.pause_button.click()
    process = training.process
    assert process is not None and (process.folder / "commands.txt").read_text() == "resume\n"


def test_a_pause_is_answered_at_once(desk: Desk, monitor: Monitor) -> None:
    training = desk.studio.training
    assert training.progress is not None and monitor.stop_button.objectName() != "primary"
    assert "library" in monitor.stop_button.toolTip()
    training.progress.status = RunStatus.RUNNING
    training.changed.emit()
    monitor.pause_button.click()
    training.changed.emit()  # news of the step that is under way
    assert monitor.pause_button.text() == "Pausing after this step…" and not monitor.pause_button.isEnabled()
    training.progress.status = RunStatus.PAUSED
    training.changed.emit()
    assert monitor.pause_button.text() == "Resume" and monitor.pause_button.isEnabled()


def test_closing_the_window_asks_what_becomes_of_the_training(
    desk: Desk, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = desk.studio.training
    assert training.progress is not None and training.process is not None
    training.progress.status = RunStatus.RUNNING
    answers = iter([messages.TrainingAnswer.CANCEL, messages.TrainingAnswer.KEEP])
    monkeypatch.setattr(messages, "ask_training", lambda _parent: next(answers, messages.TrainingAnswer.KEEP))
    desk.window.close()
    assert desk.window.isVisible()
    desk.window.close()
    assert not desk.window.isVisible() and not (training.process.folder / "commands.txt").exists()


def test_a_finished_model_is_offered_and_used(desk: Desk, qtbot: QtBot) -> None:
    folder = run_folder()
    training = desk.studio.training
    training.look_for_run()
    assert training.progress is not None
    training.progress.take({"event": "published", "model": "other", "images": 80, "folder": str(folder)})
    training.changed.emit()
    banner = desk.window.findChild(RunBanner)
    assert banner is not None and banner.use_button.isVisible() and not banner.resume_button.isVisible()
    banner.use_button.click()
    assert desk.session.document.model == "other" and training.process is None


def test_earlier_trainings_are_listed_with_their_size_and_deleted(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = run_folder({"event": "published", "images": 80, "model": "farm"})
    (folder / "photos").mkdir()
    (folder / "photos" / "image.bin").write_bytes(bytes(30 * 2**20))
    dialog = RunsDialog()
    qtbot.addWidget(dialog)
    cells = [dialog.table.item(0, column).text() for column in (0, 1, 3)]
    assert cells == ["Farm", "Finished", "30 MB"] and not dialog.delete_button.isEnabled()
    dialog.table.selectRow(0)
    asked: list[int] = []
    monkeypatch.setattr(messages, "ask_delete_runs", lambda _parent, count: bool(asked))
    dialog.delete_button.click()
    assert folder.is_dir(), "the person wants to keep it"
    asked.append(1)
    dialog.delete_button.click()
    assert not folder.exists() and dialog.table.rowCount() == 0 and dialog._sum.text() == "There is none."


def test_a_run_that_goes_on_cannot_be_deleted(desk: Desk, qtbot: QtBot) -> None:
    folder = run_folder()
    with RunLock(folder):
        dialog = RunsDialog()
        qtbot.addWidget(dialog)
        dialog.table.selectRow(0)
        assert dialog.chosen() == [] and not dialog.delete_button.isEnabled()
        with pytest.raises(StudioError, match="running"):
            remove_run(folder)
    assert folder.is_dir()


def test_discarding_asks_first(desk: Desk, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home("runs") / "farm"
    answers = iter([False, True])
    monkeypatch.setattr(messages, "ask_discard_training", lambda _parent, _title: next(answers))
    desk.window.actions_by_id["train.discard"].trigger()
    assert folder.exists()
    desk.window.actions_by_id["train.discard"].trigger()
    assert not folder.exists() and desk.studio.training.process is None
