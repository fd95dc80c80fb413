"""The critic's commands in the window, over a workshop without networks."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from oasis_studio.app.photo.critic import Look
from oasis_studio.core.document.region_key import WHOLE_IMAGE, RegionKey
from oasis_studio.core.document.style import Origin, OwnSeed, StoredVector
from oasis_studio.core.work.jobs import InversionJob
from oasis_studio.errors import StudioError
from oasis_studio.ui.dialogs.photo_labels import PhotoLabelsDialog
from oasis_studio.ui.dialogs.photo_style import PhotoStyleDialog
from tests.app.workshop import FakeWorkshop
from tests.ui.able_models import use
from tests.ui.desk import Desk

COMMANDS = ("critic.realism", "critic.reading", "critic.fix", "photo.labels")


@pytest.fixture
def desk(able_desk: Desk) -> Desk:
    return able_desk


def test_the_heat_map_lies_over_the_photo_and_follows_it(desk: Desk, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    critic = desk.studio.critic
    before = desk.photo.grab().toImage()
    desk.trigger("critic.realism")
    qtbot.waitUntil(lambda: critic.critique is not None)
    assert desk.photo.grab().toImage() != before and len(workshop.jobs) == 1
    assert desk.session.regions.scores
    desk.session.change_seed(99)
    qtbot.waitUntil(lambda: len(workshop.jobs) > 1)
    desk.trigger("critic.realism")
    assert critic.look is Look.NOTHING
    qtbot.waitUntil(lambda: not critic.is_judging)
    count = len(workshop.jobs)
    desk.session.change_seed(100)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    assert len(workshop.jobs) == count, "nobody looks, nobody judges"


def test_heat_without_a_calibration_says_that_it_is_relative(desk: Desk, qtbot: QtBot) -> None:
    """In a corner of the canvas, as long as the map is there."""
    critic = desk.studio.critic
    desk.trigger("critic.realism")
    qtbot.waitUntil(lambda: critic.critique is not None and not critic.is_judging)
    corner = QRect(0, desk.photo.height() - 80, 200, 80)
    measured = desk.photo.grab(corner).toImage()
    assert critic.critique is not None
    critic.critique = replace(critic.critique, is_calibrated=False)
    critic.changed.emit()
    assert desk.photo.grab(corner).toImage() != measured
    desk.trigger("critic.reading")
    assert desk.photo.grab(corner).toImage() == measured


def test_a_click_on_hatching_accepts_the_reading(desk: Desk, qtbot: QtBot) -> None:
    desk.trigger("critic.reading")
    qtbot.waitUntil(lambda: bool(desk.studio.critic.misread))
    at = desk.view.origin(desk.photo.size()) + QPoint(5, 5).toPointF() * desk.view.zoom
    overlay = desk.window.critic_actions.overlay
    misreading = overlay.misreading_at(at.toPoint())
    assert misreading is not None and misreading.label == 1
    menu = overlay.menu(misreading)
    menu.actions()[1].trigger()
    assert (desk.session.labels_HW[:, :16] == 1).all() and (desk.session.labels_HW[:, 16:] == 0).all()
    desk.session.undo()
    assert (desk.session.labels_HW == 0).all()
    menu.deleteLater()


def test_a_click_opens_the_menu(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.trigger("critic.reading")
    qtbot.waitUntil(lambda: bool(desk.studio.critic.misread))
    overlay = desk.window.critic_actions.overlay
    asked: list[int] = []

    class Popped:
        def popup(self, _place: QPoint) -> None:
            asked.append(1)

    monkeypatch.setattr(overlay, "menu", lambda _misreading: Popped())
    origin, zoom = desk.view.origin(desk.photo.size()), desk.view.zoom
    place = (origin + QPoint(5, 20).toPointF() * zoom).toPoint()
    QTest.mouseClick(desk.photo, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    outside = (origin + QPoint(50, 20).toPointF() * zoom).toPoint()
    QTest.mouseClick(desk.photo, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, outside)
    assert asked == [1]


def test_the_worst_region_gets_another_seed(desk: Desk, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    desk.trigger("critic.fix")
    key = RegionKey(0, 0)
    qtbot.waitUntil(lambda: key in desk.session.document.styles)
    source = desk.session.document.styles[key].style.source
    assert isinstance(source, OwnSeed) and source.seed == workshop.jobs[1].seeds[2]  # type: ignore[union-attr]
    desk.session.undo()
    assert key not in desk.session.document.styles or desk.session.document.styles[key].style.is_plain


def test_a_variation_is_judged(desk: Desk, qtbot: QtBot) -> None:
    told: list[float] = []
    assert desk.feed.image_HW3 is not None
    desk.studio.critic.judge(desk.feed.image_HW3, frozenset(), told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0] == pytest.approx(0.5, abs=0.01)


def test_models_without_critic_say_so(desk: Desk) -> None:
    desk.trigger("critic.realism")
    use(desk, "bare")
    for name in COMMANDS:
        action = desk.window.actions_by_id[name]
        assert not action.isEnabled() and "without a discriminator" in action.toolTip()
    assert desk.studio.critic.look is Look.NOTHING and desk.window.actions_by_id["photo.style"].isEnabled()
    for name in ("mute", "coded", "outlined", "fixed"):
        use(desk, name)
        for command in COMMANDS:
            action = desk.window.actions_by_id[command]
            assert not action.isEnabled() and "without a discriminator" in action.toolTip(), name
    use(desk, "mute")
    assert "without the encoder" in desk.window.actions_by_id["photo.style"].toolTip()
    use(desk, "small")
    assert all(desk.window.actions_by_id[name].isEnabled() for name in COMMANDS)


def test_a_photo_becomes_a_new_drawing(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    dialog = PhotoLabelsDialog(desk.studio, photo, desk.window)
    assert not dialog.accept_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.found is not None)
    dialog.accept()
    document = desk.session.document
    assert (document.width, document.height) == (80, 60) and document.reference is not None
    assert [layer.name for layer in document.layers] == ["evening", "Check me"]
    assert (document.layers[1].labels[:7] != 255).all() and (document.layers[1].labels[8:] == 255).all()
    assert (desk.session.labels_HW[:, :20] == 1).all() and desk.session.is_modified


def test_a_photo_goes_into_the_open_drawing_as_one_step(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    dialog = PhotoLabelsDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: dialog.found is not None)
    dialog.into_open.setChecked(True)
    count = desk.session.history.undo_count
    dialog.accept()
    assert desk.session.history.undo_count == count + 1
    assert (desk.session.labels_HW[:, :16] == 1).all() and desk.session.document.reference is not None
    desk.session.undo()
    assert (desk.session.labels_HW == 0).all() and desk.session.document.reference is None


def test_regions_take_the_style_of_a_photo(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: dialog.search.isEnabled())
    assert dialog.wanted == [RegionKey(0, 0)] and "75.0" in dialog.table.item(0, 1).text()
    dialog.toggle()
    qtbot.waitUntil(lambda: dialog.work.value() == 100)
    assert dialog.table.item(0, 3).text() == "4.0" and "from 10.0 to 4.0" in dialog.note.text()
    count = desk.session.history.undo_count
    dialog.accept()
    assert desk.session.history.undo_count == count + 1
    source = desk.session.document.styles[RegionKey(0, 0)].style.source
    assert isinstance(source, StoredVector) and source.origin is Origin.PHOTO and source.name == "evening"
    assert set(source.values) == {0.5}


def test_looking_for_a_style_can_be_stopped(desk: Desk, photo: Path, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: dialog.search.isEnabled())
    workshop.is_gated = True
    dialog.toggle()
    dialog.toggle()
    workshop.let_through()
    assert dialog.found is None and not dialog.accept_button.isEnabled() and "Stopped" in dialog.note.text()
    dialog.reject()


def test_a_photo_without_the_class_is_said(desk: Desk, photo: Path, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    desk.session.document.layers[0].labels[:] = 2
    desk.session.update_labels(desk.session.document.bounds)
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: "shows nothing" in dialog.note.text())
    assert dialog.table.item(0, 1).text() == "not in it" and not dialog.search.isEnabled()
    dialog.reject()


def test_a_locked_region_is_offered_no_style(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    desk.session.document.layers[0].labels[:, :4] = 0
    desk.session.update_labels(desk.session.document.bounds)
    background, painted = RegionKey(0, 0), RegionKey(desk.session.document.layers[0].id, 0)
    desk.studio.locks.lock([painted])
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: dialog.search.isEnabled())
    rows = {dialog._candidates[row].region.key: row for row in range(dialog.table.rowCount())}
    item = dialog.table.item(rows[painted], 0)
    assert dialog.table.item(rows[painted], 1).text() == "locked" and item.flags() == Qt.ItemFlag.NoItemFlags
    assert dialog.wanted == [background]
    dialog.reject()
    desk.studio.locks.lock([background])
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: "locked in the drawing" in dialog.note.text())
    assert not dialog.search.isEnabled() and dialog.wanted == []
    dialog.reject()


def test_a_locked_region_is_not_resampled(desk: Desk, workshop: FakeWorkshop, no_dialogs: list[str]) -> None:
    desk.studio.locks.lock([RegionKey(0, 0)])
    desk.studio.critic.resample(RegionKey(0, 0))
    assert desk.studio.workbench.current is None and ["locked" in text for text in no_dialogs] == [True]


def test_a_seed_found_during_a_stroke_waits_for_it(desk: Desk, qtbot: QtBot) -> None:
    desk.trigger("critic.fix")
    desk.mouse(QEvent.Type.MouseButtonPress, 40, 40)
    qtbot.waitUntil(lambda: desk.studio.workbench.current is None and desk.studio.critic.critique is not None)
    desk.mouse(QEvent.Type.MouseMove, 45, 40)
    assert desk.session.has_open_stroke and not desk.session.document.styles
    desk.mouse(QEvent.Type.MouseButtonRelease, 45, 40)
    qtbot.waitUntil(lambda: bool(desk.session.document.styles))
    assert desk.session.history.titles == ["Brush stroke", "Resample region"]


def test_where_the_chosen_region_is_not_in_the_photo_the_others_are_wanted(
    desk: Desk, photo: Path, qtbot: QtBot
) -> None:
    desk.session.document.layers[0].labels[:, :4] = 2
    desk.session.update_labels(desk.session.document.bounds)
    desk.session.regions.choose([RegionKey(0, 2)])
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    qtbot.waitUntil(lambda: dialog.search.isEnabled())
    assert dialog.wanted == [RegionKey(0, 0)]
    desk.session.regions.choose([RegionKey(0, 0)])
    dialog.reject()


def test_own_labels_say_what_the_photo_shows(desk: Desk, photo: Path, workshop: FakeWorkshop, qtbot: QtBot) -> None:
    use(desk, "bare")
    with pytest.raises(StudioError, match="without a discriminator"):
        PhotoStyleDialog(desk.studio, photo, desk.window)
    desk.window.document_actions.take_reference(photo)
    dialog = PhotoStyleDialog(desk.studio, photo, desk.window)
    assert dialog.own.isChecked() and not dialog.read.isEnabled()
    dialog.toggle()
    qtbot.waitUntil(lambda: dialog.found is not None and dialog.work.value() == 100)
    job = workshop.jobs[-1]
    assert isinstance(job, InversionJob) and job.photo_HW3.shape == (48, 64, 3)
    dialog.reject()


def test_a_model_with_an_encoder_takes_the_style_at_once(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    use(desk, "coded")
    desk.window.critic_actions.take_style(photo)
    qtbot.waitUntil(lambda: WHOLE_IMAGE in desk.session.document.styles)
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    code = desk.renderer.requests[-1].style_code
    assert code is not None and code.tolist() == [0, 1, 2, 3]


def test_a_style_that_comes_during_a_stroke_waits_for_it(desk: Desk, photo: Path, qtbot: QtBot) -> None:
    use(desk, "coded")
    told: list[str] = []
    desk.window.critic_actions.told.connect(told.append)
    desk.session.has_open_stroke = True
    desk.window.critic_actions.take_style(photo)
    qtbot.waitUntil(lambda: desk.studio.workbench.current is None)
    assert WHOLE_IMAGE not in desk.session.document.styles and len(told) == 1
    desk.session.has_open_stroke = False
    qtbot.waitUntil(lambda: WHOLE_IMAGE in desk.session.document.styles)
    assert len(told) == 2


def test_a_dropped_photo_asks_what_it_is_for(desk: Desk, photo: Path) -> None:
    actions = desk.window.critic_actions
    menu = actions.offer(photo, QPoint(9, 9), desk.window.document_actions.take_reference)
    assert [action.isEnabled() for action in menu.actions()] == [True, True, True]
    menu.actions()[0].trigger()
    assert desk.session.document.reference is not None
    menu.close()
    use(desk, "bare")
    menu = actions.offer(photo, QPoint(9, 9), desk.window.document_actions.take_reference)
    assert not menu.actions()[1].isEnabled() and "without a discriminator" in menu.actions()[1].toolTip()
    menu.close()


def test_a_failure_of_the_critic_is_told(
    desk: Desk, workshop: FakeWorkshop, qtbot: QtBot, no_dialogs: list[str]
) -> None:
    workshop.failure = StudioError("the file is damaged")
    desk.trigger("critic.realism")
    qtbot.waitUntil(lambda: bool(no_dialogs))
    assert no_dialogs == ["the file is damaged"] and desk.studio.critic.look is Look.NOTHING
    assert not desk.window.actions_by_id["critic.realism"].isChecked()
