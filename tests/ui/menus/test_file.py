"""New, open, save, and the question before changes are lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from oasis_studio.core.files.projects.project import read_project
from oasis_studio.core.history.commands import SetSeed
from oasis_studio.ui.dialogs.new_document import NewDocumentDialog
from oasis_studio.ui.questions import file_names, messages
from tests.app.scene import document
from tests.ui.desk import Desk, wait_until


def answer(monkeypatch: pytest.MonkeyPatch, wanted: messages.Answer) -> None:
    monkeypatch.setattr(messages, "ask_unsaved", lambda _parent, _title: wanted)


def test_save_and_open_gives_the_same_pixels(desk: Desk, tmp_path: Path, chosen: dict[str, Path | None]) -> None:
    chosen["save"] = chosen["open"] = tmp_path / "a.oasis"
    desk.stroke((20, 20), (30, 25))
    labels, canvas = desk.session.labels_HW.copy(), desk.labels.grab().toImage()
    desk.trigger("file.save")
    assert not desk.session.is_modified and "Saved" in desk.window.status.saved.text()
    assert desk.window.windowTitle().startswith("a.oasis")
    desk.session.open(document())
    desk.trigger("file.open")
    assert np.array_equal(desk.session.labels_HW, labels)
    assert desk.labels.grab().toImage() == canvas


def test_a_second_save_asks_nothing(desk: Desk, tmp_path: Path, chosen: dict[str, Path | None]) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.trigger("file.save")
    chosen["save"] = tmp_path / "b.oasis"
    desk.session.do(SetSeed(3))
    desk.trigger("file.save")
    assert not (tmp_path / "b.oasis").exists() and not desk.session.is_modified
    desk.trigger("file.save_as")
    assert (tmp_path / "b.oasis").exists() and desk.session.path == tmp_path / "b.oasis"


def test_a_failed_save_is_told_and_stays_unsaved(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    chosen["save"] = tmp_path / "file" / "a.oasis"
    desk.session.do(SetSeed(3))
    desk.trigger("file.save")
    banner = desk.window.canvases.save_banner
    assert desk.session.is_modified and desk.session.path is None
    assert banner.isVisible() and "a.oasis" in banner.message.text() and not no_dialogs
    banner.again_button.click()
    wait_until(lambda: not desk.studio.jobs.is_busy)
    assert banner.isVisible(), "it still cannot be saved there"
    chosen["save"] = tmp_path / "b.oasis"
    banner.elsewhere_button.click()
    wait_until(lambda: not desk.studio.jobs.is_busy)
    assert not banner.isVisible() and not desk.session.is_modified and desk.session.path == tmp_path / "b.oasis"


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not write"),
        (errno.ESTALE, "network"),
    ],
)
def test_a_disk_that_refuses_is_a_banner_and_the_old_file_stays(
    desk: Desk,
    tmp_path: Path,
    chosen: dict[str, Path | None],
    monkeypatch: pytest.MonkeyPatch,
    refusal: int,
    said: str,
) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.trigger("file.save")
    before = chosen["save"].read_bytes()
    desk.session.do(SetSeed(3))

    def refuse(_handle: int) -> None:
        raise OSError(refusal, os.strerror(refusal))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        desk.trigger("file.save")
    banner = desk.window.canvases.save_banner
    assert banner.isVisible() and said in banner.message.text() and desk.session.is_modified
    assert chosen["save"].read_bytes() == before and list(tmp_path.glob(".*.tmp")) == []
    desk.trigger("file.save")
    assert not banner.isVisible() and not desk.session.is_modified


def test_what_is_painted_while_a_file_is_written_is_not_in_it(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None]
) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.session.do(SetSeed(3))
    desk.window.actions_by_id["file.save"].trigger()
    wait_until(lambda: desk.session.history._being_saved is not None)
    desk.session.do(SetSeed(4))
    wait_until(lambda: not desk.studio.jobs.is_busy)
    assert desk.session.is_modified and read_project(tmp_path / "a.oasis").document.seed == 3
    desk.session.undo()
    assert not desk.session.is_modified, "that is what was saved"


def test_closing_waits_for_the_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Path | None]
) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.session.do(SetSeed(3))
    answer(monkeypatch, messages.Answer.SAVE)
    assert desk.window.files.may_close() and read_project(tmp_path / "a.oasis").document.seed == 3
    answer(monkeypatch, messages.Answer.DISCARD)


def test_a_broken_file_is_told_and_the_drawing_stays(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    chosen["open"] = tmp_path / "broken.oasis"
    chosen["open"].write_bytes(b"not a zip")
    kept = desk.session.document
    desk.trigger("file.open")
    assert len(no_dialogs) == 1 and desk.session.document is kept


@pytest.mark.parametrize(
    ("wanted", "closes", "saves"),
    [
        (messages.Answer.CANCEL, False, False),
        (messages.Answer.DISCARD, True, False),
        (messages.Answer.SAVE, True, True),
    ],
)
def test_closing_asks_about_changes(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: dict[str, Path | None],
    wanted: messages.Answer,
    closes: bool,
    saves: bool,
) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.session.do(SetSeed(3))
    answer(monkeypatch, wanted)
    event = QCloseEvent()
    desk.window.closeEvent(event)
    assert event.isAccepted() is closes and (tmp_path / "a.oasis").exists() is saves
    answer(monkeypatch, messages.Answer.DISCARD)


def test_saving_that_was_given_up_keeps_the_window_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Path | None]
) -> None:
    desk.session.do(SetSeed(3))
    answer(monkeypatch, messages.Answer.SAVE)
    event = QCloseEvent()
    desk.window.closeEvent(event)
    assert not event.isAccepted() and desk.window.isVisible()
    answer(monkeypatch, messages.Answer.DISCARD)


def test_opening_asks_about_changes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Path | None]
) -> None:
    chosen["save"] = chosen["open"] = tmp_path / "a.oasis"
    desk.trigger("file.save")
    desk.session.do(SetSeed(3))
    answer(monkeypatch, messages.Answer.CANCEL)
    desk.trigger("file.open")
    assert desk.session.document.seed == 3
    answer(monkeypatch, messages.Answer.DISCARD)
    desk.trigger("file.open")
    assert desk.session.document.seed == 0


def test_recent_files_are_offered_and_missing_ones_forgotten(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.trigger("file.save")
    menu = QMenu()
    desk.window.files.fill_recent(menu)
    assert [action.text() for action in menu.actions()] == ["a.oasis"]
    (tmp_path / "a.oasis").unlink()
    menu.actions()[0].trigger()
    assert len(no_dialogs) == 1
    desk.window.files.fill_recent(menu)
    assert not menu.actions()[0].isEnabled()


def test_every_sample_is_in_the_menu_and_opens(desk: Desk) -> None:
    menu = QMenu()
    desk.window.files.fill_samples(menu)
    assert len(menu.actions()) >= 10
    menu.actions()[3].trigger()
    assert desk.session.title == menu.actions()[3].text() and desk.session.path is None


def test_a_drawing_dropped_on_the_window_opens(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], qtbot: QtBot
) -> None:
    chosen["save"] = tmp_path / "a.oasis"
    desk.session.do(SetSeed(8))
    desk.trigger("file.save")
    desk.session.open(document())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.oasis"))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, buttons, keys)
    QApplication.sendEvent(desk.window, drop)
    qtbot.waitUntil(lambda: desk.session.document.seed == 8)


def test_a_new_drawing_has_the_size_and_model_asked_for(desk: Desk) -> None:
    dialog = NewDocumentDialog(desk.session.library.cards(), desk.session.document, desk.window)
    assert dialog.model.currentText() == "Small" and dialog.width_field.value() == 64
    dialog.model.setCurrentIndex(0)
    dialog.width_field.setValue(320)
    dialog.height_field.setValue(200)
    assert dialog.size_choice.currentText() == "Own size"
    made = dialog.document()
    assert (made.width, made.height, made.model) == (320, 200, "other")
    assert made.background == 1, "the first class that is not don't-care"


def test_new_opens_a_blank_drawing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NewDocumentDialog, "exec", lambda _self: True)
    desk.stroke((20, 20), (30, 25))
    desk.trigger("file.new")
    assert not desk.session.labels_HW.any() and not desk.session.is_modified


@pytest.mark.parametrize(
    ("typed", "used", "expected"),
    [
        ("/a/b", "JPEG (*.jpg *.jpeg)", "/a/b.jpg"),
        ("/a/b.webp", "PNG (*.png)", "/a/b.webp"),
        ("/a/b", "", "/a/b.png"),
    ],
)
def test_the_suffix_of_the_kind_is_added(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, used: str, expected: str
) -> None:
    monkeypatch.setattr(file_names.QFileDialog, "getSaveFileName", lambda *_asked: (typed, used))
    assert file_names.ask_save(desk.window, "", "", Path("x.png")) == Path(expected)
