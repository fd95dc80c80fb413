"""The first start says what the program does not do, and asks two things."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from oasis_studio.app.session.settings import read_settings
from oasis_studio.paths import home
from oasis_studio.ui.dialogs.tour import Tour
from oasis_studio.ui.dialogs.welcome import Welcome
from tests.app.scene import SMALL, card
from tests.ui.desk import Desk


def welcome_of(desk: Desk) -> Welcome:
    desk.window.comfort.show_first_tour()
    found = next(each for each in desk.window.findChildren(Welcome) if each.isVisible())
    assert isinstance(found, Welcome) and desk.window.rect().contains(found.geometry())
    return found


def test_it_says_so_and_leads_to_the_tour(desk: Desk, tmp_path: Path) -> None:
    welcome = welcome_of(desk)
    texts = " ".join(found.text() for found in welcome.findChildren(QLabel))
    assert "no network, no account, no telemetry" in texts and "does not look for updates" in texts
    welcome.language.setCurrentIndex(welcome.language.findData("ko"))
    welcome.language.activated.emit(welcome.language.currentIndex())
    elsewhere = tmp_path / "elsewhere"
    welcome.models.take(elsewhere)
    assert home("models") == elsewhere and welcome.models.folder.toolTip() == str(elsewhere)
    (elsewhere / "mine").mkdir()
    card("mine", "Mine", SMALL).write(elsewhere / "mine")
    assert "mine" in [each.id for each in desk.session.library.cards()], "the window looks there at once"
    welcome.start_button.click()
    tour = next(each for each in desk.window.findChildren(Tour) if each.card.isVisible())
    assert not welcome.isVisible()
    tour.end()
    stored = read_settings()
    assert stored.has_seen_tour and stored.language == "ko"
    desk.window.comfort.show_first_tour()
    assert not any(each.isVisible() for each in desk.window.findChildren(Welcome)), "once"


def test_escape_leaves_it_and_the_tour(desk: Desk) -> None:
    welcome = welcome_of(desk)
    QTest.keyClick(welcome.start_button, Qt.Key.Key_Escape)
    assert not welcome.isVisible() and read_settings().has_seen_tour
    assert not any(each.card.isVisible() for each in desk.window.findChildren(Tour))
