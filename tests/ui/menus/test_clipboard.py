"""Copy and paste, notes, pictures in the lists, tips of one's own."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QListView

from oasis_studio.core.document.selection import select_box
from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import box_around
from oasis_studio.ui.dialogs.notes import NotesDialog
from oasis_studio.ui.docks.history import HistoryItems
from oasis_studio.ui.docks.layer_items import LayerItems
from oasis_studio.ui.widgets.tip_chooser import TipChooser
from tests.ui.desk import Desk, wait_until

DECORATION = Qt.ItemDataRole.DecorationRole


def picture(rgb: np.ndarray) -> QImage:
    height, width = rgb.shape[:2]
    return QImage(np.ascontiguousarray(rgb).data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def test_labels_go_out_as_a_picture_and_come_back_where_they_were(desk: Desk) -> None:
    desk.stroke((20, 20), (40, 30))
    labels = desk.session.labels_HW.copy()
    desk.session.selection.choose(select_box(Box(10, 5, 50, 40), 64, 48))
    desk.trigger("edit.copy_labels")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (40, 35), "what any program can paste"
    color = QColor(image.pixel(10, 15))
    assert (color.red(), color.green(), color.blue()) == desk.class_color(1)
    desk.trigger("edit.undo")
    desk.trigger("edit.paste")
    assert [layer.name for layer in desk.session.document.layers] == ["ground", "Pasted labels"]
    assert np.array_equal(desk.session.labels_HW, labels)
    desk.trigger("edit.undo")
    assert len(desk.session.document.layers) == 1


def test_a_picture_of_another_program_in_our_colours_becomes_a_layer(desk: Desk) -> None:
    labels = np.random.default_rng(0).integers(0, 3, (20, 30)).astype(np.uint8)
    QGuiApplication.clipboard().setImage(picture(desk.session.document.palette.colors[labels]))
    desk.trigger("edit.paste")
    assert np.array_equal(desk.session.labels_HW[14:34, 17:47], labels)


def test_a_photo_becomes_the_reference_unless_labels_are_asked_for(desk: Desk) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    QGuiApplication.clipboard().setImage(picture(photo))
    desk.trigger("edit.paste")
    reference = desk.session.document.reference
    assert reference is not None and np.array_equal(reference.image_HW3, photo)
    assert len(desk.session.document.layers) == 1
    desk.trigger("edit.paste_labels")
    assert len(desk.session.document.layers) == 2 and "nearest class" in desk.window.status.tip.text()


def test_an_empty_clipboard_is_told(desk: Desk) -> None:
    QGuiApplication.clipboard().clear()
    desk.trigger("edit.paste")
    assert "no picture" in desk.window.status.tip.text() and not desk.session.is_modified


def test_notes_are_a_step(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(dialog: NotesDialog) -> bool:
        dialog.field.setPlainText("try more water")
        return True

    monkeypatch.setattr(NotesDialog, "exec", write)
    desk.trigger("edit.notes")
    assert desk.session.document.notes == "try more water" and desk.session.history.undo_title == "Change notes"
    desk.trigger("edit.notes")
    assert desk.session.history.undo_count == 1, "nothing changed"
    desk.trigger("edit.undo")
    assert desk.session.document.notes == ""


def middle(pixmap: QPixmap) -> tuple[int, int, int]:
    color = pixmap.toImage().pixelColor(pixmap.width() // 2, pixmap.height() // 2)
    return color.red(), color.green(), color.blue()


def test_layers_and_steps_show_their_picture(desk: Desk) -> None:
    layers, steps = desk.window.findChild(LayerItems), desk.window.findChild(HistoryItems)
    assert layers is not None and steps is not None
    empty = middle(layers.data(layers.index(0), DECORATION))
    desk.session.resize_brush(60)
    desk.stroke((32, 24), (34, 24))
    wait_until(lambda: middle(layers.data(layers.index(0), DECORATION)) == desk.class_color(1) != empty)
    assert middle(steps.data(steps.index(0), DECORATION)) == desk.class_color(0)
    assert middle(steps.data(steps.index(1), DECORATION)) == desk.class_color(1)
    desk.trigger("edit.undo")
    desk.session.choose_class(2)
    desk.stroke((32, 24), (34, 24))
    assert middle(steps.data(steps.index(1), DECORATION)) == desk.class_color(2)
    assert desk.window.findChild(QListView) is not None


def test_a_selection_becomes_a_tip(desk: Desk) -> None:
    desk.session.selection.choose(select_box(Box(10, 10, 20, 14), 64, 48))
    chooser = desk.window.findChild(TipChooser)
    assert chooser is not None
    count = chooser.count()
    desk.trigger("tool.keep_tip")
    assert chooser.count() == count + 1 and chooser.currentIndex() == count
    desk.session.selection.clear()
    desk.session.resize_brush(10)
    desk.stroke((30, 20))
    painted = desk.session.labels_HW == 1
    box = box_around(painted)
    assert painted.sum() == 40 and (box.width, box.height) == (10, 4) and painted[20, 30]
    desk.trigger("tool.square")
    assert desk.session.tools.shape is None and chooser.currentText() == "Square"
