"""The palette at the pointer: classes, sizes and styles by one key and one click."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from oasis_studio.ui.dialogs.popup_palette import SIZES, PopupPalette
from oasis_studio.ui.docks.class_chip import ClassChip
from tests.ui.desk import Desk


def opened(desk: Desk) -> PopupPalette:
    desk.labels.setFocus()
    desk.key(Qt.Key.Key_T)
    palette = next(each for each in desk.window.findChildren(PopupPalette) if each.isVisible())
    area = desk.window.screen().availableGeometry()
    assert area.contains(palette.geometry()), "it is on the screen wherever the pointer is"
    return palette


def test_one_click_chooses_a_class_and_closes_it(desk: Desk) -> None:
    palette = opened(desk)
    chips = palette.findChildren(ClassChip)
    assert [chip.text() for chip in chips] == [entry.title for entry in desk.session.document.palette.classes]
    assert [chip.isChecked() for chip in chips] == [False, True, False]
    QTest.mouseClick(chips[2], Qt.MouseButton.LeftButton)
    assert desk.session.label == 2 and not palette.isVisible()


def test_one_click_sizes_the_brush(desk: Desk) -> None:
    palette = opened(desk)
    button = next(each for each in palette.findChildren(QPushButton) if each.toolTip() == f"{SIZES[-1]} px")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.session.brush_size == SIZES[-1]


def test_the_styles_that_were_kept_last_are_given_to_what_is_chosen(desk: Desk) -> None:
    key = next(iter(desk.session.regions.map.keys))
    desk.session.regions.choose((key,))
    desk.studio.styles.roll((key,))
    kept = desk.studio.swatches.keep(key, "Evening")
    desk.studio.styles.roll((key,))
    palette = opened(desk)
    QTest.mouseClick(
        next(b for b in palette.findChildren(QPushButton) if b.text() == "Evening"), Qt.MouseButton.LeftButton
    )
    assert desk.studio.styles.style(key).source == kept


def test_escape_closes_it_and_nothing_is_changed(desk: Desk) -> None:
    before = (desk.session.label, desk.session.brush_size)
    palette = opened(desk)
    QTest.keyClick(palette, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert not [each for each in desk.window.findChildren(PopupPalette) if each.isVisible()]
    assert (desk.session.label, desk.session.brush_size) == before
