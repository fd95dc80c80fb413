"""Label maps that could be wrong are not written, and what was labelled is never lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.files.label_maps.files import read_labels, write_labels
from oasis_studio.core.files.projects.autosave import Autosave, Labelled, recoveries
from oasis_studio.core.files.projects.project import read_project
from oasis_studio.core.history.document_commands import CropDocument, ScaleDocument
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.pixels.box import Box
from oasis_studio.ui.dialogs.recovery import RecoveryDialog
from oasis_studio.ui.questions import messages
from tests.app import scene
from tests.ui.desk import Desk
from tests.ui.photo_folder import HEIGHT, WIDTH, guess_water

TREE = 1


def switch(desk: Desk, name: str) -> None:
    desk.session.switch_model(desk.session.library.find(name)[1])


def label_maps(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "labels").glob("*"))}


def paint(desk: Desk) -> None:
    desk.session.choose_class(TREE)
    desk.stroke((10, 10), (20, 10))


# -- classes --------------------------------------------------------------------------------------------------------


def test_ids_of_another_palette_are_never_saved_under_the_old_class_list(
    desk: Desk, folder: Path, no_dialogs: list[str]
) -> None:
    desk.window.labelling.open_folder(folder)
    paint(desk)
    desk.trigger("label.next")
    before, classes = label_maps(folder), (folder / "classes.json").read_bytes()
    switch(desk, "other")
    desk.session.choose_class(2)
    desk.stroke((30, 10), (40, 10))
    for command in ("label.save", "label.next", "label.previous"):
        desk.trigger(command)
    assert len(no_dialogs) == 3 and all("other classes" in text for text in no_dialogs)
    assert label_maps(folder) == before and (folder / "classes.json").read_bytes() == classes
    assert desk.session.title == "photo1.png" and desk.session.is_modified, "what was painted is still there"
    switch(desk, "small")
    desk.trigger("label.next")
    assert desk.session.title == "photo2.png"
    assert read_labels(folder / "labels/photo1.png", scene.SMALL)[10, 35] == 0, "sky, by its name"


def test_nor_where_label_maps_came_without_a_class_list(desk: Desk, folder: Path, no_dialogs: list[str]) -> None:
    (folder / "labels").mkdir()
    write_labels(folder / "labels/photo0.png", np.full((HEIGHT, WIDTH), TREE, np.uint8), scene.SMALL)
    before = label_maps(folder)
    desk.window.labelling.open_folder(folder)
    assert desk.session.title == "photo1.png"
    switch(desk, "other")
    desk.stroke((30, 10), (40, 10))
    desk.trigger("label.save")
    desk.window.labelling.go_to(0)
    assert len(no_dialogs) == 2 and label_maps(folder) == before and not (folder / "classes.json").exists()


def test_in_a_folder_without_label_maps_the_classes_may_change(desk: Desk, folder: Path) -> None:
    desk.window.labelling.open_folder(folder)
    switch(desk, "other")
    desk.session.choose_class(TREE)
    desk.stroke((30, 10), (40, 10))
    desk.trigger("label.save")
    assert read_labels(folder / "labels/photo0.png", scene.OTHER)[10, 35] == 1
    assert [entry.name for entry in Palette.read(folder / "classes.json").classes] == ["unlabeled", "Water", "sky"]


def test_a_guess_in_the_classes_of_a_model_that_was_left_is_dropped(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    guess_water(desk, folder, monkeypatch, Capabilities(has_critic=True))
    desk.window.labelling.open_folder(folder)
    assert desk.studio.labelling.is_guessing
    switch(desk, "other")
    qtbot.waitUntil(lambda: not desk.studio.labelling.is_guessing, timeout=20_000)
    assert [layer.name for layer in desk.session.document.layers] == ["Layer 1"]


# -- the photo's pixels ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "commands",
    [
        [CropDocument(Box(4, 4, 40, 36))],
        [ScaleDocument(2 * WIDTH, 2 * HEIGHT)],
        [CropDocument(Box(-8, 0, WIDTH - 8, HEIGHT))],  # as large as before, and moved
        [ScaleDocument(30, 20), ScaleDocument(WIDTH, HEIGHT)],  # as large as before, and coarser
    ],
    ids=["cropped", "scaled", "moved", "coarser"],
)
def test_a_drawing_that_is_not_the_photo_pixel_by_pixel_is_no_label_map(
    desk: Desk, folder: Path, no_dialogs: list[str], commands: list[CropDocument | ScaleDocument]
) -> None:
    desk.window.labelling.open_folder(folder)
    paint(desk)
    for command in commands:
        desk.session.do(command)
    desk.trigger("label.save")
    desk.trigger("label.next")
    assert len(no_dialogs) == 2 and all("cropped or resized" in text for text in no_dialogs)
    assert not (folder / "labels").exists() and desk.session.title == "photo0.png" and desk.session.is_modified
    desk.session.go_to(1)
    desk.trigger("label.save")
    assert len(no_dialogs) == 2 and read_labels(folder / "labels/photo0.png", scene.SMALL)[10, 15] == TREE
    before = label_maps(folder)
    for _command in commands:
        desk.session.redo()
    desk.trigger("label.save")
    assert len(no_dialogs) == 3 and label_maps(folder) == before
    desk.trigger("label.close")
    assert desk.session.is_modified, "it stays a drawing that can be saved"


# -- nothing is lost ------------------------------------------------------------------------------------------------


def test_a_pair_is_written_although_a_project_file_holds_the_drawing(
    desk: Desk, folder: Path, tmp_path: Path, chosen: dict[str, Path | None]
) -> None:
    desk.window.labelling.open_folder(folder)
    paint(desk)
    chosen["save"] = project = tmp_path / "first.oasis"
    desk.trigger("file.save")
    assert not desk.session.is_modified
    desk.stroke((30, 20), (40, 20))
    desk.trigger("label.save")
    assert desk.session.is_modified, "the project file does not hold the second stroke"
    desk.trigger("file.save")
    desk.trigger("label.next")
    labels = read_labels(folder / "labels/photo0.png", scene.SMALL)
    assert labels[10, 15] == labels[20, 35] == TREE
    assert (read_project(project).document.flatten()[[10, 20], [15, 35]] == TREE).all()


def test_a_drawing_that_is_none_of_the_folder_is_not_thrown_away_by_a_click(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.window.labelling.open_folder(folder)
    desk.session.open(scene.document(), title="mine")
    paint(desk)
    with monkeypatch.context() as patch:
        patch.setattr(messages, "ask_unsaved", lambda _parent, _title: messages.Answer.CANCEL)
        desk.window.labelling.go_to(2)
    assert desk.session.title == "mine" and desk.session.labels_HW[10, 15] == TREE


def test_saving_at_the_end_writes_the_pair(desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.window.labelling.open_folder(folder)
    paint(desk)
    monkeypatch.setattr(messages, "ask_unsaved", lambda _parent, _title: messages.Answer.SAVE)
    assert desk.window.files.may_close()
    assert read_labels(folder / "labels/photo0.png", scene.SMALL)[10, 15] == TREE


@pytest.mark.parametrize("other", ["photo1.jpg", "PHOTO1.png"])
def test_two_photos_never_share_a_label_map(desk: Desk, folder: Path, no_dialogs: list[str], other: str) -> None:
    Image.new("RGB", (WIDTH, HEIGHT)).save(folder / "images" / other)
    desk.window.labelling.open_folder(folder)
    assert sorted(photo.stem.lower() for photo in desk.studio.labelling.photos) == ["photo0", "photo1", "photo2"]
    assert len(no_dialogs) == 1 and "same label map" in no_dialogs[0]


def test_a_recovered_label_map_goes_to_its_photo(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    desk.window.labelling.open_folder(folder)
    desk.trigger("label.next")
    paint(desk)
    with qtbot.waitSignal(desk.studio.autosave.saved):
        desk.studio.autosave.save_now()
    (found,) = recoveries()
    assert found.labelled == Labelled(folder, folder / "images" / "photo1.png")
    left = Autosave()  # as the next start finds it
    left.save(read_project(found.path).document, None, found.title, None, found.labelled)
    desk.trigger("label.close")
    desk.session.open(scene.document())
    qtbot.waitUntil(lambda: [each.key for each in recoveries()] == [left.key])
    monkeypatch.setattr(RecoveryDialog, "exec", lambda dialog: dialog.recover_button.click())
    desk.window.files.open_first(None)
    assert desk.studio.labelling.is_open and desk.session.is_modified
    desk.trigger("label.next")
    assert desk.session.title == "photo2.png"
    assert read_labels(folder / "labels/photo1.png", scene.SMALL)[10, 15] == TREE


def test_one_whose_photo_has_changed_stays_a_drawing(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, no_dialogs: list[str]
) -> None:
    left = Autosave()
    left.save(scene.document(WIDTH, HEIGHT), None, "photo1.png", None, Labelled(folder, folder / "images/photo1.png"))
    Image.new("RGB", (WIDTH + 1, HEIGHT)).save(folder / "images" / "photo1.png")
    monkeypatch.setattr(RecoveryDialog, "exec", lambda dialog: dialog.recover_button.click())
    desk.window.files.open_first(None)
    assert len(no_dialogs) == 1 and not desk.studio.labelling.is_open and desk.session.is_modified


LABEL_FOR_EVER = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from oasis_studio.app.session.settings import Settings
from oasis_studio.app.studio import Studio
from tests.app import scene

app = QApplication([])
home, folder, start = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
studio = Studio(scene.library(home / "models"), scene.InstantRenderer, Settings())
studio.session.open(scene.document())
studio.labelling.open_folder(folder)
studio.session.resize_brush(80)
rounds = {}
while True:
    photo = studio.labelling.photos[studio.labelling.index].name
    rounds[photo] = rounds.get(photo, start) + 1
    label = rounds[photo] % 3
    studio.session.choose_class(label)
    for x in range(0, 60, 20):
        studio.painter.press(x, 20)
        studio.painter.release(x, 20)
    studio.labelling.save()
    print(photo, label, flush=True)
    studio.labelling.go_to((studio.labelling.index + 1) % 3)
"""


def heard(line: str) -> dict[str, int]:
    photo, label = line.split()
    return {photo: int(label)}


@pytest.mark.slow
def test_two_hundred_kills_lose_no_label_map(folder: Path, tmp_path: Path) -> None:
    """After each kill every map is whole, in the classes of its list, and what was last said to be saved, or newer."""
    chance = random.Random(0)
    for kill in range(200):
        command = [sys.executable, "-c", LABEL_FOR_EVER, str(tmp_path / str(kill)), str(folder), str(kill)]
        environment = os.environ | {"OASIS_STUDIO_HOME": str(tmp_path / "home" / str(kill))}
        said: dict[str, int] = {}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            while len(said) < 3:
                said |= heard(child.stdout.readline())
            time.sleep(chance.uniform(0, 0.05))
            os.kill(child.pid, signal.SIGKILL)
            for line in child.stdout.read().splitlines(keepends=True):
                said |= heard(line) if line.endswith("\n") else {}
        assert [entry.name for entry in Palette.read(folder / "classes.json").classes] == ["sky", "tree", "water"]
        for photo, label in said.items():
            labels = read_labels(folder / "labels" / photo, scene.SMALL)
            assert labels.shape == (HEIGHT, WIDTH) and (labels == labels[0, 0]).all(), (kill, photo)
            assert labels[0, 0] in (label, (label + 1) % 3), (kill, photo)


def test_a_pair_without_a_label_is_not_saved_while_the_model_reads(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, no_dialogs: list[str], qtbot: QtBot
) -> None:
    guess_water(desk, folder, monkeypatch, Capabilities(has_reader=True))
    desk.window.labelling.open_folder(folder)
    assert desk.studio.labelling.is_guessing
    desk.trigger("label.save")
    assert len(no_dialogs) == 1 and "still reading" in no_dialogs[0]
    assert not (folder / "labels/photo0.png").exists()
    desk.stroke((10, 10), (20, 10))
    desk.trigger("label.save")
    assert (folder / "labels/photo0.png").exists(), "what is painted can be saved"
    qtbot.waitUntil(lambda: not desk.studio.labelling.is_guessing, timeout=20_000)
