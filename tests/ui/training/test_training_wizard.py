"""The wizard without networks: the check is a small program."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.settings import Settings
from oasis_studio.app.training.data_findings import Fix, ProblemKind
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.app.training.preparation import Estimate, TrainingPreparation
from oasis_studio.errors import StudioError
from oasis_studio.ui.training.check_page import CheckPage
from oasis_studio.ui.training.classes_page import ClassesPage
from oasis_studio.ui.training.data_page import DataPage
from oasis_studio.ui.training.length_page import LengthPage
from oasis_studio.ui.training.start_page import StartPage
from oasis_studio.ui.training.wizard import Wizard
from oasis_studio.ui.widgets.durations import clock, duration, memory
from tests.app.training.test_plan import CHECKED
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
