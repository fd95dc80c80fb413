import errno
import os
import time

import numpy as np
import pytest

from oasis_studio import paths
from oasis_studio.core.files.pictures import png
from oasis_studio.core.files.projects.autosave import Autosave, discard, recoveries
from oasis_studio.core.files.projects.project import read_project, write_project
from oasis_studio.errors import StudioError
from tests.core import painters


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "mine.oasis"
    write_project(path, painters.document())
    os.utime(path, (1000, 1000))
    return path


def test_the_persons_file_is_never_touched(folder, source):
    before = source.read_bytes()
    path = Autosave(folder).save(painters.document(seed=5), source, "mine")
    assert path.parent == folder and source.read_bytes() == before and source.stat().st_mtime == 1000
    assert np.array_equal(read_project(path).document.flatten(), painters.document(seed=5).flatten())


def test_the_last_copies_are_kept_and_listed(folder, source):
    kept, photo = Autosave(folder, keep=2), painters.photo(40, 32)
    made = [kept.save(painters.document(seed=seed), source, "mine", photo) for seed in range(4)]
    (found,) = recoveries(folder)
    assert (found.key, found.path, found.older) == (kept.key, made[3], (made[2],))
    assert (found.source, found.title, found.is_newer) == (source, "mine", True)
    assert not made[0].exists() and not made[1].exists()
    assert np.array_equal(read_project(found.path).image_HW3, photo)


def test_a_copy_is_newer_unless_the_person_saved_after_it(folder, source):
    kept = Autosave(folder)
    kept.save(painters.document(), source, "mine")
    later = time.time() + 100
    os.utime(source, (later, later))
    assert not recoveries(folder)[0].is_newer
    source.unlink()
    assert recoveries(folder)[0].is_newer


def test_drawings_apart_from_each_other_the_newest_first(folder):
    first, second, third = Autosave(folder), Autosave(folder), Autosave(folder)
    for age, kept in enumerate((first, second, third)):
        path = kept.save(painters.document(), None, f"drawing {age}")
        os.utime(path, (1000 + age, 1000 + age))
    assert [found.title for found in recoveries(folder)] == ["drawing 2", "drawing 1", "drawing 0"]
    assert [found.source for found in recoveries(folder)] == [None] * 3
    assert [found.key for found in recoveries(folder, frozenset({third.key, first.key}))] == [second.key]
    second.discard()
    discard(folder, first.key)
    assert [found.key for found in recoveries(folder)] == [third.key] and len(list(folder.iterdir())) == 2
    (folder / f".{third.key}-000002.oasis.12345678.tmp").write_bytes(b"half")
    third.discard()
    third.discard()
    assert not list(folder.iterdir())


def test_the_default_folder_and_an_empty_one(own_home):
    assert recoveries() == []
    path = Autosave().save(painters.document(), None, "x")
    assert path.parent == paths.home("autosave") and own_home in path.parents
    assert len(recoveries()) == 1


def test_lost_or_damaged_notes_about_a_copy_do_not_lose_it(folder, source):
    kept = Autosave(folder)
    kept.save(painters.document(), source, "mine")
    for text in (b"", b"[]", b"{", b'{"source": 3, "title": null}'):
        (folder / f"{kept.key}.json").write_bytes(text)
        assert recoveries(folder)[0].source is None and recoveries(folder)[0].is_newer
    (folder / f"{kept.key}.json").unlink()
    (folder / "notes.oasis").write_bytes(b"no copy")
    assert recoveries(folder)[0].title == "Unnamed drawing" and len(recoveries(folder)) == 1


def test_a_full_disk_keeps_the_copies_there_are(folder, source, monkeypatch):
    kept = Autosave(folder)
    path = kept.save(painters.document(), source, "mine")

    def fail(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(png, "encode_labels", fail)
    with pytest.raises(StudioError, match="disk is full"):
        kept.save(painters.document(seed=1), source, "mine")
    assert recoveries(folder)[0].path == path and len(list(folder.iterdir())) == 2
    monkeypatch.undo()
    assert kept.save(painters.document(seed=2), source, "mine") == recoveries(folder)[0].path


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StudioError, match="copies of unsaved work"):
        Autosave(tmp_path / "file" / "autosave").save(painters.document(), None, "x")
    assert recoveries(tmp_path / "file") == []
