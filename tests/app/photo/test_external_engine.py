"""An engine in another process: a stand-in without torch that answers, fails, waits, talks nonsense or dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from oasis_studio.app.photo.external_engine import EngineLost, ExternalEngine
from oasis_studio.core.work.child import child_environment
from oasis_studio.core.work.jobs import EncodeJob, JobCancelled, StyleCode
from oasis_studio.core.work.request import SynthesisCancelled
from oasis_studio.errors import MemoryShortage, StudioError
from tests.app.scene import request

STAND_IN = """
import os, sys
import numpy as np
from oasis_studio.core.work.jobs import StyleCode
from oasis_studio.core.work.request import SynthesisRequest, SynthesisResult
from oasis_studio.core.work.wire import PROTOCOL, read_frame, write_frame

target, source = os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(0), "rb")
mode = sys.argv[1]
if mode == "does not start":
    print("ImportError: libcudart.so.12", file=sys.stderr)
    sys.exit(1)
if mode == "another version":
    write_frame(target, "ready", 0, {"protocol": PROTOCOL + 1})
else:
    write_frame(target, "ready", 0, {"protocol": PROTOCOL, "device": "cuda"})
while (frame := read_frame(source)) is not None:
    kind, number, asked = frame
    if kind == "cancel":
        write_frame(target, "cancelled", number)
    elif mode == "dies":
        print("CUDA error: an illegal memory access", file=sys.stderr)
        os.abort()
    elif mode == "talks nonsense":
        target.write(b"Segmentation fault"); target.flush()
    elif mode == "fails":
        write_frame(target, "failed", number, ("It is too large.", "Try a smaller one.", "detail", True))
    elif mode == "waits":
        pass
    elif isinstance(asked, SynthesisRequest):
        image = np.repeat(asked.labels_HW[..., None], 3, 2)
        write_frame(target, "answer", number, SynthesisResult(asked.id, image, "cuda", {"render": 0.01}))
    else:
        write_frame(target, "progress", number - 1, 0.25)  # of an older question
        write_frame(target, "progress", number, 0.5)
        write_frame(target, "answer", number, StyleCode(asked.image_HW3[0, 0].astype(np.float32)))
"""

Open = Callable[[str], ExternalEngine]


@pytest.fixture
def open_engine(tmp_path: Path) -> Iterator[Open]:
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN, encoding="utf-8")
    opened: list[ExternalEngine] = []

    def open_one(mode: str) -> ExternalEngine:
        opened.append(ExternalEngine(sys.executable, [sys.executable, str(script), mode]))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()
        assert not engine.is_alive


def wanted() -> bool:
    return False


def test_a_photo_and_a_job_come_back(open_engine: Open) -> None:
    engine = open_engine("answers")
    assert engine.device == "cuda"
    for number in (3, 4):
        result = engine.render(request(number, label=2), wanted)
        assert (result.id, result.device) == (number, "cuda") and (result.image_HW3 == 2).all()
    heard: list[object] = []
    code = engine.work(EncodeJob("small", np.full((2, 2, 3), 9, np.uint8)), heard.append, wanted)
    assert isinstance(code, StyleCode) and (code.code_S == 9).all() and heard == [0.5]


def test_stale_work_is_given_up(open_engine: Open) -> None:
    engine = open_engine("waits")
    with pytest.raises(SynthesisCancelled):
        engine.render(request(1), lambda: True)
    with pytest.raises(JobCancelled):
        engine.work(EncodeJob("small", np.zeros((2, 2, 3), np.uint8)), print, lambda: True)


def test_a_failure_over_there_is_the_same_here(open_engine: Open) -> None:
    engine = open_engine("fails")
    with pytest.raises(MemoryShortage) as failed:
        engine.render(request(1), wanted)
    assert (failed.value.message, failed.value.hint) == ("It is too large.", "Try a smaller one.")
    assert engine.is_alive


@pytest.mark.parametrize("mode", ["dies", "talks nonsense"])
def test_an_engine_that_ends_is_lost_not_waited_for(open_engine: Open, mode: str) -> None:
    engine = open_engine(mode)
    with pytest.raises(EngineLost) as lost:
        engine.render(request(1), wanted)
    assert sys.executable in lost.value.message and "Preferences" in lost.value.hint
    assert mode != "dies" or "illegal memory access" in lost.value.detail
    with pytest.raises(EngineLost):
        engine.render(request(2), wanted)


@pytest.mark.parametrize("mode", ["does not start", "another version"])
def test_one_that_does_not_start_is_lost_with_its_last_words(open_engine: Open, mode: str) -> None:
    with pytest.raises(EngineLost) as lost:
        open_engine(mode)
    assert mode != "does not start" or "libcudart" in lost.value.detail


def test_an_interpreter_that_is_gone() -> None:
    with pytest.raises(StudioError, match="/nowhere/python cannot go on"):
        ExternalEngine("/nowhere/python")


def test_its_environment_has_our_sources_only() -> None:
    checkout, training = map(Path, child_environment("/env/bin/python")["PYTHONPATH"].split(os.pathsep))
    assert (checkout / "oasis_studio").is_dir() and (training / "oasis_training").is_dir()
