"""Dialogs with work in them are not left unasked, and the wheel changes nothing in what scrolls."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCloseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QComboBox, QDialog, QWidget
from pytestqt.qtbot import QtBot

from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.ui.dialogs.animate import AnimateDialog
from oasis_studio.ui.dialogs.import_labels import ImportLabelsDialog
from oasis_studio.ui.dialogs.import_model import ImportModelDialog
from oasis_studio.ui.dialogs.models import ModelsDialog
from oasis_studio.ui.dialogs.notes import NotesDialog
from oasis_studio.ui.questions import messages
from oasis_studio.ui.training.check_page import CheckPage
from oasis_studio.ui.training.classes_page import ClassesPage
from oasis_studio.ui.training.start_page import StartPage
from oasis_studio.ui.training.wizard import Wizard
from tests.app import scene
from tests.ui.desk import Desk
from tests.ui.training.test_training_wizard import PATIENCE, go_to, plan, preparation, wizard  # noqa: F401 - fixtures


class Asked:
    """What stands in for the person: stays at first."""

    def __init__(self) -> None:
        self.losses: list[str] = []
        self.leaves = False

    def __call__(self, _parent: QWidget | None, loss: str) -> bool:
        self.losses.append(loss)
        return self.leaves


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked()
    monkeypatch.setattr(messages, "ask_leave", made)
    return made


def close_by_hand(dialog: QDialog) -> None:
    """The cross of the window: an event that comes from the system."""
    event = QCloseEvent()
    event.spontaneous = lambda: True  # type: ignore[method-assign]
    dialog.closeEvent(event)
    assert event.isAccepted() != dialog.isVisible()


def try_to_leave(dialog: QDialog, asked: Asked) -> None:
    """Escape and the cross ask and stay; once the person means it, it goes."""
    asked.losses.clear()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    close_by_hand(dialog)
    assert dialog.isVisible() and len(asked.losses) == 2 and all(asked.losses)
    asked.leaves = True
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    asked.leaves = False


def test_notes_are_not_lost(desk: Desk, asked: Asked) -> None:
    dialog = NotesDialog("old", desk.window)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and not asked.losses, "nothing was written"
    dialog.show()
    dialog.field.setPlainText("a whole page")
    try_to_leave(dialog, asked)


def test_chosen_classes_are_not_lost(desk: Desk, tmp_path: Path, asked: Asked) -> None:
    write_labels(tmp_path / "labels.png", np.eye(48, 64, dtype=np.uint8), scene.SMALL)
    dialog = ImportLabelsDialog(tmp_path / "labels.png", scene.SMALL, (64, 48), desk.window)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and not asked.losses
    dialog.show()
    dialog.map_value(1, 2)
    try_to_leave(dialog, asked)


def test_what_a_model_is_called_is_not_lost(desk: Desk, tmp_path: Path, asked: Asked) -> None:
    dialog = ImportModelDialog(tmp_path / "a.pth", desk.window)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and not asked.losses
    dialog.show()
    dialog.name.setText("Alps in winter")
    try_to_leave(dialog, asked)


def test_work_under_way_is_not_stopped_unasked(desk: Desk, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    models = ModelsDialog(desk.session.library, "small", desk.window)
    models.show()
    monkeypatch.setattr(models, "_run", object())
    QTest.keyClick(models, Qt.Key.Key_Escape)
    assert models.isVisible() and len(asked.losses) == 1
    models._run = None
    QTest.keyClick(models, Qt.Key.Key_Escape)
    assert not models.isVisible() and len(asked.losses) == 1
    film = AnimateDialog(desk.studio, desk.window)
    film.show()
    cancelled: list[int] = []
    monkeypatch.setattr(type(desk.studio.animation), "is_running", True)
    monkeypatch.setattr(desk.studio.animation, "cancel", lambda: cancelled.append(1))
    QTest.keyClick(film, Qt.Key.Key_Escape)
    assert film.isVisible() and len(asked.losses) == 2 and not cancelled
    asked.leaves = True
    QTest.keyClick(film, Qt.Key.Key_Escape)
    assert cancelled == [1]
    monkeypatch.undo()
    film.done(0)


def test_the_wizard_asks_once_it_holds_work(
    desk: Desk,
    wizard: Wizard,  # noqa: F811
    plan: TrainingPlan,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
    asked: Asked,
) -> None:
    desk.window.training.wizard = wizard
    assert desk.window.training.may_close() and not asked.losses, "on the first page there is nothing yet"
    go_to(wizard, StartPage, tmp_path, qtbot)
    assert not desk.window.training.may_close() and len(asked.losses) == 1, "it would go with the window"
    desk.window.training.wizard = None
    for _page in wizard.pages[1:]:
        wizard.go_back()
    try_to_leave(wizard, asked)
    assert plan.choices


def turn_wheel(box: QWidget) -> None:
    at = QPointF(box.rect().center())
    none, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(box.mapToGlobal(at))
    for turned in (-120, -120, 120, 120, 120):
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(box, QWheelEvent(at, place, QPoint(), QPoint(0, turned), none, no_key, phase, False))


def test_the_wheel_changes_nothing_in_what_scrolls(
    desk: Desk,
    wizard: Wizard,  # noqa: F811
    plan: TrainingPlan,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    write_labels(tmp_path / "labels.png", np.eye(48, 64, dtype=np.uint8), scene.SMALL)
    labels = ImportLabelsDialog(tmp_path / "labels.png", scene.SMALL, (64, 48), desk.window)
    labels.show()
    go_to(wizard, CheckPage, tmp_path, qtbot)
    qtbot.waitUntil(lambda: wizard.page.is_ready, timeout=PATIENCE)
    wizard.next_button.click()
    assert isinstance(wizard.page, ClassesPage)
    before = (labels.labels().copy(), dict(plan.fixes), list(plan.choices))
    boxes = 0
    for window in (labels, wizard, desk.window):
        for area in window.findChildren(QAbstractScrollArea):
            for box in (*area.findChildren(QComboBox), *area.findChildren(QAbstractSpinBox)):
                value, boxes = (box.currentText() if isinstance(box, QComboBox) else box.text()), boxes + 1
                box.setFocus()
                turn_wheel(box)
                assert (box.currentText() if isinstance(box, QComboBox) else box.text()) == value
    assert boxes >= 5
    assert np.array_equal(labels.labels(), before[0]) and (plan.fixes, plan.choices) == before[1:]
    labels.done(0)
