"""Files that are dropped, named at the start or handed over: the same ones open, and what is not opened is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oasis_studio.__main__ import _is_file
from oasis_studio.app.files.incoming import Incoming, kind_of
from oasis_studio.app.training.plan import TrainingPlan
from oasis_studio.core.disk.endings import LABEL_ENDINGS, PHOTO_ENDINGS
from oasis_studio.core.disk.openable import is_openable
from oasis_studio.core.files.projects.project import write_project
from tests.ui.desk import NO_KEY, Desk
from tests.ui.training.test_training_wizard import plan, preparation, wizard  # noqa: F401 - fixtures

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton


def drop(desk: Desk, *paths: Path) -> bool:
    """Drag files onto the window and let go; False if it does not want them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at = QPointF(desk.window.rect().center())
    enter = QDragEnterEvent(at.toPoint(), COPY, data, LEFT, NO_KEY)
    desk.window.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    desk.window.dropEvent(QDropEvent(at, COPY, data, LEFT, NO_KEY))
    QApplication.processEvents()
    return True


@pytest.fixture
def drawing(desk: Desk, tmp_path: Path) -> Path:
    path = tmp_path / "yard.oasis"
    write_project(path, desk.session.document)
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "evening.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)).save(path)
    return path


@pytest.mark.parametrize("suffix", [".oasis", ".ora", ".oasismodel", *LABEL_ENDINGS, *PHOTO_ENDINGS])
def test_every_ending_is_known_at_the_start_and_in_the_window(tmp_path: Path, suffix: str) -> None:
    for name in (f"a{suffix}", f"b{suffix.upper()}"):
        assert is_openable(tmp_path / name) and kind_of(tmp_path / name) is not None, name
        assert _is_file([str(tmp_path / name)]), name
    assert not _is_file([f"a{suffix}", "b"]) and not _is_file(["notes.txt"]) and not is_openable(Path("a.gif.txt"))


def test_what_cannot_hold_labels_is_a_photo_without_a_look(tmp_path: Path) -> None:
    assert {kind_of(tmp_path / f"a{suffix}") for suffix in set(PHOTO_ENDINGS) - set(LABEL_ENDINGS)} == {Incoming.PHOTO}
    assert kind_of(tmp_path / "a.oasismodel") is Incoming.MODEL


def test_one_file_is_opened_whatever_lies_beside_it(desk: Desk, drawing: Path) -> None:
    assert drop(desk, drawing.with_name("notes.txt"), drawing)
    assert desk.session.path == drawing


def test_several_files_are_opened_in_turn(desk: Desk, drawing: Path, no_dialogs: list[str]) -> None:
    second = drawing.with_name("zoo.oasis")
    second.write_bytes(drawing.read_bytes())
    assert drop(desk, drawing, second)
    assert desk.session.path == second and not no_dialogs
    assert [Path(name).name for name in desk.studio.settings.recent_files[:2]] == ["zoo.oasis", "yard.oasis"]
    assert not drop(desk, drawing.with_name("notes.txt"))


def test_a_model_is_installed_wherever_it_comes_from(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    model = tmp_path / "away" / "m.oasismodel"
    model.parent.mkdir()
    model.write_bytes(b"no archive")
    installed: list[Path] = []
    desk.window.files._install_model = installed.append  # type: ignore[method-assign]
    assert drop(desk, model)
    desk.window.receive(model)
    assert installed == [model, model]


def test_a_photo_is_asked_about_wherever_it_comes_from(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    for come in (lambda: drop(desk, photo), lambda: desk.window.receive(photo)):
        come()
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        menu = QApplication.activePopupWidget()
        assert menu is not None and len(menu.actions()) == 3
        menu.actions()[0].trigger()
        menu.close()
        assert desk.session.document.reference is not None
        desk.session.undo()


def test_a_photo_named_at_the_start_leaves_a_drawing_that_is_rendered(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    offered: list[Path] = []
    desk.window.files.photo_given.connect(offered.append)
    count = len(desk.renderer.requests)
    desk.window.files.open_first(photo)
    qtbot.waitUntil(lambda: len(desk.renderer.requests) > count)
    assert offered == [photo]
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


def test_the_wizard_says_what_it_wants_dropped(wizard, tmp_path: Path, plan: TrainingPlan) -> None:  # noqa: F811
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.jpg", "b.jpg")])
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), COPY, data, LEFT, NO_KEY)
    wizard.page.dragEnterEvent(enter)
    assert enter.isAccepted()
    wizard.page.dropEvent(QDropEvent(QPointF(5, 5), COPY, data, LEFT, NO_KEY))
    assert plan.folder is None and "one folder" in wizard.page._place.text()
