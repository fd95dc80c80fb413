"""The regions panel, the Region menu and the canvases."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from oasis_studio.app.regions.lock_edits import Answer
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import Mix, Origin, OwnSeed, StoredVector
from oasis_studio.core.files.projects.swatches import write_swatches
from oasis_studio.ui.dialogs import animate
from oasis_studio.ui.docks.region_items import LOCK, STYLE
from oasis_studio.ui.docks.region_row import dice_rect, lock_rect, more_rect
from oasis_studio.ui.docks.regions import RegionPanel
from oasis_studio.ui.docks.variations import VariationStrip
from oasis_studio.ui.questions import messages
from tests.ui.desk import Desk
from tests.ui.docks.region_rows import press


def panel_of(desk: Desk, qtbot: QtBot) -> RegionPanel:
    panel = desk.window.findChild(RegionPanel)
    assert isinstance(panel, RegionPanel)
    panel.items.refresh()
    return panel


@pytest.fixture
def two(desk: Desk, qtbot: QtBot) -> tuple[RegionKey, RegionKey]:
    """Tree above, sky below."""
    desk.session.document.layers[0].labels[:24] = 1
    desk.session.update_labels(desk.session.document.bounds)
    desk.session.render_wanted.emit(True)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    panel_of(desk, qtbot)
    tree, sky = (region.key for region in desk.session.regions.all)
    return tree, sky


def texts(panel: RegionPanel, role: int = Qt.ItemDataRole.DisplayRole) -> list[str]:
    return [panel.items.index(row).data(role) for row in range(panel.items.rowCount())]


def test_rows_stand_in_the_order_of_the_picture_and_follow_the_brush(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    panel = panel_of(desk, qtbot)
    assert texts(panel) == ["Whole image", "tree", "sky"]
    assert texts(panel, STYLE) == ["seed 0", "image seed", "image seed"]
    desk.session.choose_class(2)
    desk.stroke((10, 40), (50, 40))
    qtbot.waitUntil(lambda: texts(panel) == ["Whole image", "tree", "sky", "water"])
    desk.trigger("edit.undo")
    qtbot.waitUntil(lambda: texts(panel) == ["Whole image", "tree", "sky"])


def test_dice_lock_and_wheel_of_a_row(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    panel, (tree, sky) = panel_of(desk, qtbot), two
    press(panel, tree, dice_rect)
    seed = desk.studio.styles.seed(tree)
    assert desk.studio.styles.style(tree).source == OwnSeed(seed) and desk.studio.styles.style(sky).is_plain
    rect = panel.view.visualRect(panel.items.index(panel.items.row(tree) or 0))
    at = QPointF(dice_rect(rect).center())
    wheel = QWheelEvent(
        *(at, QPointF(panel.view.viewport().mapToGlobal(at)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton),
        *(Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(panel.view.viewport(), wheel)
    assert desk.studio.styles.seed(tree) == seed + 1
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    press(panel, tree, lock_rect)
    assert desk.studio.locks.is_locked(tree) and texts(panel, LOCK) == ["none", "locked", "open"]
    press(panel, tree, lock_rect)
    assert texts(panel, LOCK) == ["none", "open", "open"]
    image_seed = desk.session.document.seed
    press(panel, WHOLE_IMAGE, dice_rect)
    assert desk.session.document.seed != image_seed
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_list_and_photo_choose_together(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    panel, (tree, sky) = panel_of(desk, qtbot), two
    press(panel, tree, lambda rect: rect.adjusted(0, 0, -150, 0))
    assert desk.session.regions.chosen == {tree}
    canvas = desk.photo
    at = desk.view.transform(canvas.size()).map(QPointF(30, 40))
    click = Qt.MouseButton.LeftButton
    QTest.mouseClick(canvas, click, Qt.KeyboardModifier.ControlModifier, at.toPoint())
    assert desk.session.regions.chosen == {tree, sky}
    rows = sorted(index.row() for index in panel.view.selectionModel().selectedIndexes())
    assert rows == [1, 2]
    QTest.mouseClick(canvas, click, Qt.KeyboardModifier.NoModifier, at.toPoint())
    assert desk.session.regions.chosen == {sky}
    press(panel, WHOLE_IMAGE, lambda rect: rect.adjusted(0, 0, -150, 0))
    assert not desk.session.regions.chosen
    assert [index.row() for index in panel.view.selectionModel().selectedIndexes()] == [0]


def test_the_chosen_region_is_outlined_on_both_canvases(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    tree, _sky = two
    before = [canvas.grab().toImage() for canvas in (desk.labels, desk.photo)]
    desk.session.regions.choose([tree])
    for canvas, old in zip((desk.labels, desk.photo), before, strict=True):
        at = desk.view.transform(canvas.size()).map(QPointF(30.5, 23.5)).toPoint()
        color = canvas.grab().toImage().pixelColor(at)
        assert color != old.pixelColor(at) and color.blue() > color.green(), "the accent"
    desk.session.regions.choose(())
    assert all(canvas.grab().toImage() == old for canvas, old in zip((desk.labels, desk.photo), before, strict=True))


def test_what_an_edit_can_change_is_not_veiled(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    tree, sky = two
    desk.session.regions.choose([tree])
    desk.studio.locks.lock([sky])
    marks = desk.window.regions.marks
    desk.trigger("region.reach")
    assert marks.shows_reach and marks.changeable()[:24].all() and not marks.changeable()[24:].any()
    desk.labels.grab()
    desk.trigger("region.reach")
    assert not marks.shows_reach


def test_sliders_and_fields_work_on_what_is_chosen(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    fields, (tree, _sky) = panel_of(desk, qtbot).fields, two
    desk.session.regions.choose([tree])
    fields.seed.setValue(4711)
    fields.strength.setValue(80)
    desk.studio.styles.set_second(OwnSeed(9))
    fields.mix.setValue(40)
    style = desk.studio.styles.style(tree)
    assert style.strength == 0.8 and style.source == Mix(OwnSeed(4711), OwnSeed(9), 0.4)
    assert "4711" in texts(panel_of(desk, qtbot), STYLE)[1]
    desk.trigger("region.back")
    assert fields.mix.value() == 0 and fields.strength.value() == 80
    desk.trigger("region.copy")
    desk.session.regions.choose(())
    assert fields.seed.value() == desk.session.document.seed and fields.strength.value() == 100
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_a_right_click_opens_the_menu_of_the_region(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    _tree, sky = two
    desk.window.regions.open_menu_at(30.0, 40.0, QPoint(0, 0))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and desk.session.regions.chosen == {sky}
    shown = [action.text().replace("&", "") for action in menu.actions()]
    assert shown[0] == "sky" and {"Lock the pixels", "Copy style", "Split into parts", "Swatches"} <= set(shown)
    menu.close()
    desk.window.regions.open_menu_at(-5.0, 2.0, QPoint(0, 0))
    assert QApplication.activePopupWidget() is None, "beyond the canvas there is no region"
    press(panel_of(desk, qtbot), sky, more_rect)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()


def test_painting_over_a_lock_asks_once(desk: Desk, two: tuple, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    tree, _sky = two
    asked: list[str] = []
    monkeypatch.setattr(messages, "ask_about_lock", lambda _parent, name: asked.append(name) or Answer.AROUND)
    desk.session.regions.choose([tree])
    desk.trigger("region.lock")
    desk.session.choose_class(2)
    for _stroke in range(3):
        desk.stroke((20, 10), (20, 40))
    assert asked == ["tree"] and (desk.session.labels_HW[:24] == 1).all() and desk.session.labels_HW[35, 20] == 2
    lock = desk.session.document.locks[tree]
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert lock.holds(desk.feed.image_HW3)


def test_split_and_join_from_the_menu(desk: Desk, two: tuple, qtbot: QtBot, no_dialogs: list[str]) -> None:
    layer = desk.session.document.layers[0]
    layer.labels[:24, 30:34] = 0
    desk.session.update_labels(desk.session.document.bounds)
    tree, sky = two
    desk.session.regions.choose([tree])
    desk.trigger("region.split")
    trees = [region.key for region in desk.session.regions.all if region.key.label == 1]
    assert len(trees) == 2
    desk.session.regions.choose(trees)
    desk.trigger("region.join")
    assert len([region for region in desk.session.regions.all if region.key.label == 1]) == 1
    desk.session.regions.choose([sky, trees[0]])
    desk.trigger("region.join")
    assert no_dialogs == ["Only regions of one class can be joined."]
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_a_foreign_swatch_is_refused_and_its_seed_offered(
    desk: Desk, two: tuple, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tree, _sky = two
    offered: list[int] = []
    monkeypatch.setattr(messages, "ask_seed_instead", lambda _parent, _error, _name, seed: offered.append(seed) or True)
    path = tmp_path / "foreign.swatches"
    write_swatches(path, [StoredVector((1.0, 2.0), "another model", Origin.SWATCH, "dusk")])
    desk.session.regions.choose([tree])
    desk.window.regions.swatches.take_in_file(path)
    assert len(offered) == 1 and desk.studio.styles.style(tree).source == OwnSeed(offered[0])
    assert desk.studio.swatches.all == []
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_the_strip_fills_and_one_is_picked(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    tree, _sky = two
    desk.session.regions.choose([tree])
    desk.trigger("region.variations")
    strip = desk.window.findChild(VariationStrip)
    assert isinstance(strip, VariationStrip) and strip.isVisible()
    qtbot.waitUntil(lambda: not desk.studio.variations.is_running)
    assert len(desk.studio.variations.all) == 9 and "of tree" in strip.subject.text()
    steps = desk.session.history.undo_count
    strip.tiles[3].click()
    assert desk.session.history.undo_count == steps + 1 and strip.tiles[3].is_picked
    desk.trigger("region.grid")
    grid = desk.window.variations.grid
    assert grid is not None
    qtbot.waitUntil(lambda: not desk.studio.variations.is_running)
    assert len(desk.studio.variations.all) == 16
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert not grid.isVisible()
    desk.trigger("region.grid")
    grid = desk.window.variations.grid
    assert grid is not None
    grid.tiles[5].click()
    assert desk.session.history.undo_count == steps + 2 and not grid.isVisible()
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


def test_five_hundred_regions_and_a_region_of_one_pixel(desk: Desk, qtbot: QtBot) -> None:
    labels = desk.session.document.layers[0].labels
    labels[0, 0] = 2
    desk.session.update_labels(desk.session.document.bounds)
    panel = panel_of(desk, qtbot)
    one = RegionKey(desk.session.document.layers[0].id, 2)
    assert "1 px" in [panel.items.index(row).data(Qt.ItemDataRole.UserRole + 5) for row in range(3)]
    desk.session.regions.choose([one])
    desk.trigger("region.lock")
    desk.trigger("region.dice")
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert desk.session.document.locks[one].holds(desk.feed.image_HW3)
    desk.photo.grab()


def test_a_tool_on_the_canvas_brushes_a_style(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    tree, _sky = two
    desk.key(Qt.Key.Key_Y)
    desk.stroke((10, 10), (40, 10))
    assert desk.studio.styles.style(tree).paints and "brushed" in texts(panel_of(desk, qtbot), STYLE)[1]
    desk.key(Qt.Key.Key_B)
    assert desk.session.tool.paints
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)


@pytest.mark.parametrize("name", ["loop.gif", "loop.webp", "loop.mp4", "frames"])
def test_a_loop_is_written_in_every_format(
    desk: Desk, two: tuple, name: str, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.session.regions.choose([two[0]])
    monkeypatch.setattr(animate, "ask_save", lambda _parent, _caption, _filter, _proposal: tmp_path / name)
    dialog = animate.AnimateDialog(desk.studio, desk.window)
    dialog.kind.setCurrentIndex(dialog.kind.findText({"gif": "GIF", "webp": "WebP"}.get(name[5:], "MP4 video")))
    if name == "frames":
        dialog.kind.setCurrentText("Folder of PNG frames")
    dialog.frames.setValue(8)
    dialog.open()
    dialog.accept()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=20_000)
    path = tmp_path / name
    assert len(list(path.iterdir())) == 8 if name == "frames" else path.stat().st_size > 100
    desk.session.history.mark_saved()


def test_a_video_that_cannot_be_written_is_told_and_the_dialog_stays(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_dialogs: list[str]
) -> None:
    monkeypatch.setattr(animate, "ask_save", lambda _parent, _caption, _filter, _proposal: tmp_path / "no" / "a.mp4")
    dialog = animate.AnimateDialog(desk.studio, desk.window)
    dialog.open()
    dialog.accept()
    assert dialog.isVisible() and dialog.accept_button.isEnabled() and not desk.studio.animation.is_running
    assert len(no_dialogs) == 1 and "cannot be written" in no_dialogs[0]
    dialog.reject()


def test_a_lock_of_nearly_everything_leaves_the_rest_to_change(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    """Larger than half of the picture: it is kept, and the photo around it still follows."""
    desk.session.document.layers[0].labels[:40] = 1
    desk.session.update_labels(desk.session.document.bounds)
    desk.session.render_wanted.emit(True)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    tree, before = two[0], desk.feed.image_HW3
    assert before is not None
    desk.studio.locks.lock([tree], 0)
    mask = desk.session.regions.map.mask(tree)
    assert mask.mean() > 0.5
    desk.session.change_seed(desk.session.document.seed + 1)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    after = desk.feed.image_HW3
    assert after is not None and (after[mask] == before[mask]).all() and (after[~mask] != before[~mask]).any()
    assert desk.studio.locks.is_intact(tree)


def test_the_seed_of_a_mix_is_that_of_its_first_style(desk: Desk, two: tuple, qtbot: QtBot) -> None:
    panel = panel_of(desk, qtbot)
    desk.session.regions.choose([two[0]])
    panel.fields.seed.setValue(4711)
    panel.fields.mix.setValue(40)
    assert isinstance(desk.studio.styles.style(two[0]).source, Mix) and panel.fields.seed.value() == 4711
