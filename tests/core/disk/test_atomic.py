import errno
import json
import os
import stat
from pathlib import Path

import pytest

from oasis_studio.core.disk.atomic import write_atomically, write_json
from oasis_studio.errors import StudioError


def _fill_the_disk(stream):
    stream.write(b"half a fi")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_new_file_and_a_replaced_one(tmp_path):
    path = tmp_path / "a.bin"
    for content in (b"one", b"two"):
        write_atomically(path, lambda stream, content=content: stream.write(content))
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_keeps_the_old_file_whole_and_says_so(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old and whole")
    with pytest.raises(StudioError, match="disk is full") as caught:
        write_atomically(path, _fill_the_disk)
    assert "unchanged" in caught.value.hint
    assert path.read_bytes() == b"old and whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fails_at_the_last_moment_keeps_the_old_file(tmp_path, monkeypatch):
    def fail(_handle):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StudioError):
        write_atomically(path, lambda stream: stream.write(b"new"))
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_fault_of_the_writer_is_not_hidden_and_leaves_nothing_behind(tmp_path):
    def stumble(stream):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_atomically(tmp_path / "a.bin", stumble)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_and_a_folder_in_the_way(tmp_path):
    for path in (tmp_path / "none" / "a.bin", tmp_path):
        with pytest.raises(StudioError, match="folder"):
            write_atomically(path, lambda stream: stream.write(b"x"))


def test_a_folder_that_may_not_be_written(tmp_path, monkeypatch):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):  # the administrator may write everywhere: let the system refuse as it would
        monkeypatch.setattr("pathlib.Path.open", _refuse)
    with pytest.raises(StudioError, match="may not write"):
        write_atomically(folder / "a.bin", lambda stream: stream.write(b"x"))


def _refuse(*_args, **_kwargs):
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")
def test_a_link_stays_a_link_and_the_mode_stays(tmp_path):
    target, link = tmp_path / "target.bin", tmp_path / "link.bin"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, lambda stream: stream.write(b"new"))
    assert link.is_symlink() and target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_json_keeps_letters_and_escapes_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"name": "나무", "photos": 3})
    assert path.read_bytes() == '{\n  "name": "나무",\n  "photos": 3\n}\n'.encode()
    write_json(path, {"path": os.fsdecode(b"photo\xff")})
    assert os.fsencode(json.loads(path.read_text(encoding="utf-8"))["path"]) == b"photo\xff"
