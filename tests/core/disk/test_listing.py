"""Folders as people have them: with hidden companions, links, and files of other kinds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oasis_studio.core.disk.listing import PassedOver, Reason, list_files, list_label_maps, list_photos
from oasis_studio.errors import StudioError


def made(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return root


def names(root: Path, files: list[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in files]


def test_hidden_companions_are_named_and_not_listed(tmp_path: Path) -> None:
    hidden = ["._a.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/a.jpg", ".git/b.jpg", "@eaDir/a.jpg"]
    made(tmp_path, "a.jpg", "sub/b.JPG", "~$c.jpg", *hidden)
    passed = PassedOver()
    assert names(tmp_path, list_photos(tmp_path, passed=passed)) == ["a.jpg", "sub/b.JPG"]
    assert {path.name for path in passed.of(Reason.HIDDEN)} == {name.split("/")[0] for name in hidden} | {"~$c.jpg"}
    assert passed.sentences() == ["Hidden files are passed over: .DS_Store, ._a.jpg, .git, … (8)."]


def test_a_hidden_folder_that_was_asked_for_is_listed(tmp_path: Path) -> None:
    made(tmp_path, ".photos/a.jpg")
    assert len(list_photos(tmp_path / ".photos")) == 1


def test_pictures_of_other_kinds_are_named(tmp_path: Path) -> None:
    made(tmp_path, "a.jpg", "b.heic", "c.CR2", "notes.txt", "d.gif")
    passed = PassedOver()
    assert names(tmp_path, list_photos(tmp_path, passed=passed)) == ["a.jpg"]
    assert names(tmp_path, passed.of(Reason.OTHER_KIND)) == ["b.heic", "c.CR2", "d.gif"]
    passed = PassedOver()
    assert names(tmp_path, list_label_maps(tmp_path, passed=passed)) == ["d.gif"]
    assert names(tmp_path, passed.of(Reason.OTHER_KIND)) == ["a.jpg", "b.heic", "c.CR2"]


@pytest.mark.skipif(os.name != "posix", reason="links need no rights there")
def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    made(tmp_path, "elsewhere/x.jpg", "set/images/a.jpg", "set/images/sub/b.jpg")
    images = tmp_path / "set/images"
    (images / "0 first").symlink_to(images / "sub")
    (images / "far").symlink_to(tmp_path / "elsewhere")
    (images / "far again").symlink_to(tmp_path / "elsewhere")
    (images / "sub/up").symlink_to(images)
    (images / "sub/parent").symlink_to("../..")
    (images / "self").symlink_to("self")
    (images / "gone.jpg").symlink_to("nowhere.jpg")
    (images / "file.jpg").symlink_to("../../elsewhere/x.jpg")
    passed = PassedOver()
    assert names(images, list_photos(images, passed=passed)) == ["a.jpg", "far/x.jpg", "file.jpg", "sub/b.jpg"]
    assert names(images, passed.of(Reason.SEEN)) == ["0 first", "far again", "sub/parent", "sub/up"]
    assert names(images, passed.of(Reason.DEAD_LINK)) == ["gone.jpg", "self"]


def test_only_the_folder_itself(tmp_path: Path) -> None:
    made(tmp_path, "a.png", "sub/b.png")
    assert names(tmp_path, list_files(tmp_path, is_deep=False)) == ["a.png"]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none", made(tmp_path, "file.txt") / "file.txt"):
        with pytest.raises(StudioError, match="cannot be read"):
            list_files(path)
