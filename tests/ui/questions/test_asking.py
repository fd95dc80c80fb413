"""Dialogs go once they are answered: with them go the photos that they show."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from oasis_studio.ui.questions import asking
from oasis_studio.ui.questions.asking import ask
from oasis_studio.ui.questions.name import NameDialog, ask_name
from oasis_studio.ui.questions.notice import Notice


def press(parent: QWidget, is_accepted: bool) -> None:
    (dialog,) = (each for each in parent.findChildren(QDialog) if each.isVisible())
    dialog.accept() if is_accepted else dialog.reject()


@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_dialog_answers_and_goes(qtbot: QtBot, is_accepted: bool) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = NameDialog(parent, "Name", "Take", "", "Barn")
    QTimer.singleShot(0, parent, lambda: press(parent, is_accepted))
    assert ask(dialog) == is_accepted
    assert dialog.field.text() == "Barn", "it can still be read"
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert parent.findChildren(QDialog) == []


def test_questions_leave_nothing_behind(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    QTimer.singleShot(0, parent, lambda: press(parent, True))
    assert ask_name(parent, "Name", "Take", "", "Barn") == "Barn"
    QTimer.singleShot(0, parent, lambda: press(parent, False))
    assert Notice(parent, "Really?", "", ["Yes", "No"]).ask() == -1
    qtbot.waitUntil(lambda: parent.findChildren(QDialog) == [])


def test_every_dialog_is_asked_here() -> None:
    """Who calls ``exec`` of a dialog keeps it as long as its window."""
    folder = Path(asking.__file__).parents[1]
    callers = sorted(path.name for path in folder.rglob("*.py") if ".exec()" in path.read_text(encoding="utf-8"))
    assert callers == ["application.py", "asking.py"]
