"""The Results panel: what it shows, and what mouse and keys do there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from oasis_studio.app.results import keeping as result_keeping
from oasis_studio.core.document.result import Result
from oasis_studio.core.files.projects.project import write_project
from oasis_studio.core.files.projects.results import made_result
from oasis_studio.ui.dialogs.preferences import PreferencesDialog
from oasis_studio.ui.docks import result_texts
from oasis_studio.ui.docks.result_items import MADE_BY, STARRED
from oasis_studio.ui.docks.result_row import ROW, star_rect
from oasis_studio.ui.docks.results import ResultList
from oasis_studio.ui.questions import file_names
from tests.core import painters
from tests.core.files.small_projects import repacked
from tests.ui.desk import Desk

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept by itself would come in at any moment."""
    monkeypatch.setattr(result_keeping, "_REST_MS", 3_600_000)


def panel_of(desk: Desk) -> ResultList:
    assert desk.window.results.dock is not None
    desk.window.results.dock.show()
    desk.window.results.dock.raise_()
    return desk.window.results.dock.list


def keep(desk: Desk, seed: int = 0, **changes: object) -> Result:
    """A photo of random colours, kept as the drawing is."""
    document = desk.session.document
    made = made_result(document, painters.photo(64, 48, seed), "Small", "", 1_700_000_000)
    made = replace(made, seed=seed, **changes)  # type: ignore[arg-type]
    desk.session.keep(made)
    return made


def choose(desk: Desk, *rows: int) -> ResultList:
    panel = panel_of(desk)
    panel.view.setFocus()
    panel.view.clearSelection()
    for row in rows:
        panel.view.selectionModel().select(panel.items.index(row), panel.view.selectionModel().SelectionFlag.Select)
    panel.view.selectionModel().setCurrentIndex(
        panel.items.index(rows[0]), panel.view.selectionModel().SelectionFlag.NoUpdate
    )
    return panel


def press(panel: ResultList, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(panel.view, key, keys)


def titles(panel: ResultList) -> list[str]:
    return [str(panel.items.index(row).data()) for row in range(panel.items.rowCount())]


def status(desk: Desk) -> str:
    return desk.window.status.tip.text()


def test_a_key_keeps_the_photo_and_the_panel_shows_it(desk: Desk, qtbot: QtBot) -> None:
    panel = panel_of(desk)
    assert panel.empty.isVisible() and not panel.view.isVisible() and "Photos that you keep" in panel.empty.text()
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    desk.key(Qt.Key.Key_K, CONTROL)
    qtbot.waitUntil(lambda: panel.items.rowCount() == 1)
    assert "kept" in status(desk) and panel.view.isVisible() and not panel.empty.isVisible()
    index = panel.items.index(0)
    assert index.data(MADE_BY) == f"Small · seed {desk.session.document.seed}" and not index.data(STARRED)
    assert "sky" in index.data(Qt.ItemDataRole.ToolTipRole)
    qtbot.waitUntil(lambda: index.data(Qt.ItemDataRole.DecorationRole) is not None)
    assert "<img" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "Small" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_newest_is_first_and_what_is_chosen_stays_so(desk: Desk) -> None:
    keep(desk, 1, name="one")
    keep(desk, 2, name="two")
    panel = choose(desk, 1)
    keep(desk, 3, name="three")
    assert titles(panel) == ["three", "two", "one"] and [each.name for each in panel.chosen] == ["one"]
    panel.order.click()
    assert titles(panel) == ["one", "two", "three"]
    panel.order.click()
    assert titles(panel) == ["three", "two", "one"]


def test_a_star_by_click_by_key_and_from_the_menu(desk: Desk) -> None:
    keep(desk, 1)
    keep(desk, 2)
    panel = choose(desk, 0)
    rect = panel.view.visualRect(panel.items.index(1))
    assert rect.height() == ROW
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=star_rect(rect).center())
    assert [each.is_starred for each in desk.session.document.results] == [True, False]
    choose(desk, 0, 1)
    QTest.keyClicks(panel.view, "*")
    assert all(each.is_starred for each in desk.session.document.results)
    assert desk.window.actions_by_id["result.star"].isChecked()
    desk.trigger("result.star")
    assert not any(each.is_starred for each in desk.session.document.results)
    for _step in range(3):
        desk.trigger("edit.undo")
    assert not any(each.is_starred for each in desk.session.document.results)


def test_search_by_name_model_seed_and_class_and_stars(desk: Desk) -> None:
    keep(desk, 4711, name="Evening")
    keep(desk, 12, classes=("tree", "water"), model_name="Volcano", is_starred=True)
    panel = panel_of(desk)
    for words, found in {"even": 1, "volc": 1, "4711": 1, "TREE wat": 1, "tree evening": 0, "": 2}.items():
        panel.search.setText(words)
        assert panel.items.rowCount() == found, words
    panel.search.setText("nothing like it")
    assert panel.empty.isVisible() and "None of the results" in panel.empty.text()
    panel.search.setText("evening")
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    assert [each.name for each in panel.chosen] == ["Evening"], "and the keys work on it"
    panel.search.clear()
    panel.stars.click()
    assert [each.seed for each in panel.items.results] == [12]
    desk.studio.results.star(panel.items.results, False)
    assert panel.items.rowCount() == 0 and panel.empty.isVisible()


def test_renaming_in_the_list(desk: Desk) -> None:
    keep(desk, 1)
    panel = choose(desk, 0)
    before = titles(panel)
    press(panel, Qt.Key.Key_F2)
    editor = panel.view.viewport().findChild(QLineEdit)
    assert isinstance(editor, QLineEdit) and editor.placeholderText() == before[0] and editor.text() == ""
    QTest.keyClicks(editor, "  dusk ")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert titles(panel) == ["dusk"] and desk.session.history.undo_title == "Rename result"
    desk.trigger("edit.undo")
    assert titles(panel) == before


def test_the_list_takes_its_keys_from_the_window(desk: Desk) -> None:
    """Del erases what is selected on the canvas, elsewhere; F2 arranges the canvases."""
    desk.stroke((20, 20), (30, 20))
    desk.trigger("select.all")
    for seed in range(3):
        keep(desk, seed)
    panel, steps = choose(desk, 0, 2), desk.session.history.undo_count
    press(panel, Qt.Key.Key_Delete)
    assert len(desk.session.document.results) == 1 and desk.session.labels_HW[20, 25] == 1
    assert panel.chosen == list(desk.session.document.results), "what is left is chosen"
    assert desk.session.history.undo_count == steps + 1 and status(desk) == "Deleted 2 results; Undo brings them back."
    desk.trigger("edit.undo")
    assert len(desk.session.document.results) == 3


def test_going_back_to_a_scene(desk: Desk, qtbot: QtBot) -> None:
    desk.stroke((20, 20), (30, 20))
    labels = desk.session.labels_HW.copy()
    keep(desk, 1)
    desk.session.choose_class(2)
    desk.stroke((10, 30), (60, 30))
    desk.session.change_seed(77)
    panel = choose(desk, 0)
    rect = panel.view.visualRect(panel.items.index(0))
    press(panel, Qt.Key.Key_Return, SHIFT)
    assert desk.session.document.seed == 0 and desk.session.labels_HW[30, 30] == 2
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert np.array_equal(desk.session.labels_HW, labels)
    desk.trigger("edit.undo")
    press(panel, Qt.Key.Key_Return)
    assert np.array_equal(desk.session.labels_HW, labels) and desk.session.history.undo_title == "Restore scene"
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert np.array_equal(desk.renderer.requests[-1].labels_HW, labels)


def test_a_missing_model_is_told_in_the_list_and_when_its_scene_comes_back(desk: Desk) -> None:
    gone = keep(desk, 1, model="gone", model_name="Volcano")
    scene = desk.session.document.copy()
    scene.model = "gone"
    desk.session.keep(replace(gone, scene=made_result(scene, painters.photo(64, 48), "", "", 5).scene))
    panel = choose(desk, 0)
    assert panel.items.index(0).data(MADE_BY) == "Volcano (not installed) · seed 1"
    press(panel, Qt.Key.Key_Return)
    assert status(desk).startswith("The model “Volcano” is not installed") and desk.session.document.model == "small"


def test_it_is_laid_over_the_drawing_and_taken_away(desk: Desk) -> None:
    keep(desk, 1)
    keep(desk, 2)
    panel = choose(desk, 0)
    slider, compare = desk.window.canvases.wipe, desk.window.actions_by_id["result.compare"]
    press(panel, Qt.Key.Key_Space)
    assert slider.isVisible() and compare.isChecked() and desk.studio.comparison.photo is not None
    choose(desk, 1)
    assert not compare.isChecked()
    press(panel, Qt.Key.Key_Space)
    assert slider.isVisible() and compare.isChecked()
    press(panel, Qt.Key.Key_Space)
    assert not slider.isVisible() and not compare.isChecked()
    press(panel, Qt.Key.Key_Space)
    desk.trigger("view.compare")
    assert not slider.isVisible() and not compare.isChecked()


def test_one_is_written_to_a_file_and_several_into_a_folder(
    desk: Desk, chosen: dict[str, Path | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    one = keep(desk, 1, name="dusk")
    keep(desk, 2)
    panel = choose(desk, 1)
    chosen["save"] = tmp_path / "mine.jpg"
    press(panel, Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: not desk.studio.jobs.is_busy)
    assert (tmp_path / "mine.jpg").read_bytes() == one.photo and status(desk) == "Exported mine.jpg."
    folder = tmp_path / "all"
    folder.mkdir()
    monkeypatch.setattr(file_names, "ask_folder", lambda *_asked: folder)
    choose(desk, 0, 1)
    desk.trigger("result.export")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2 and "dusk.jpg" in names and names[0].startswith("Untitled 20")


def test_commands_are_there_for_what_is_chosen(desk: Desk) -> None:
    actions = desk.window.actions_by_id
    one, some = ("restore", "restore_styles", "compare", "rename"), ("star", "export", "delete")
    keep(desk, 1)
    keep(desk, 2)
    panel = panel_of(desk)
    panel.view.clearSelection()
    assert not any(actions[f"result.{name}"].isEnabled() for name in (*one, *some))
    choose(desk, 0, 1)
    assert all(actions[f"result.{name}"].isEnabled() for name in some)
    assert not any(actions[f"result.{name}"].isEnabled() for name in one)
    choose(desk, 0)
    panel.view.menu_wanted.emit(panel.view.viewport().mapToGlobal(QPoint(3, 3)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    shown = [each.text() for each in menu.actions()]
    menu.close()
    assert "&Restore scene\tReturn" in shown and "&Delete\tDel" in shown and "S&tar" in shown
    desk.trigger("result.show")
    assert panel.isVisible() and QApplication.focusWidget() in (panel.view, None)


def test_the_tip_lies_beside_the_list(desk: Desk) -> None:
    keep(desk, 1)
    panel = choose(desk, 0)
    at = panel.view.visualRect(panel.items.index(0)).center()
    event = QHelpEvent(QEvent.Type.ToolTip, at, panel.view.viewport().mapToGlobal(at))
    assert QApplication.sendEvent(panel.view.viewport(), event) and QToolTip.isVisible()
    tips = [each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel") and each.isVisible()]
    assert tips and tips[0].geometry().right() < panel.view.mapToGlobal(QPoint(0, 0)).x()
    QToolTip.hideText()


def test_names_are_text_and_never_markup(desk: Desk) -> None:
    keep(desk, 1, name="<b>&", model_name="<i>")
    tip = panel_of(desk).items.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;&amp;" in tip and "<i>" not in tip


def test_what_was_kept_by_itself_says_so(desk: Desk) -> None:
    result = keep(desk, 1, is_automatic=True)
    assert "many newer ones" in result_texts.tip(result, True, None)
    assert "newer" not in result_texts.tip(replace(result, is_starred=True), True, None)


def test_a_damaged_photo_is_shown_as_such_and_one_of_a_file_is_told(
    desk: Desk, tmp_path: Path, qtbot: QtBot, no_dialogs: list[str]
) -> None:
    broken = keep(desk, 1, photo=b"\xff\xd8 nothing")
    panel = choose(desk, 0)
    panel.items.index(0).data(Qt.ItemDataRole.DecorationRole)
    qtbot.waitUntil(lambda: desk.studio.result_pictures.is_broken(broken))
    panel.view.viewport().repaint(QRect(panel.view.viewport().rect()))
    press(panel, Qt.Key.Key_Space)
    assert no_dialogs == ["The kept photo is damaged and cannot be read."]
    document = painters.document()
    document.results = (painters.kept(document), painters.kept(document, 1))
    write_project(tmp_path / "a.oasis", document)
    repacked(tmp_path / "a.oasis", {"oasis/result-0.jpg": None})
    desk.window.files.open_path(tmp_path / "a.oasis")
    assert status(desk) == "1 kept photo in a.oasis is damaged and was left out." and panel.items.rowCount() == 1


def test_preferences_of_results(desk: Desk) -> None:
    settings = desk.studio.settings
    dialog = PreferencesDialog(
        settings, desk.window.actions_by_id, lambda: None, desk.studio.engine, desk.session.library
    )
    dialog.keeps.click()
    dialog.lossless.click()
    assert not settings.keeps_results and settings.lossless_results
    dialog.deleteLater()
