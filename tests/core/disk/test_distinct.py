"""A file that is read is recognised under every name it has."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from oasis_studio.core.disk.distinct import identities, is_same_file, require_distinct
from oasis_studio.errors import StudioError

Naming = Callable[[Path], Path]


def itself(file: Path) -> Path:
    return file


def detour(file: Path) -> Path:
    (file.parent / "elsewhere").mkdir()
    return file.parent / "elsewhere" / ".." / file.name


def link(file: Path) -> Path:
    made = file.with_name("link" + file.suffix)
    made.symlink_to(file)
    return made


def link_to_a_link(file: Path) -> Path:
    made = file.with_name("second" + file.suffix)
    made.symlink_to(link(file).name)
    return made


def hard_link(file: Path) -> Path:
    made = file.with_name("hard" + file.suffix)
    os.link(file, made)
    return made


def linked_folder(file: Path) -> Path:
    made = file.parent.with_name("linked")
    made.symlink_to(file.parent)
    return made / file.name


NAMINGS = [itself, detour, link, link_to_a_link, hard_link, linked_folder]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "map.png").write_bytes(b"map")
    return folder / "map.png"


@pytest.mark.parametrize("naming", NAMINGS)
def test_every_name_of_a_file_is_that_file(file: Path, naming: Naming) -> None:
    output = naming(file)
    assert is_same_file(output, file)
    for read in (file, file.parent):
        with pytest.raises(StudioError, match="would replace"):
            require_distinct(output, [None, read])


def test_another_case_is_the_same_file_where_the_disk_says_so(file: Path) -> None:
    other = file.with_name("MAP.PNG")
    if other.exists():
        with pytest.raises(StudioError):
            require_distinct(other, [file])
    else:
        require_distinct(other, [file])


def test_other_files_may_be_written(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.png"
    require_distinct(copy, [file, file.parent, tmp_path / "missing"])
    copy.write_bytes(file.read_bytes())
    require_distinct(copy, [file, file.parent])
    require_distinct(file.parent / "new.png", [file, file.parent])


def test_a_file_behind_a_link_in_a_folder_counts(file: Path, tmp_path: Path) -> None:
    far = tmp_path / "far"
    far.mkdir()
    (far / "photo.jpg").write_bytes(b"photo")
    (file.parent / "more").symlink_to(far)
    (far / "back").symlink_to(file.parent)  # a circle
    with pytest.raises(StudioError):
        require_distinct(far / "photo.jpg", [file.parent])
    assert len(identities([file.parent])) == 2
