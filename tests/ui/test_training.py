"""Wizard and monitor without networks: the check is a small program, the runs are written by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from oasis_studio.app.data_findings import Fix, ProblemKind
from oasis_studio.app.settings import Settings
from oasis_studio.app.training_plan import TrainingPlan
from oasis_studio.app.training_preparation import Estimate, TrainingPreparation
from oasis_studio.app.training_progress import RunStatus
from oasis_studio.app.training_runs import remove_run
from oasis_studio.core.run_folder import RunLock
from oasis_studio.errors import StudioError
from oasis_studio.paths import home
from oasis_studio.ui import messages
from oasis_studio.ui.training.badge import TrainingBadge
from oasis_studio.ui.training.check_page import CheckPage
from oasis_studio.ui.training.classes_page import ClassesPage
from oasis_studio.ui.training.data_page import DataPage
from oasis_studio.ui.training.durations import clock, duration, memory
from oasis_studio.ui.training.length_page import LengthPage
from oasis_studio.ui.training.monitor import Monitor
from oasis_studio.ui.training.run_banner import RunBanner
from oasis_studio.ui.training.runs_dialog import RunsDialog
from oasis_studio.ui.training.start_page import StartPage
from oasis_studio.ui.training.wizard import Wizard
from tests.app.test_training_plan import CHECKED
from tests.ui.desk import Desk

PATIENCE = 20_000


class Ready(TrainingPreparation):
    """Measures nothing."""

    asked: tuple[str, ...] = ()
    failure: StudioError | None = None

    @property
    def fits(self) -> bool:
        return self.estimate is not None

    def prepare(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.estimate = Estimate("cpu", 4.5, 1300, {"try": 300, "evening": 9000, "long": 32400})
        self.estimated.emit(self.estimate)

    def make(self, preset: str, title: str, credit: str) -> None:
        self.asked = (preset, title, credit)


def checker(_folder: Path) -> list[str]:
    return [sys.executable, "-c", f"print({json.dumps(CHECKED)!r})"]


@pytest.fixture
def plan(desk: Desk) -> TrainingPlan:
    return TrainingPlan(desk.session.library, base=desk.session.card)


@pytest.fixture
def preparation(plan: TrainingPlan) -> Ready:
    return Ready(plan)


@pytest.fixture
def wizard(plan: TrainingPlan, preparation: Ready, qtbot: QtBot) -> Wizard:
    pages = [
        DataPage(plan, Settings()),
        CheckPage(plan, checker),
        ClassesPage(plan),
        LengthPage(plan, preparation),
        StartPage(plan, preparation),
    ]
    made = Wizard(pages)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def go_to(wizard: Wizard, page: type, folder: Path, qtbot: QtBot) -> None:
    """Through the pages as they are proposed."""
    data = wizard.page
    assert isinstance(data, DataPage)
    data.take(folder)
    while not isinstance(wizard.page, page):
        qtbot.waitUntil(lambda: wizard.page.is_ready, timeout=PATIENCE)
        wizard.next_button.click()


def test_without_a_folder_there_is_no_next_page(wizard: Wizard) -> None:
    assert not wizard.next_button.isEnabled() and not wizard.back_button.isEnabled()
    wizard.go_on()
    assert isinstance(wizard.page, DataPage)


def test_a_dropped_folder_is_checked_at_once(wizard: Wizard, tmp_path: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    wizard.page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    assert isinstance(wizard.page, CheckPage)
    qtbot.waitUntil(lambda: wizard.page.is_ready, timeout=PATIENCE)


def test_a_folder_that_went_away_is_said(wizard: Wizard, tmp_path: Path) -> None:
    data = wizard.page
    assert isinstance(data, DataPage)
    data.take(tmp_path / "gone")
    wizard.next_button.click()
    assert isinstance(wizard.page, DataPage) and "no folder" in wizard.problem.text()


def test_problems_are_listed_and_mended(wizard: Wizard, plan: TrainingPlan, tmp_path: Path, qtbot: QtBot) -> None:
    go_to(wizard, CheckPage, tmp_path, qtbot)
    page = wizard.page
    assert isinstance(page, CheckPage)
    qtbot.waitUntil(lambda: page.is_ready, timeout=PATIENCE)
    assert page.summary.text().startswith("9 pairs")
    boxes = {box.accessibleName().split(":")[0]: box for box in page.findChildren(QComboBox)}
    sizes = boxes["Label maps of another size than their photo"]
    sizes.setCurrentIndex(1)
    sizes.activated.emit(1)
    assert plan.fixes[ProblemKind.SIZES] is Fix.SCALE and page.summary.text().startswith("10 pairs")


def test_a_check_can_be_stopped_and_begun_again(wizard: Wizard, tmp_path: Path, qtbot: QtBot) -> None:
    page = wizard.pages[1]
    assert isinstance(page, CheckPage)
    page._command = lambda _folder: [sys.executable, "-c", "import time; time.sleep(60)"]
    go_to(wizard, CheckPage, tmp_path, qtbot)
    page.cancel_button.click()
    assert page.stack.currentIndex() == 1 and not wizard.next_button.isEnabled()
    page._command = checker
    page.retry_button.click()
    qtbot.waitUntil(lambda: page.is_ready, timeout=PATIENCE)


def test_a_check_that_fails_says_why(wizard: Wizard, tmp_path: Path, qtbot: QtBot) -> None:
    page = wizard.pages[1]
    assert isinstance(page, CheckPage)
    said = 'import sys; print("error: No photos are in it.", file=sys.stderr); sys.exit(2)'
    page._command = lambda _folder: [sys.executable, "-c", said]
    go_to(wizard, CheckPage, tmp_path, qtbot)
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 1, timeout=PATIENCE)
    assert page._sentence.text() == "No photos are in it."


def test_a_class_can_be_typed(wizard: Wizard, plan: TrainingPlan, tmp_path: Path, qtbot: QtBot) -> None:
    go_to(wizard, ClassesPage, tmp_path, qtbot)
    page = wizard.page
    assert isinstance(page, ClassesPage)
    box = page.table.cellWidget(2, 2)
    assert isinstance(box, QComboBox) and plan.choices[2].target == "barn"
    line = box.lineEdit()
    assert line is not None
    line.setText("TREE")
    line.editingFinished.emit()
    assert plan.choices[2].target == "tree" and page.table.cellWidget(2, 3) is None
    line.setText("farm house")
    line.editingFinished.emit()
    assert plan.choices[2].target == "farm house" and page.table.cellWidget(2, 3) is not None


def test_from_scratch_every_class_is_new(wizard: Wizard, plan: TrainingPlan, tmp_path: Path, qtbot: QtBot) -> None:
    go_to(wizard, ClassesPage, tmp_path, qtbot)
    page = wizard.page
    assert isinstance(page, ClassesPage)
    last = page.base.count() - 1
    page.base.setCurrentIndex(last)
    page.base.activated.emit(last)
    assert plan.base is None and all(choice.color for choice in plan.choices if choice.target)


def test_length_and_start(wizard: Wizard, plan: TrainingPlan, preparation: Ready, tmp_path: Path, qtbot: QtBot) -> None:
    go_to(wizard, LengthPage, tmp_path, qtbot)
    page = wizard.page
    assert isinstance(page, LengthPage) and page._times["evening"].text() == "about 2½ hours"
    page.choices["long"].setChecked(True)
    wizard.next_button.click()
    start = wizard.page
    assert isinstance(start, StartPage)
    start.name.clear()
    assert not wizard.next_button.isEnabled()
    start.name.setText("Farm")
    start.credit.setText("me")
    with qtbot.waitSignal(wizard.start_wanted):
        wizard.next_button.click()
    assert plan.preset == "long" and plan.title == "Farm" and not wizard.next_button.isEnabled()
    wizard.refuse(StudioError("The disk is full.", "Make room."))
    assert wizard.problem.text() == "The disk is full. Make room." and wizard.next_button.isEnabled()


def test_what_cannot_be_prepared_is_said_and_tried_again(
    wizard: Wizard, preparation: Ready, tmp_path: Path, qtbot: QtBot
) -> None:
    preparation.failure = StudioError("The disk is full.")
    go_to(wizard, LengthPage, tmp_path, qtbot)
    page = wizard.page
    assert isinstance(page, LengthPage) and page._doing.text() == "The disk is full."
    assert not wizard.next_button.isEnabled()
    preparation.failure = None
    page.retry_button.click()
    assert wizard.next_button.isEnabled()


def test_times_are_said_as_exactly_as_they_are_known() -> None:
    assert [duration(seconds) for seconds in (44, 300, 9000, 32400)] == [
        "40 seconds",
        "5 minutes",
        "2½ hours",
        "9 hours",
    ]
    assert (clock(3723), clock(59), memory(512), memory(2048)) == ("1:02:03", "0:59", "510 MB", "2.0 GB")


# -- the monitor ------------------------------------------------------------------------------------------------------

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


def test_spade_models_can_be_begun_with(wizard: Wizard, plan: TrainingPlan, tmp_path: Path, qtbot: QtBot) -> None:
    folder = plan.library.find("other")[0]
    data = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(data | {"architecture": "spade"}))
    go_to(wizard, ClassesPage, tmp_path, qtbot)
    page = wizard.page
    assert isinstance(page, ClassesPage)
    row = page.base.findText("Other")
    assert row >= 0
    page.base.activated.emit(row)
    assert plan.base is not None and plan.base.architecture == "spade"
    assert "graphics card" not in page._base_note.text()
    with (folder / "generator.safetensors").open("wb") as stream:
        stream.truncate(400 * 2**20)  # a file with a hole: nothing is stored
    page.base.activated.emit(row)
    assert page._base_note.text().endswith("It is large: training it needs a graphics card, or days.")


def test_discarding_asks_first(desk: Desk, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home("runs") / "farm"
    answers = iter([False, True])
    monkeypatch.setattr(messages, "ask_discard_training", lambda _parent, _title: next(answers))
    desk.window.actions_by_id["train.discard"].trigger()
    assert folder.exists()
    desk.window.actions_by_id["train.discard"].trigger()
    assert not folder.exists() and desk.studio.training.process is None
