"""A conversion that is killed at any moment leaves a whole data set or none, and the person's files as they were."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from oasis_training.datasets.check import check
from oasis_training.datasets.formats import open_dataset

from tests.training.datasets.files import grey, halves, photo

PAIRS = 12

CONVERT_WITHOUT_END = """
import shutil, sys
from pathlib import Path
from oasis_training.datasets.convert import classes_of, convert
from oasis_training.datasets.formats import open_dataset
from oasis_training.datasets.mapping import renumbered
source, out = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while True:
    dataset = open_dataset(str(source))
    convert(dataset, out, renumbered(classes_of(dataset), "out"))
    out.replace(out.with_name("before"))
    shutil.rmtree(out.with_name("before"))
"""


def _kill_while_converting(root: Path, moments: int) -> int:
    """How many of the ``moments`` found a data set; each of those is whole."""
    source, out, neighbour = root / "in", root / "out", root / "out.part"
    for number in range(PAIRS):
        photo(source / f"images/{number}.jpg", number)
        grey(source / f"labels/{number}.png", halves(0, 1))
    neighbour.mkdir()
    (neighbour / "mine.txt").write_text("mine")
    kept = {path: path.read_bytes() for path in (*source.rglob("*"), *neighbour.rglob("*")) if path.is_file()}
    chance, whole = random.Random(0), 0
    for _moment in range(moments):
        command = [sys.executable, "-c", CONVERT_WITHOUT_END, str(source), str(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.2))
            os.kill(process.pid, signal.SIGKILL)
        if out.exists():
            found = check(open_dataset(str(out)))
            assert found.usable == found.pairs == PAIRS and not found.missing
            whole += 1
            out.rename(root / f"made-{whole}")
    assert {path: path.read_bytes() for path in kept} == kept
    return whole


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
@pytest.mark.parametrize("moments", [3, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_conversion_leaves_a_whole_data_set_or_none(tmp_path: Path, moments: int) -> None:
    whole = _kill_while_converting(tmp_path, moments)
    assert moments < 9 or 0 < whole < moments
