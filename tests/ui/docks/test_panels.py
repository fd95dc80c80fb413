"""Classes, layers, seed, model: what the panels do and show."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from oasis_studio.app.session.tool_kind import ToolKind
from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.ui.docks.classes import ClassPalette
from oasis_studio.ui.docks.layer_row import ROW, eye_rect, lock_rect
from oasis_studio.ui.docks.layers import LayerList
from oasis_studio.ui.docks.region_fields import RegionFields
from tests.app import scene
from tests.ui.desk import Desk


def palette_of(desk: Desk) -> ClassPalette:
    found = desk.window.findChild(ClassPalette)
    assert isinstance(found, ClassPalette)
    return found


def layers_of(desk: Desk) -> LayerList:
    found = desk.window.findChild(LayerList)
    assert isinstance(found, LayerList)
    return found


def names(desk: Desk) -> list[str]:
    items = layers_of(desk).items
    return [str(items.index(row).data()) for row in range(items.rowCount())]


def test_number_keys_choose_classes(desk: Desk) -> None:
    desk.key(Qt.Key.Key_3)
    assert desk.session.label == 2
    desk.key(Qt.Key.Key_9)
    assert desk.session.label == 2
    assert [chip.isChecked() for chip in palette_of(desk).chips] == [False, False, True]


def test_a_click_on_a_chip_chooses_and_never_unchecks(desk: Desk) -> None:
    chip = palette_of(desk).chips[0]
    for _click in range(2):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        assert desk.session.label == 0 and chip.isChecked()


def test_search_narrows_and_enter_takes_the_first(desk: Desk) -> None:
    palette = palette_of(desk)
    QTest.keyClicks(palette.search, "WAT")
    assert [chip.isVisible() for chip in palette.chips] == [False, False, True]
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert desk.session.label == 2 and palette.search.text() == ""
    assert all(chip.isVisible() for chip in palette.chips)


def test_typing_a_class_name_does_not_choose_tools(desk: Desk) -> None:
    QTest.keyClicks(palette_of(desk).search, "beg12")
    assert desk.session.tool is ToolKind.BRUSH and desk.session.label == 1


def test_the_chips_follow_the_palette(desk: Desk) -> None:
    classes = tuple(SemanticClass(number, f"class {number}", (number, 0, 0)) for number in range(150))
    desk.session.switch_model(scene.card("many", "Many", Palette("many", classes)))
    chips = palette_of(desk).chips
    assert len(chips) == 150 and chips[149].text() == "class 149"
    desk.session.undo()
    assert [chip.text() for chip in palette_of(desk).chips] == ["sky", "tree", "water"]


def test_tool_keys(desk: Desk) -> None:
    for key, tool in {
        Qt.Key.Key_E: ToolKind.ERASER,
        Qt.Key.Key_G: ToolKind.FILL,
        Qt.Key.Key_L: ToolKind.LINE,
        Qt.Key.Key_R: ToolKind.RECTANGLE,
        Qt.Key.Key_O: ToolKind.ELLIPSE,
        Qt.Key.Key_I: ToolKind.PICK,
        Qt.Key.Key_B: ToolKind.BRUSH,
    }.items():
        desk.key(key)
        assert desk.session.tool is tool
        assert desk.window.actions_by_id[f"tool.{tool}"].isChecked()


def test_bracket_keys_size_the_brush(desk: Desk) -> None:
    desk.key(Qt.Key.Key_BracketRight)
    assert desk.session.brush_size == 9 and "9 px" in desk.window.status.brush.text()
    desk.key(Qt.Key.Key_BracketLeft)
    assert desk.session.brush_size == 8


def test_every_action_has_a_tooltip_and_every_icon_a_name(desk: Desk) -> None:
    for spec in desk.window.actions_by_id.specs:
        tip = desk.window.actions_by_id[spec.id].toolTip()
        assert tip and (not spec.keys or spec.keys[0] in tip), spec.id


def test_adding_duplicating_and_removing_layers(desk: Desk) -> None:
    desk.stroke((20, 20), (30, 20))
    desk.trigger("layer.duplicate")
    assert names(desk) == ["ground copy", "ground"]
    desk.trigger("layer.add")
    assert names(desk)[0] == "Layer 3" and desk.session.layer is desk.session.document.layers[2]
    desk.trigger("layer.remove")
    desk.trigger("layer.remove")
    assert names(desk) == ["ground"] and desk.session.labels_HW[20, 25] == 1
    for _step in range(4):
        desk.trigger("edit.undo")
    assert names(desk) == ["ground"] and desk.session.history.undo_count == 1


def test_painting_goes_to_the_chosen_layer(desk: Desk) -> None:
    desk.trigger("layer.add")
    view = layers_of(desk).view
    view.setCurrentIndex(view.model().index(1, 0))
    desk.stroke((20, 20), (30, 20))
    assert desk.session.document.layers[0].labels[20, 25] == 1
    assert desk.session.document.layers[1].labels[20, 25] == 255


def test_rows_are_moved_by_drag(desk: Desk) -> None:
    desk.trigger("layer.add")
    desk.trigger("layer.add")
    items = layers_of(desk).items
    nowhere = items.index(-1)
    assert items.moveRows(nowhere, 2, 1, nowhere, 0)
    assert names(desk) == ["ground", "Layer 3", "Layer 2"]
    assert items.moveRows(nowhere, 0, 1, nowhere, 2)
    assert names(desk) == ["Layer 3", "ground", "Layer 2"]
    assert not items.moveRows(nowhere, 1, 1, nowhere, 2), "it stands there already"
    desk.trigger("edit.undo")
    assert names(desk) == ["ground", "Layer 3", "Layer 2"]


def test_renaming(desk: Desk) -> None:
    items = layers_of(desk).items
    assert items.setData(items.index(0), "  hills ")
    assert not items.setData(items.index(0), "   ")
    assert names(desk) == ["hills"]
    desk.trigger("edit.undo")
    assert names(desk) == ["ground"]


def click_row(desk: Desk, row: int, place: QPoint) -> None:
    view = layers_of(desk).view
    rect = view.visualRect(view.model().index(row, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + place)


def test_the_eye_hides_and_the_lock_locks(desk: Desk) -> None:
    desk.stroke((20, 20), (30, 20))
    view = layers_of(desk).view
    rect = view.visualRect(view.model().index(0, 0))
    assert rect.height() == ROW
    eye, lock = eye_rect(rect).center() - rect.topLeft(), lock_rect(rect).center() - rect.topLeft()
    click_row(desk, 0, eye)
    assert not desk.session.document.layers[0].is_visible and not desk.session.labels_HW.any()
    click_row(desk, 0, lock)
    assert desk.session.document.layers[0].is_locked
    desk.trigger("edit.undo")
    desk.trigger("edit.undo")
    assert desk.session.labels_HW[20, 25] == 1


def test_the_slider_sets_the_opacity_of_the_chosen_layer(desk: Desk) -> None:
    layers_of(desk).opacity.setValue(40)
    assert desk.session.document.layers[0].opacity == 0.4
    desk.trigger("edit.undo")
    assert layers_of(desk).opacity.value() == 100


def test_the_seed_is_shown_typed_and_rolled(desk: Desk, qtbot: QtBot) -> None:
    fields = desk.window.findChild(RegionFields)
    assert isinstance(fields, RegionFields)
    fields.seed.setValue(4711)
    assert desk.session.document.seed == 4711
    desk.wheel(fields.roll, 1)
    assert desk.session.document.seed == 4712 and fields.seed.value() == 4712
    desk.key(Qt.Key.Key_D)
    assert fields.seed.value() == desk.session.document.seed
    desk.trigger("edit.undo")
    assert desk.session.document.seed == 4712 and fields.seed.value() == 4712
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_another_seed_gives_another_photo(desk: Desk, qtbot: QtBot) -> None:
    desk.session.change_seed(1)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    noise = desk.renderer.requests[-1].noise_RZ
    desk.session.change_seed(2)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert (desk.renderer.requests[-1].noise_RZ != noise).any()


def test_the_chooser_lists_models_and_switches(desk: Desk, qtbot: QtBot) -> None:
    menu = QMenu()
    desk.window.chooser.fill(menu)
    listed = menu.actions()
    assert [action.text() for action in listed] == ["Other", "Small"]
    assert [action.isChecked() for action in listed] == [False, True]
    listed[0].trigger()
    assert desk.session.document.model == "other" and "Other" in desk.window.chooser.text()
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert desk.renderer.requests[-1].model == "other"


def test_a_passing_message_gives_way_to_the_tip(desk: Desk) -> None:
    status = desk.window.status
    tip = status.tip.text()
    status.tell("Saved.")
    desk.key(Qt.Key.Key_BracketRight)
    assert status.tip.text() == "Saved." and "9 px" in status.brush.text()
    status._message_timer.stop()
    status._show_tip()
    assert status.tip.text() == tip


def test_tab_over_a_canvas_hides_the_panels_and_brings_them_back(desk: Desk) -> None:
    palette = palette_of(desk)
    desk.labels.setFocus()
    desk.key(Qt.Key.Key_Tab)
    assert not palette.isVisible()
    desk.key(Qt.Key.Key_Tab)
    assert palette.isVisible()


def test_tab_in_a_field_goes_on_to_the_next(desk: Desk) -> None:
    palette = palette_of(desk)
    palette.search.setFocus()
    QTest.keyClick(palette.search, Qt.Key.Key_Tab)
    assert palette.isVisible() and not palette.search.hasFocus()
