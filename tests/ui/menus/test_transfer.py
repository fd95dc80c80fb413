"""Labels, photos and drawings from other programs, and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMenu
from pytestqt.qtbot import QtBot

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.projects.project import write_project
from oasis_studio.core.work.request import Quality
from oasis_studio.ui.dialogs.import_labels import ImportLabelsDialog
from oasis_studio.ui.questions import file_names
from tests.app.scene import SMALL
from tests.ui.desk import Desk, wait_until


@pytest.fixture
def shifted(tmp_path: Path) -> Path:
    """Water and sky in colours, a tenth of the water a little off, as other programs leave them."""
    image = np.full((48, 64, 3), SMALL.classes[0].color, np.uint8)
    image[24:] = SMALL.classes[2].color
    image[24:26] += 3
    Image.fromarray(image).save(tmp_path / "shifted.png")
    return tmp_path / "shifted.png"


def dialog_for(desk: Desk, path: Path) -> ImportLabelsDialog:
    document = desk.session.document
    return ImportLabelsDialog(path, document.palette, (document.width, document.height), desk.window)


def preview_color(dialog: ImportLabelsDialog, across: float, down: float) -> tuple[int, int, int]:
    picture = dialog.preview.pixmap().toImage()
    color = picture.pixelColor(int(across * picture.width()), int(down * picture.height()))
    return color.red(), color.green(), color.blue()


def write_labels(path: Path, desk: Desk, width: int = 64, height: int = 48) -> Path:
    image = Image.fromarray(np.full((height, width), 2, np.uint8), "P")
    image.putpalette(desk.session.document.palette.colors.tobytes())
    image.save(path)
    return path


def test_stray_colours_are_counted_and_snapped(desk: Desk, shifted: Path) -> None:
    dialog = dialog_for(desk, shifted)
    assert dialog.table.rowCount() == 3 and "128 pixels" in dialog.snapped.text()
    assert (dialog.labels()[24:] == 2).all() and (dialog.labels()[:24] == 0).all()
    assert dialog.as_layer.isChecked()


def test_another_class_for_a_value_shows_at_once(desk: Desk, shifted: Path) -> None:
    dialog = dialog_for(desk, shifted)
    assert preview_color(dialog, 0.5, 0.9) == SMALL.classes[2].color
    row = next(r for r in range(3) if dialog.table.item(r, 0).text() == SMALL.classes[2].hex)
    chooser = dialog.table.cellWidget(row, 2)
    chooser.setCurrentIndex(1)
    chooser.activated.emit(1)
    assert preview_color(dialog, 0.5, 0.9) == SMALL.classes[1].color
    chooser.setCurrentIndex(3)
    chooser.activated.emit(3)
    labels = dialog.labels()
    assert (labels[30:] == UNPAINTED).all() and (labels[24:26] == 2).all()


def test_numbers_of_an_array_without_a_class_stay_unpainted(desk: Desk, tmp_path: Path) -> None:
    values = np.zeros((48, 64), np.uint16)
    values[:4] = 500
    np.save(tmp_path / "map.npy", values)
    dialog = dialog_for(desk, tmp_path / "map.npy")
    assert (dialog.labels()[:4] == UNPAINTED).all() and "no class" in dialog.snapped.text()
    assert not dialog.kind.isEnabled()


def test_grey_values_can_be_read_as_colours_instead(desk: Desk, tmp_path: Path) -> None:
    Image.fromarray(np.full((48, 64), 2, np.uint8)).save(tmp_path / "grey.png")
    dialog = dialog_for(desk, tmp_path / "grey.png")
    assert (dialog.labels() == 2).all()
    dialog.kind.setCurrentIndex(1)
    dialog.kind.activated.emit(1)
    assert (dialog.labels() == 1).all(), "nearest to black is the dark green of trees"


def test_an_openraster_file_goes_out_and_comes_back(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stroke((10, 10), (40, 10))
    desk.trigger("layer.add")
    path = tmp_path / "scene.ora"
    monkeypatch.setattr(file_names, "ask_save", lambda *_arguments: path)
    desk.trigger("file.export_ora")
    assert desk.session.path is None and desk.session.is_modified, "the drawing is no .ora now"
    labels = desk.session.labels_HW.copy()
    desk.window.files.open_path(path)
    assert len(desk.session.document.layers) == 2 and np.array_equal(desk.session.labels_HW, labels)


def test_a_photoshop_file_holds_photo_labels_and_regions(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stroke((10, 10), (40, 10))
    path = tmp_path / "scene.psd"
    monkeypatch.setattr(file_names, "ask_save", lambda *_arguments: path)
    desk.trigger("file.export_psd")
    assert {layer.name for layer in PSDImage.open(path)} == {"Photo", "Labels", "Regions"}


def test_recent_files_show_their_picture(desk: Desk, tmp_path: Path) -> None:
    write_project(tmp_path / "a.oasis", desk.session.document)
    desk.window.files.open_path(tmp_path / "a.oasis")
    menu = QMenu()
    desk.window.files.fill_recent(menu)
    assert not menu.actions()[0].icon().isNull() and menu.actions()[0].isIconVisibleInMenu()


def test_a_file_from_another_start_opens_here(desk: Desk, tmp_path: Path) -> None:
    write_project(tmp_path / "a.oasis", desk.session.document)
    desk.window.setWindowState(Qt.WindowState.WindowMinimized)
    desk.window.receive(tmp_path / "a.oasis")
    assert desk.session.path == tmp_path / "a.oasis" and not desk.window.isMinimized()


def accept(monkeypatch: pytest.MonkeyPatch, dialog: type[QDialog]) -> None:
    monkeypatch.setattr(dialog, "exec", lambda _self: True)


def test_labels_are_imported_as_a_layer(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Path | None]
) -> None:
    accept(monkeypatch, ImportLabelsDialog)
    chosen["open"] = write_labels(tmp_path / "lake.png", desk)
    desk.trigger("file.import")
    assert [layer.name for layer in desk.session.document.layers] == ["ground", "lake"]
    assert desk.color(5, 5) == desk.class_color(2)


def test_labels_of_another_size_become_a_drawing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Path | None]
) -> None:
    accept(monkeypatch, ImportLabelsDialog)
    chosen["open"] = write_labels(tmp_path / "lake.png", desk, 100, 40)
    desk.trigger("file.import")
    assert desk.session.document.width == 100 and desk.session.title == "lake"
    assert desk.color(5, 5) == desk.class_color(2), "the view has fitted the new size"


def test_labels_that_are_none_are_told(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    chosen["open"] = tmp_path / "a.png"
    chosen["open"].write_bytes(b"no image")
    desk.trigger("file.import")
    assert len(no_dialogs) == 1 and len(desk.session.document.layers) == 1


def test_labels_and_photo_are_exported(
    desk: Desk, qtbot: QtBot, tmp_path: Path, chosen: dict[str, Path | None]
) -> None:
    chosen["save"] = tmp_path / "labels.png"
    desk.trigger("file.export_labels")
    assert np.array_equal(np.asarray(Image.open(chosen["save"])), desk.session.labels_HW)
    chosen["save"] = tmp_path / "photo.png"
    desk.trigger("file.export")
    assert desk.window.actions_by_id["file.cancel_export"].isEnabled()
    qtbot.waitUntil(chosen["save"].exists)
    assert np.array_equal(np.asarray(Image.open(chosen["save"]).convert("RGB")), desk.feed.image_HW3)
    assert desk.renderer.requests[-1].quality is Quality.FINAL, "in full precision, not as it was shown"


def test_labels_of_sixteen_bits_are_chosen_by_their_kind(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "labels.png"
    monkeypatch.setattr(file_names, "ask_save_as", lambda *_asked: (path, file_names.wide_labels_filter()))
    desk.stroke((20, 20), (40, 20))
    desk.trigger("file.export_labels")
    with Image.open(path) as image:
        assert image.mode.startswith("I") and np.array_equal(np.asarray(image), desk.session.labels_HW)


def test_an_export_can_be_cancelled(desk: Desk, tmp_path: Path, chosen: dict[str, Path | None]) -> None:
    chosen["save"] = tmp_path / "photo.png"
    desk.session.change_seed(5)
    desk.trigger("file.export")
    desk.trigger("file.cancel_export")
    wait_until(lambda: not desk.feed.is_rendering)
    assert not desk.studio.photo_export.is_running and not chosen["save"].exists()


def test_a_photo_needs_a_name_of_an_image(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    chosen["save"] = tmp_path / "photo.docx"
    desk.trigger("file.export")
    assert len(no_dialogs) == 1 and not desk.studio.photo_export.is_running


def test_an_export_waits_for_the_photo_of_the_last_stroke(
    desk: Desk, qtbot: QtBot, tmp_path: Path, chosen: dict[str, Path | None]
) -> None:
    chosen["save"] = tmp_path / "photo.png"
    desk.session.change_seed(77)
    assert desk.feed.is_rendering
    desk.trigger("file.export")
    assert not chosen["save"].exists()
    qtbot.waitUntil(chosen["save"].exists)
    assert np.array_equal(np.asarray(Image.open(chosen["save"]).convert("RGB")), desk.feed.image_HW3)
