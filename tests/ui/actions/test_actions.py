from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from oasis_studio.ui.actions.actions import ActionSpec, ActionTable
from tests.ui.desk import Desk


@pytest.fixture
def table(qtbot: QtBot) -> ActionTable:
    window = QWidget()
    qtbot.addWidget(window)
    return ActionTable(window)


def test_menus_hold_their_actions_in_order(table: ActionTable) -> None:
    done: list[str] = []
    table.add(
        [
            ActionSpec("a", "&Alpha…", lambda: done.append("a"), "one", ("Ctrl+A",)),
            ActionSpec("b", "Beta", lambda: done.append("b"), "two"),
            ActionSpec("c", "Gamma", lambda: done.append("c"), "one", starts_section=True),
        ]
    )
    menu = QMenu()
    table.fill(menu, "one")
    assert [action.text() for action in menu.actions()] == ["&Alpha…", "", "Gamma"]
    menu.actions()[0].trigger()
    assert done == ["a"] and table["a"].toolTip() == "Alpha  (Ctrl+A)"


def test_ids_and_keys_are_taken_once(table: ActionTable) -> None:
    table.add([ActionSpec("a", "A", print, keys=("B",))])
    with pytest.raises(ValueError, match="two actions"):
        table.add([ActionSpec("a", "A", print)])
    with pytest.raises(ValueError, match="share the key B"):
        table.add([ActionSpec("b", "B", print, keys=("B",))])


def test_of_a_group_one_is_checked(table: ActionTable) -> None:
    table.add([ActionSpec(name, name, lambda _checked: None, group="g") for name in "ab"])
    table["a"].trigger()
    table["b"].trigger()
    assert not table["a"].isChecked() and table["b"].isChecked()


def test_no_letter_stands_twice_in_a_menu(desk: Desk) -> None:
    menus = desk.window.findChildren(QMenu)
    assert sum(len(menu.actions()) for menu in menus) > 60
    for menu in menus:
        texts = [action.text() for action in menu.actions() if "&" in action.text()]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        twice = [text for text, letter in zip(texts, letters, strict=True) if letters.count(letter) > 1]
        assert not twice, menu.title()
