"""What the message boxes say and answer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.ui.questions.messages import Answer, ask_unsaved  # the real one: a fixture replaces it in the module
from oasis_studio.ui.questions.notice import Notice


def answer(qtbot: QtBot, press: int | None, buttons: list[str]) -> int:
    """Show a notice, press a button (None: Escape)."""
    notice = Notice(None, "What happened", "What it means", buttons)
    qtbot.addWidget(notice)

    def react() -> None:
        assert QApplication.activeModalWidget() is notice
        if press is None:
            QTest.keyClick(notice, Qt.Key.Key_Escape)
        else:
            QTest.mouseClick(notice.buttons[press], Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, react)
    return notice.ask()


@pytest.mark.parametrize(("press", "chosen"), [(0, 0), (1, 1), (2, 2), (None, -1)])
def test_the_button_pressed_is_the_answer(qtbot: QtBot, press: int | None, chosen: int) -> None:
    assert answer(qtbot, press, ["Save", "Don't save", "Cancel"]) == chosen


def test_text_of_errors_is_never_markup(qtbot: QtBot) -> None:
    notice = Notice(None, "<b>bold</b>", "", ["Close"])
    qtbot.addWidget(notice)
    assert notice.message.textFormat() == Qt.TextFormat.PlainText and not notice.hint.isVisibleTo(notice)


def test_escape_means_cancel(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(Notice, "ask", lambda _self: -1)
    assert ask_unsaved(None, "a.oasis") is Answer.CANCEL


def test_long_words_are_shown_in_full(qtbot: QtBot) -> None:
    """Of two paragraphs, the first longer than the dialog is wide."""
    notice = Notice(None, "Short", "A sentence that is not so short. " * 9 + "\n\n" + "Another one. " * 9, ["Close"])
    qtbot.addWidget(notice)
    notice.show()
    assert notice.hint.height() >= notice.hint.heightForWidth(notice.hint.width())
    assert notice.hint.y() >= notice.message.geometry().bottom()
