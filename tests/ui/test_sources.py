"""Whatever is saved or exported: the files that the drawing was made from stay what they are, under every name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from oasis_studio.core.document.region_key import WHOLE_IMAGE
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.errors import StudioError
from tests.app import scene
from tests.core.disk.test_distinct import NAMINGS, Naming
from tests.ui.desk import Desk

WIDTH, HEIGHT = 64, 48
Open = Callable[[Desk, Path], Path]
EXPORTS = ("file.export", "file.export_labels", "file.export_psd", "file.export_ora", "file.save_as")


def from_labels(desk: Desk, folder: Path) -> Path:
    path = folder / "map.png"
    labels = np.ones((HEIGHT, WIDTH), np.uint8)
    write_labels(path, labels, scene.SMALL)
    desk.studio.drawings.open_labels(labels, "map", path)
    return path


def from_a_layer(desk: Desk, folder: Path) -> Path:
    path = folder / "layer.png"
    labels = np.ones((HEIGHT, WIDTH), np.uint8)
    write_labels(path, labels, scene.SMALL)
    desk.studio.drawings.add_as_layer(labels, "layer", path)
    return path


def from_openraster(desk: Desk, folder: Path) -> Path:
    path = folder / "sketch.ora"
    write_project(path, scene.document())
    _without_our_files(path)
    desk.studio.drawings.open_openraster(path)
    return path


def from_a_photo(desk: Desk, folder: Path) -> Path:
    path = folder / "photo.png"
    Image.new("RGB", (WIDTH, HEIGHT), (90, 120, 160)).save(path)
    desk.window.document_actions.take_reference(path)
    return path


def from_a_folder(desk: Desk, folder: Path) -> Path:
    for number in range(2):
        Image.new("RGB", (WIDTH, HEIGHT), (90, 120, 40 * number)).save(folder / f"photo{number}.png")
    desk.window.labelling.open_folder(folder)
    return folder / "photo1.png"


def _without_our_files(path: Path) -> None:
    """As Krita saves it."""
    with zipfile.ZipFile(path) as archive:
        kept = [(name, archive.read(name)) for name in archive.namelist() if not name.startswith("oasis/")]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept:
            archive.writestr(name, data)


@pytest.mark.parametrize("made", [from_labels, from_a_layer, from_openraster, from_a_photo, from_a_folder])
@pytest.mark.parametrize("command", EXPORTS)
def test_no_export_replaces_what_the_drawing_was_made_from(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str], made: Open, command: str
) -> None:
    path = made(desk, tmp_path)
    before = path.read_bytes()
    chosen["save"] = path
    desk.trigger(command)
    assert path.read_bytes() == before and len(no_dialogs) == 1
    assert "would replace" in no_dialogs[0] or "no ending of an image" in no_dialogs[0]


@pytest.mark.parametrize("naming", NAMINGS)
def test_no_other_name_of_it_helps(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str], naming: Naming
) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    path = from_labels(desk, folder)
    before = path.read_bytes()
    chosen["save"] = naming(path)
    for command in ("file.export", "file.export_labels"):
        desk.trigger(command)
    assert path.read_bytes() == before and len(no_dialogs) == 2


def test_a_project_is_saved_over_itself_and_nothing_else_is_written_there(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    chosen["save"] = project = tmp_path / "mine.oasis"
    desk.trigger("file.save")
    desk.stroke((10, 10), (20, 10))
    desk.trigger("file.save")
    assert no_dialogs == [] and read_project(project).document.flatten()[10, 15] == 1
    before = project.read_bytes()
    (tmp_path / "photo.png").symlink_to(project)
    chosen["save"] = tmp_path / "photo.png"
    for command in ("file.export", "file.export_labels", "help.report"):
        desk.trigger(command)
    assert len(no_dialogs) == 3 and project.read_bytes() == before
    with pytest.raises(StudioError, match="would replace"):
        desk.studio.animation.start(frozenset({WHOLE_IMAGE}), tmp_path / "photo.png", 8, 25)


def test_a_labelled_drawing_can_be_saved_beside_its_photos(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    from_a_folder(desk, tmp_path)
    chosen["save"] = tmp_path / "mine.oasis"
    for _time in range(2):
        desk.stroke((10, 10), (20, 10))
        desk.trigger("file.save")
    assert no_dialogs == [] and not desk.session.is_modified


def test_a_kept_photo_replaces_nothing_either(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str], qtbot: QtBot
) -> None:
    path = from_a_photo(desk, tmp_path)
    before = path.read_bytes()
    qtbot.waitUntil(lambda: not desk.feed.is_rendering)
    desk.studio.keeper.keep()
    qtbot.waitUntil(lambda: bool(desk.session.document.results))
    with pytest.raises(StudioError, match="would replace"):
        desk.studio.results.export(desk.session.document.results[0], path, lambda _error: None)
    assert path.read_bytes() == before


def test_frames_replace_no_photo_of_a_folder(desk: Desk, tmp_path: Path) -> None:
    for number in range(2):
        Image.new("RGB", (WIDTH, HEIGHT), (90, 120, 40 * number)).save(tmp_path / f"frame-000{number}.png")
    before = (tmp_path / "frame-0001.png").read_bytes()
    desk.window.labelling.open_folder(tmp_path)
    with pytest.raises(StudioError, match="would replace"):
        desk.studio.animation.start(frozenset({WHOLE_IMAGE}), tmp_path, 8, 25)
    assert (tmp_path / "frame-0001.png").read_bytes() == before


def test_other_files_may_be_replaced(
    desk: Desk, tmp_path: Path, chosen: dict[str, Path | None], no_dialogs: list[str]
) -> None:
    from_labels(desk, tmp_path)
    chosen["save"] = other = tmp_path / "other.png"
    other.write_bytes(b"old")
    desk.trigger("file.export_labels")
    assert no_dialogs == [] and other.read_bytes() != b"old"
