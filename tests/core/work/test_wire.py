"""Values in frames, there and back; and what may not travel."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from oasis_studio.core.work.jobs import Distance, Inversion, InversionJob
from oasis_studio.core.work.request import Quality, SynthesisRequest, SynthesisResult
from oasis_studio.core.work.wire import WireError, read_frame, write_frame


def there_and_back(value: object) -> Any:
    stream = io.BytesIO()
    write_frame(stream, "ask", 7, value)
    stream.seek(0)
    frame = read_frame(stream)
    assert frame is not None and frame[:2] == ("ask", 7)
    assert read_frame(stream) is None, "nothing is left over"
    return frame[2]


def test_a_request_arrives_bit_for_bit() -> None:
    draws = np.random.default_rng(0)
    labels = draws.integers(0, 8, (48, 64), np.uint8)
    regions = draws.integers(0, 3, (48, 64), np.uint16)
    noise = draws.standard_normal((3, 4), np.float32)
    sent = SynthesisRequest(5, "outdoor", labels, regions, noise, Quality.LIVE, np.zeros(0, np.float32))
    got = there_and_back(sent)
    assert isinstance(got, SynthesisRequest)
    assert (got.id, got.model, got.quality) == (5, "outdoor", Quality.LIVE)
    for name in ("labels_HW", "regions_HW", "noise_RZ", "style_code"):
        here, there = getattr(sent, name), getattr(got, name)
        assert here.dtype == there.dtype and np.array_equal(here, there)


def test_results_jobs_and_answers_within_answers_arrive() -> None:
    image = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)[:, ::-1]  # not contiguous
    result = there_and_back(SynthesisResult(1, image, "cuda", {"render": np.float32(0.5)}, True))  # type: ignore[dict-item]
    assert np.array_equal(result.image_HW3, image) and result.seconds == {"render": 0.5} and result.is_partial
    found = Inversion(np.ones((1, 4), np.float32), (Distance(0, 9.0, 3.0), Distance(1, 1.0, 0.5)), image, 0.5)
    assert there_and_back(found).distances == found.distances
    labels = np.zeros((2, 2), np.uint8)
    job = InversionJob("m", labels, labels.astype(np.uint16), np.zeros((1, 4), np.float32), ((0, 3),), image, labels)
    assert there_and_back(job).targets == ((0, 3),)
    assert there_and_back(("message", "hint", None, True)) == ("message", "hint", None, True)


@dataclass
class Stranger:
    command: str = "rm"


@pytest.mark.parametrize("value", [Stranger(), object(), np.array([object()]), {"x": b"bytes"}])
def test_nothing_else_may_travel(value: object) -> None:
    with pytest.raises(WireError):
        write_frame(io.BytesIO(), "ask", 1, value)


def frame_of(head: object, body: bytes = b"") -> bytes:
    text = json.dumps(head).encode()
    return b"OASF" + struct.pack("<I", len(text)) + text + body


@pytest.mark.parametrize(
    "data",
    [
        b"Traceback (most recent call last)",
        b"OASF" + struct.pack("<I", 2**31),
        b"OASF" + struct.pack("<I", 4) + b"{{{{",
        frame_of({"kind": "ask", "number": 1, "value": {"is": "Path", "fields": {}}, "arrays": []}),
        frame_of({"kind": "ask", "number": 1, "value": None, "arrays": [["|O", [1]]]}),
        frame_of({"kind": "ask", "number": 1, "value": None, "arrays": [["|u1", [2**20, 2**20]]]}),
        frame_of({"kind": "ask", "number": 1, "value": None, "arrays": [["|u1", [-1]]]}),
        frame_of({"kind": "ask", "number": 1, "value": {"array": 3}, "arrays": []}),
        frame_of({"kind": "ask", "number": 1, "value": {"is": "Distance", "fields": {"no": 1}}, "arrays": []}),
        frame_of([]),
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        read_frame(io.BytesIO(data))


def test_every_cut_is_noticed() -> None:
    stream = io.BytesIO()
    write_frame(stream, "answer", 2, np.arange(10, dtype=np.uint8))
    whole = stream.getvalue()
    for length in range(1, len(whole)):
        with pytest.raises(EOFError):
            read_frame(io.BytesIO(whole[:length]))
