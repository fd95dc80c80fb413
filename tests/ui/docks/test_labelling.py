"""Photos of a folder, labelled one after the other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from oasis_studio.core.disk.listing import list_photos
from oasis_studio.core.files.label_maps.files import read_labels, write_labels
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.ui.docks.dataset import PhotoList
from tests.app import scene
from tests.ui.desk import Desk
from tests.ui.photo_folder import HEIGHT, WIDTH, guess_water


def saved(folder: Path, number: int) -> np.ndarray:
    return np.asarray(Image.open(folder / "labels" / f"photo{number}.png"))


def test_the_photo_lies_under_the_labels(desk: Desk, folder: Path) -> None:
    desk.window.labelling.open_folder(folder)
    document = desk.session.document
    assert (document.width, document.height) == (WIDTH, HEIGHT) and document.reference is not None
    assert desk.session.title == "photo0.png" and not desk.session.is_modified
    dock = desk.window.findChild(PhotoList)
    assert dock is not None and dock.items.count() == 3 and "0 of 3 labelled" in dock.state.text()


def test_going_on_saves_the_pair_and_leaves_unpainted_pixels_unlabelled(desk: Desk, folder: Path) -> None:
    desk.window.labelling.open_folder(folder)
    desk.session.choose_class(2)
    desk.stroke((10, 10), (20, 10))
    desk.trigger("label.next")
    labels = saved(folder, 0)
    assert labels[10, 15] == 2 and labels[35, 50] == 255 and desk.session.title == "photo1.png"
    assert [entry["name"] for entry in json.loads((folder / "classes.json").read_text())["classes"]] == [
        "sky",
        "tree",
        "water",
    ]
    desk.trigger("label.previous")
    assert desk.session.labels_HW[10, 15] == 2, "what was saved is opened again"
    assert "1 of 3 labelled" in desk.window.findChild(PhotoList).state.text()


def test_looking_without_painting_writes_nothing(desk: Desk, folder: Path) -> None:
    desk.window.labelling.open_folder(folder)
    desk.trigger("label.next")
    desk.trigger("label.next")
    assert not (folder / "labels").exists() and not desk.window.actions_by_id["label.next"].isEnabled()


def test_the_place_is_remembered(desk: Desk, folder: Path) -> None:
    desk.window.labelling.open_folder(folder)
    desk.trigger("label.next")
    desk.trigger("label.close")
    assert desk.window.findChild(PhotoList).items.count() == 0
    desk.window.labelling.open_folder(folder)
    assert desk.session.title == "photo1.png"


def test_without_a_place_the_first_without_labels_is_opened(desk: Desk, folder: Path) -> None:
    (folder / "labels").mkdir()
    write_labels(folder / "labels/photo0.png", np.ones((HEIGHT, WIDTH), np.uint8), scene.SMALL)
    desk.window.labelling.open_folder(folder)
    assert desk.session.title == "photo1.png"


def test_two_keys_step_while_a_folder_is_open(desk: Desk, folder: Path) -> None:
    actions, seed = desk.window.actions_by_id, desk.session.document.seed
    desk.window.labelling.open_folder(folder)
    desk.window.activateWindow()
    desk.key(Qt.Key.Key_D)
    assert desk.session.title == "photo1.png" and desk.session.document.seed in (0, seed)
    desk.key(Qt.Key.Key_A)
    assert desk.session.title == "photo0.png"
    desk.trigger("label.close")
    assert [key.toString() for key in actions["model.dice"].shortcuts()] == ["D"]


def test_another_drawing_ends_the_stepping(desk: Desk, folder: Path) -> None:
    desk.window.labelling.open_folder(folder)
    desk.session.open(scene.document())
    assert not desk.studio.labelling.is_open and not desk.window.actions_by_id["label.save"].isEnabled()
    desk.window.labelling.go_to(2)
    assert desk.session.title == "photo2.png"


def test_what_cannot_be_read_is_said_and_nothing_is_lost(desk: Desk, folder: Path, no_dialogs: list[str]) -> None:
    desk.window.labelling.open_folder(folder / "images" / "nothing")
    (folder / "images/photo1.png").write_bytes(b"no photo")
    desk.window.labelling.open_folder(folder)
    desk.stroke((10, 10), (20, 10))
    desk.trigger("label.next")
    assert len(no_dialogs) == 2 and desk.session.title == "photo0.png" and (folder / "labels/photo0.png").exists()


def test_label_maps_in_other_classes_are_never_written_over(desk: Desk, folder: Path, no_dialogs: list[str]) -> None:
    (folder / "classes.json").write_text(json.dumps(scene.OTHER.to_json()))
    desk.window.labelling.open_folder(folder)
    assert "other classes" in no_dialogs[0] and not desk.studio.labelling.is_open
    (folder / "classes.json").write_text("{}")
    desk.window.labelling.open_folder(folder)
    assert len(no_dialogs) == 2
    (folder / "classes.json").unlink()
    (folder / "labels").mkdir()
    write_labels(folder / "labels/photo1.png", np.ones((32, 32), np.uint8), scene.SMALL)
    desk.window.labelling.open_folder(folder)
    desk.trigger("label.next")
    assert "another size" in no_dialogs[2] and desk.session.title == "photo0.png"


def test_a_folder_that_cannot_be_written_keeps_the_drawing(desk: Desk, folder: Path, no_dialogs: list[str]) -> None:
    desk.window.labelling.open_folder(folder)
    desk.stroke((10, 10), (20, 10))
    (folder / "labels").write_text("in the way")
    desk.trigger("label.next")
    assert len(no_dialogs) == 1 and desk.session.title == "photo0.png" and desk.session.is_modified


def test_the_guess_of_the_model_is_a_layer(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    guess_water(desk, folder, monkeypatch, Capabilities(has_reader=True))
    desk.window.labelling.open_folder(folder)
    assert desk.studio.labelling.is_guessing
    qtbot.waitUntil(lambda: not desk.studio.labelling.is_guessing, timeout=20_000)
    assert desk.session.document.layers[-1].name == "Guess" and (desk.session.labels_HW == 1).all()
    desk.session.undo()
    assert (desk.session.labels_HW == 0).all()
    desk.session.redo()
    desk.trigger("label.save")
    assert (read_labels(folder / "labels/photo0.png", scene.SMALL) == 1).all()


def test_a_folder_holds_the_photos_that_all_verbs_read_and_no_hidden_companions(desk: Desk, folder: Path) -> None:
    before = {photo.name for photo in list_photos(folder / "images")}
    for name, kind in (("rose.jfif", "JPEG"), ("lily.BMP", "BMP"), ("fern.avif", "AVIF")):
        Image.new("RGB", (60, 40)).save(folder / "images" / name, kind)
    for name in ("._rose.jfif", ".hidden.png", "Thumbs.db"):
        (folder / "images" / name).write_bytes(b"\0\5\x16\7")
    desk.window.labelling.open_folder(folder)
    found = {photo.name for photo in desk.studio.labelling.photos}
    assert found == before | {"rose.jfif", "lily.BMP", "fern.avif"}
