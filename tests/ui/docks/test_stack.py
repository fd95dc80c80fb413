"""History dock, reference photo, layers as a stack, cleaning, another size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu
from pytestqt.qtbot import QtBot

from oasis_studio.app.files.incoming import Incoming, kind_of
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import ColorTag
from oasis_studio.core.document.lock import locked_mask
from oasis_studio.core.document.reference import Blend
from oasis_studio.core.document.selection import select_box
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.history.commands import SetSeed
from oasis_studio.core.pixels.box import Box
from oasis_studio.ui.dialogs.resize import ResizeDialog
from oasis_studio.ui.docks.history import HistoryList
from oasis_studio.ui.docks.layers import LayerList
from oasis_studio.ui.questions.number import NumberDialog
from tests.app import scene
from tests.ui.desk import Desk


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Red at the left, noise at the right."""
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    image[:, :32] = (250, 0, 0)
    Image.fromarray(image).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def history_of(desk: Desk) -> HistoryList:
    found = desk.window.findChild(HistoryList)
    assert isinstance(found, HistoryList)
    return found


def layers_of(desk: Desk) -> LayerList:
    found = desk.window.findChild(LayerList)
    assert isinstance(found, LayerList)
    return found


def steps(desk: Desk) -> list[str]:
    items = history_of(desk).items
    return [str(items.index(row).data()) for row in range(items.rowCount())]


def test_steps_are_named_and_a_click_goes_there(desk: Desk) -> None:
    desk.stroke((10, 10), (20, 10))
    desk.trigger("layer.add")
    desk.stroke((30, 30), (40, 30))
    assert steps(desk) == ["Beginning", "Brush stroke", "Add layer", "Brush stroke"]
    history = history_of(desk)
    history.view.clicked.emit(history.items.index(1))
    assert desk.session.history.undo_count == 1 and len(desk.session.document.layers) == 1
    assert desk.session.labels_HW[10, 15] == 1 and desk.session.labels_HW[30, 35] == 0
    assert history.view.currentIndex().row() == 1 and len(steps(desk)) == 4
    history.view.clicked.emit(history.items.index(3))
    assert desk.session.labels_HW[30, 35] == 1
    history.view.clicked.emit(history.items.index(0))
    desk.stroke((10, 10), (20, 10))
    assert steps(desk) == ["Beginning", "Brush stroke"]


def drop(desk: Desk, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(desk.window, event)


def test_a_very_long_history_is_shown_once_it_is_looked_at(desk: Desk, qtbot: QtBot) -> None:
    items = history_of(desk).items
    for seed in range(310):
        desk.session.do(SetSeed(seed))
    assert items.rowCount() < 310, "nobody sees it"
    dock = desk.window.findChild(QDockWidget, "history")
    dock.raise_()
    qtbot.waitUntil(lambda: items.rowCount() == 311)
    assert history_of(desk).view.currentIndex().row() == 310
    desk.session.undo()
    qtbot.waitUntil(lambda: history_of(desk).view.currentIndex().row() == 309)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_photo_dropped_on_the_window_shows_through_the_labels(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    labels = desk.session.labels_HW.copy()
    drop(desk, photo)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu), "it asks what the photo is for"
    menu.actions()[0].trigger()
    menu.close()
    red, _green, blue = desk.color(10, 20)
    assert (red, blue) == pytest.approx(((100 + 250) / 2, 250 / 2), abs=4)
    assert np.array_equal(desk.session.labels_HW, labels), "it is no part of the labels"
    row = layers_of(desk).reference
    assert row.isVisible()
    row.blend(Blend.MULTIPLY)
    assert desk.color(10, 20)[0] == pytest.approx(100, abs=4), "a red photo leaves no more red than the labels have"
    row.blend_menu.aboutToShow.emit()
    assert [action.isChecked() for action in row.blend_menu.actions()] == [False, True, False]
    desk.session.undo()
    QTest.mouseClick(row.eye, Qt.MouseButton.LeftButton)
    assert desk.color(10, 20) == desk.class_color(0)
    desk.session.undo()
    row.opacity.setValue(100)
    assert desk.color(10, 20) == (250, 0, 0)
    QTest.mouseClick(row.remove_button, Qt.MouseButton.LeftButton)
    assert not row.isVisible() and desk.color(10, 20) == desk.class_color(0)


def test_images_are_told_apart_by_what_is_in_them(photo: Path, tmp_path: Path) -> None:
    write_labels(tmp_path / "labels.png", np.zeros((48, 64), np.uint8), scene.SMALL)
    Image.fromarray(scene.SMALL.colors[np.zeros((48, 64), np.uint8)]).save(tmp_path / "colors.png")
    (tmp_path / "broken.png").write_bytes(b"no image")
    assert kind_of(photo) is Incoming.PHOTO
    for name in ("labels.png", "colors.png", "broken.png", "array.npy"):
        assert kind_of(tmp_path / name) is Incoming.LABELS, name
    assert kind_of(tmp_path / "letter.txt") is None


def test_merging_down_flattening_and_what_cannot_be(desk: Desk, no_dialogs: list[str]) -> None:
    desk.stroke((10, 10), (20, 10))
    desk.trigger("layer.add")
    desk.session.choose_class(2)
    desk.stroke((10, 12), (20, 12))
    seen = desk.session.labels_HW.copy()
    desk.trigger("layer.merge")
    assert len(desk.session.document.layers) == 1 and np.array_equal(desk.session.labels_HW, seen)
    desk.session.undo()
    desk.session.document.layers[0].is_locked = True
    desk.trigger("layer.flatten")
    assert len(desk.session.document.layers) == 2 and "locked" in no_dialogs[0]


def test_layers_are_grouped_hidden_together_and_ungrouped(desk: Desk) -> None:
    desk.trigger("layer.add")
    desk.trigger("layer.group")
    layers = desk.session.document.layers
    assert {layer.group for layer in layers} == {"Group 1"}
    desk.trigger("layer.hide_group")
    assert not any(layer.is_visible for layer in layers)
    desk.trigger("layer.hide_group")
    desk.trigger("layer.ungroup")
    assert {layer.group for layer in layers} == {""} and all(layer.is_visible for layer in layers)


def test_a_colour_tag_is_given_from_the_menu_and_seen_in_the_list(desk: Desk) -> None:
    menu = QMenu()
    desk.window.stack.fill_tags(menu)
    next(action for action in menu.actions() if action.text() == "Red").trigger()
    assert desk.session.document.layers[0].color_tag is ColorTag.RED
    view = layers_of(desk).view
    rect = view.visualRect(view.model().index(0, 0))
    color = view.viewport().grab().toImage().pixelColor(rect.left() + 2, rect.center().y())
    assert color.red() > 180 and color.blue() < 120


def test_specks_holes_and_edges_are_cleaned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NumberDialog, "exec", lambda dialog: True)
    labels = desk.session.document.layers[0].labels
    labels[5:40, 5:40] = 1
    labels[20, 20] = 2
    labels[30, 30] = UNPAINTED
    labels[4, 20] = 1
    desk.trigger("layer.specks")
    assert labels[20, 20] == 1
    desk.trigger("layer.holes")
    assert labels[30, 30] == 1
    desk.trigger("layer.smooth")
    assert labels[4, 20] == UNPAINTED and desk.session.history.undo_count == 3


def test_the_drawing_is_scaled_and_cropped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.stroke((20, 20), (30, 20))
    monkeypatch.setattr(ResizeDialog, "exec", lambda dialog: dialog.width_field.setValue(128) or True)
    desk.trigger("edit.resize")
    assert desk.session.labels_HW.shape == (96, 128) and desk.session.labels_HW[40, 50] == 1
    assert desk.labels.image().width() == 128 and desk.color(50, 40) == desk.class_color(1)
    desk.session.selection.choose(select_box(Box(40, 30, 80, 60), 128, 96))
    desk.trigger("edit.crop")
    assert desk.session.labels_HW.shape == (30, 40) and desk.session.labels_HW[10, 10] == 1
    desk.session.undo()
    desk.session.undo()
    assert desk.session.labels_HW.shape == (48, 64) and desk.color(25, 20) == desk.class_color(1)
    desk.stroke((5, 5), (60, 5))
    assert desk.session.labels_HW[5, 40] == 1


def test_scaling_says_that_it_opens_locks_and_another_canvas_keeps_them(desk: Desk) -> None:
    plain = ResizeDialog(desk.session.document, desk.window)
    plain.width_field.setValue(128)
    assert plain.note.isHidden()
    desk.studio.locks.lock([region.key for region in desk.session.regions.all])
    dialog = ResizeDialog(desk.session.document, desk.window)
    assert dialog.note.isHidden()
    dialog.width_field.setValue(128)
    assert "opens the locks" in dialog.note.text() and not dialog.note.isHidden()
    scaling = dialog.command()
    dialog.crops.setChecked(True)
    assert dialog.note.isHidden()
    canvas = dialog.command()
    assert scaling is not None and canvas is not None
    kept = locked_mask(desk.session.document.locks.values(), 48, 64).sum()
    desk.session.do(canvas)
    assert locked_mask(desk.session.document.locks.values(), 96, 128).sum() == kept == 48 * 64
    desk.session.undo()
    desk.session.do(scaling)
    assert not desk.session.document.locks
    desk.session.undo()
    assert desk.session.document.locks


def test_an_impossible_size_is_told(desk: Desk, no_dialogs: list[str]) -> None:
    desk.session.selection.choose(select_box(Box(0, 0, 4, 4), 64, 48))
    desk.trigger("edit.crop")
    assert no_dialogs and desk.session.labels_HW.shape == (48, 64)


def test_the_size_dialog_can_change_the_canvas_alone(desk: Desk) -> None:
    dialog = ResizeDialog(desk.session.document, desk.window)
    dialog.keeps_proportions.setChecked(False)
    dialog.crops.setChecked(True)
    dialog.width_field.setValue(80)
    command = dialog.command()
    assert command is not None
    desk.stroke((20, 20), (30, 20))
    desk.session.do(command)
    assert desk.session.labels_HW.shape == (48, 80) and desk.session.labels_HW[20, 33] == 1
