"""Choosing who renders: asked first, used at once, kept; and told when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from oasis_studio.app.photo import engine_choice
from oasis_studio.app.photo.external_engine import EngineLost
from oasis_studio.app.session.settings import read_settings
from oasis_studio.ui.dialogs.device_page import DevicePage
from tests.app.photo.test_engine_choice import FakeEngine
from tests.app.second_environment import make_environment
from tests.ui.desk import Desk

PATIENCE_MS = 120_000


@pytest.fixture
def engines(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[FakeEngine]:
    """Processes that were started are only pretended."""
    started: list[FakeEngine] = []

    def start(_python: str) -> FakeEngine:
        started.append(FakeEngine())
        return started[-1]

    monkeypatch.setattr(desk.studio.engine, "_start", start)
    monkeypatch.setattr(FakeEngine, "render", lambda self, asked, _is_stale: self.shoot(asked), raising=False)
    monkeypatch.setattr(FakeEngine, "shoot", _shoot, raising=False)
    return started


def _shoot(self: FakeEngine, asked: engine_choice.SynthesisRequest) -> engine_choice.SynthesisResult:
    if self.is_lost:
        raise EngineLost("The environment cannot go on.", "See Preferences.")
    image = asked.labels_HW[..., None].repeat(3, 2)
    return engine_choice.SynthesisResult(asked.id, image, "cuda", {"render": 0.01})


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[DevicePage]:
    page = DevicePage(desk.studio.engine, desk.studio.settings, lambda: None)
    page.show()
    yield page
    page.close()
    page.deleteLater()


def test_an_environment_is_asked_then_used_then_left(
    desk: Desk, page: DevicePage, engines: list[FakeEngine], tmp_path: Path, qtbot: QtBot
) -> None:
    assert page.own.isChecked() and not page.path.isEnabled()
    python = make_environment(tmp_path / "env")
    page.other.setChecked(True)
    page.path.setText(str(tmp_path / "env"))
    page.ask()
    assert not page.check.isEnabled() and "Asking" in page.result.text()
    qtbot.waitUntil(lambda: page.check.isEnabled(), timeout=PATIENCE_MS)
    assert page.result.objectName() == "good" and "PyTorch" in page.result.text(), page.result.text()
    assert desk.studio.settings.python == str(python) == desk.studio.training.python()
    qtbot.waitUntil(lambda: desk.feed.device == "cuda")
    assert len(engines) == 1
    page.own.setChecked(True)
    qtbot.waitUntil(lambda: desk.feed.device == "cpu")
    assert desk.studio.settings.python == "" and engines[0].is_closed


def test_one_that_lacks_something_is_not_used(desk: Desk, page: DevicePage, tmp_path: Path, qtbot: QtBot) -> None:
    make_environment(tmp_path / "bare", has_packages=False)
    page.path.setText(str(tmp_path / "bare"))
    page.ask()
    qtbot.waitUntil(lambda: page.check.isEnabled(), timeout=PATIENCE_MS)
    assert "lacks: torch" in page.result.text() and "pip install" in page.advice.text() and page.copy.isVisible()
    page.path.setText(str(tmp_path / "nowhere"))
    page.ask()
    assert "nowhere" in page.result.text() and page.result.objectName() == "problem"
    assert desk.studio.settings.python == "" == desk.studio.engine.python


def test_a_failure_is_told_and_the_photo_comes_all_the_same(
    desk: Desk, engines: list[FakeEngine], qtbot: QtBot
) -> None:
    banner = desk.window.comfort.engine_banner
    desk.studio.settings.python = "/env/bin/python"
    desk.studio.engine.choose("/env/bin/python")
    qtbot.waitUntil(lambda: desk.feed.device == "cuda")
    engines[0].is_lost = True
    desk.stroke((10, 10), (20, 10))
    qtbot.waitUntil(lambda: desk.feed.device == "cpu" and banner.isVisible())
    assert "cannot go on" in banner.message.text()
    banner.again.click()
    qtbot.waitUntil(lambda: desk.feed.device == "cuda")
    assert not banner.isVisible() and len(engines) == 2


def test_the_choice_is_kept_for_the_next_start(desk: Desk) -> None:
    desk.studio.settings.python = "/env/bin/python"
    desk.window.comfort._change()
    assert read_settings().python == "/env/bin/python"
