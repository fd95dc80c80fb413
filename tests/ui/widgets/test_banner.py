"""A render that fails is a banner, and the last photo stays."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.ui.bars.engine_status import EngineStatus
from tests.app.scene import document
from tests.ui.desk import Desk

LEFT = Qt.MouseButton.LeftButton


def fail(desk: Desk, qtbot: QtBot, failure: Exception) -> None:
    desk.renderer.failure = failure
    desk.feed.request()
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_the_banner_says_what_and_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    photo = desk.photo.image()
    fail(desk, qtbot, StudioError("The model is damaged.", "Import it again."))
    banner = desk.window.canvases.banner
    assert banner.isVisible() and banner.message.text() == "The model is damaged."
    assert banner.hint.text() == "Import it again." and not banner.smaller.isVisible()
    assert desk.photo.image() is photo
    assert desk.window.canvases.photo.rect().contains(banner.geometry())


def test_retry_renders_again_and_the_banner_goes(desk: Desk, qtbot: QtBot) -> None:
    fail(desk, qtbot, StudioError("No."))
    desk.renderer.failure = None
    banner = desk.window.canvases.banner
    assert not banner.hint.isVisible()
    QTest.mouseClick(banner.retry, LEFT)
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_out_of_memory_offers_a_smaller_photo(desk: Desk, qtbot: QtBot) -> None:
    desk.session.open(document(256, 192))
    fail(desk, qtbot, MemoryShortage("Not enough memory."))
    banner = desk.window.canvases.banner
    assert banner.smaller.isVisible()
    desk.renderer.failure = None
    QTest.mouseClick(banner.smaller, LEFT)
    qtbot.waitUntil(lambda: not banner.isVisible())
    assert desk.renderer.requests[-1].labels_HW.shape == (96, 128)


def test_a_hidden_message_does_not_come_back_with_every_stroke(desk: Desk, qtbot: QtBot) -> None:
    fail(desk, qtbot, StudioError("No."))
    banner = desk.window.canvases.banner
    QTest.mouseClick(banner.close_button, LEFT)
    fail(desk, qtbot, StudioError("No."))
    assert not banner.isVisible()
    fail(desk, qtbot, StudioError("Something else."))
    assert banner.isVisible()


def test_a_missing_model_is_a_banner_too(desk: Desk) -> None:
    made = document()
    made.model = "gone"
    desk.session.open(made)
    assert desk.window.canvases.banner.isVisible() and "No model" in desk.window.chooser.text()
    assert desk.photo.image() is None


def test_the_light_says_device_and_time(desk: Desk, qtbot: QtBot) -> None:
    light = desk.window.findChild(EngineStatus)
    assert isinstance(light, EngineStatus) and light.text == "CPU · 64 ms"
    fail(desk, qtbot, StudioError("No."))
    assert light.text == "No photo"
