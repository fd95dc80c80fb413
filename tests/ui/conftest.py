from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.settings import Settings
from oasis_studio.app.studio import Studio
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.ui.questions import file_names, messages
from oasis_studio.ui.widgets import theme
from oasis_studio.ui.window.main_window import MainWindow
from tests.app import scene
from tests.app.workshop import FakeWorkshop
from tests.conftest import process_qt_events
from tests.ui import able_models
from tests.ui.desk import Desk
from tests.ui.photo_folder import make_photo_folder


@pytest.fixture(autouse=True)
def no_dialogs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Message boxes would wait for a person: they are written down instead, and unsaved changes are discarded."""
    told: list[str] = []
    monkeypatch.setattr(messages, "show_error", lambda _parent, error: told.append(error.message))
    monkeypatch.setattr(messages, "ask_unsaved", lambda _parent, _title: messages.Answer.DISCARD)
    monkeypatch.setattr(messages, "ask_training", lambda _parent: messages.TrainingAnswer.KEEP)
    monkeypatch.setattr(messages, "ask_leave", lambda _parent, _loss: True)
    return told


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    if theme.name() != "dark":  # dressing takes longer than many a test
        theme.apply(qapp, "dark")
    renderer = scene.InstantRenderer()
    studio = Studio(scene.library(tmp_path / "models"), lambda: renderer, Settings(reduce_motion=True))
    studio.session.open(scene.document())
    window = MainWindow(studio)
    window.resize(1200, 800)
    window.show()
    studio.session.resize_brush(8)
    studio.session.choose_class(1)
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None)
    yield Desk(studio, window, renderer)
    window.close()
    window.deleteLater()
    process_qt_events()  # otherwise the next theme dresses this window, too


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Path | None]:
    """What the file dialogs answer: "open" and "save"."""
    answers: dict[str, Path | None] = {"open": None, "save": None}
    monkeypatch.setattr(file_names, "ask_open", lambda *_asked: answers["open"])
    monkeypatch.setattr(file_names, "ask_save_as", lambda *_asked: (answers["save"], ""))
    return answers


@pytest.fixture
def workshop() -> FakeWorkshop:
    return FakeWorkshop()


@pytest.fixture
def able_desk(tmp_path: Path, workshop: FakeWorkshop, qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    """For tests of what models can do; their own ``desk`` is this one."""
    if theme.name() != "dark":  # dressing takes longer than many a test
        theme.apply(qapp, "dark")
    renderer = scene.InstantRenderer()
    settings = Settings(reduce_motion=True)
    studio = Studio(able_models.library(tmp_path / "models"), lambda: renderer, settings, lambda: workshop)
    studio.session.open(scene.document())
    window = MainWindow(studio)
    window.resize(1200, 800)
    window.show()
    studio.start()
    qtbot.waitUntil(lambda: studio.feed.image_HW3 is not None and not studio.feed.is_rendering)
    yield Desk(studio, window, renderer)
    workshop.let_through(100)
    window.close()
    window.deleteLater()
    process_qt_events()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "evening.png"
    write_photo(path, np.random.default_rng(0).integers(0, 255, (60, 80, 3)).astype(np.uint8), {})
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three photos to be labelled."""
    return make_photo_folder(tmp_path / "holiday")
