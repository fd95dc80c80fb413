from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from oasis_training.datasets.check import check
from oasis_training.datasets.class_lists import named_class_list
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.model import Missing

from oasis_studio.errors import StudioError
from tests.training.datasets.files import by_name, grey, halves, photo, top_and_bottom


def shard(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.fixture
def members(tmp_path: Path) -> dict[str, bytes]:
    made = tmp_path / "made"
    photo(made / "a.jpg")
    grey(made / "a.png", halves(0, 5))
    photo(made / "photo.png", 1)
    return {path.name: path.read_bytes() for path in made.iterdir()}


def test_shards_are_read_in_order_and_again(tmp_path: Path, members: dict[str, bytes]) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    jpg, png = members["a.jpg"], members["a.png"]
    shard(folder / "000.tar", ("x/1.jpg", jpg), ("x/1.png", png), ("x/1.json", b"{}"), ("x/2.jpg", jpg))
    shard(folder / "001.tar", ("3.image.png", members["photo.png"]), ("3.seg.png", png), ("4.seg.png", png))
    dataset = open_dataset(str(folder))
    assert dataset.format == "webdataset" and not dataset.is_stream
    for _time in range(2):
        pairs = by_name(dataset)
        assert list(pairs) == ["x/1", "3"] and top_and_bottom(pairs["3"]) == (0, 5)
        assert list(dataset.missing) == [Missing("x/2", "labels"), Missing("4", "photo")]
    assert open_dataset(str(folder / "000.tar")).format == "webdataset"


def test_a_truncated_shard_keeps_what_came_before(tmp_path: Path, members: dict[str, bytes]) -> None:
    whole = shard(
        tmp_path / "0.tar", *((f"{i}.{end}", members[f"a.{end}"]) for i in range(3) for end in ("jpg", "png"))
    )
    data = whole.read_bytes()
    whole.write_bytes(data[: data.index(b"2.jpg") + 600])
    found = check(open_dataset(str(whole)))
    assert found.pairs - len({name for name, _message in found.unreadable}) == 2
    assert any("damaged" in message for _name, message in found.unreadable)


@pytest.mark.skipif(os.name == "nt", reason="cat is not there")
def test_a_pipe_of_several_archives(tmp_path: Path, members: dict[str, bytes]) -> None:
    files = [
        shard(tmp_path / f"{i} x.tar", (f"{i}.jpg", members["a.jpg"]), (f"{i}.png", members["a.png"])) for i in (0, 1)
    ]
    command = "pipe:cat " + " ".join(shlex.quote(str(path)) for path in files)
    dataset = open_dataset(command, given=named_class_list("outdoor8"))
    assert dataset.is_stream and dataset.unlabelled == 255
    found = check(dataset)
    assert found.pairs == 2 and found.is_sound and {k: v for k, v in found.maps.items() if v} == {0: 2, 5: 2}


def test_a_pipe_that_fails_is_told(tmp_path: Path) -> None:
    found = check(open_dataset(f"pipe:{shlex.quote(sys.executable)} -c 'raise SystemExit(4)'"))
    assert found.pairs == 1 and len(found.unreadable) == 1 and not found.is_sound
    with pytest.raises(StudioError, match="cannot be started"):
        list(open_dataset("pipe:no-such-command-here").pairs)


def test_standard_input(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = shard(tmp_path / "0.tar", ("a.jpg", members["a.jpg"]), ("a.png", members["a.png"]))
    done = subprocess.run(
        [sys.executable, "-m", "oasis_training.commands.datasets", "check", "-", "--json"],
        input=path.read_bytes(), capture_output=True, check=True,
    )  # fmt: skip
    assert b'"pairs": 1' in done.stdout and b'"is_sound": true' in done.stdout


def test_early_end_of_reading_stops_the_command(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = shard(tmp_path / "0.tar", *((f"{i}.{end}", members[f"a.{end}"]) for i in range(4) for end in ("jpg", "png")))
    script = tmp_path / "endless.py"
    script.write_text(
        f"import shutil, sys, time\nshutil.copyfileobj(open({str(path)!r}, 'rb'), sys.stdout.buffer)\n"
        "sys.stdout.flush()\ntime.sleep(600)\n"
    )
    pairs = iter(open_dataset(f"pipe:{shlex.quote(sys.executable)} {shlex.quote(str(script))}").pairs)
    assert np.unique(next(pairs).labels.read()).tolist() == [0, 5]
    pairs.close()  # type: ignore[attr-defined] # a generator; would wait ten minutes if the command lived on
