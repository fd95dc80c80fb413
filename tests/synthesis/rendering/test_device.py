"""Devices are taken only if they are there, and a final photo is always float32."""

from collections.abc import Iterator

import pytest
import torch

from oasis_studio.core.work.request import Quality
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.rendering import device
from oasis_studio.synthesis.rendering.device import choose_device, choose_precision, has_fast_bf16

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def unmeasured() -> Iterator[None]:
    device._has_fast_bf16.cache_clear()
    yield
    device._has_fast_bf16.cache_clear()


def machine(monkeypatch: pytest.MonkeyPatch, *kinds: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in kinds)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in kinds)


def measured(monkeypatch: pytest.MonkeyPatch, fp32: float, bf16: float) -> list[torch.dtype]:
    calls: list[torch.dtype] = []

    def seconds(_kind: str, dtype: torch.dtype) -> float:
        calls.append(dtype)
        return fp32 if dtype == torch.float32 else bf16

    monkeypatch.setattr(device, "_convolution_seconds", seconds)
    return calls


@pytest.mark.parametrize(("kinds", "best"), [((), "cpu"), (("mps",), "mps"), (("cuda",), "cuda")])
def test_auto_takes_the_fastest_there_is(monkeypatch: pytest.MonkeyPatch, kinds: tuple[str], best: str) -> None:
    machine(monkeypatch, *kinds)
    assert choose_device("auto").type == best
    assert choose_device("cpu").type == "cpu"


def test_a_device_that_is_not_there_is_an_expected_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch)
    with pytest.raises(StudioError, match="no cuda device") as caught:
        choose_device("cuda")
    assert "cpu" in caught.value.hint
    with pytest.raises(StudioError, match='no device "tpu"'):
        choose_device("tpu")


def test_bf16_must_be_clearly_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, fp32=1.0, bf16=0.9)
    assert choose_precision("auto", CPU, Quality.PREVIEW) == torch.float32
    device._has_fast_bf16.cache_clear()
    measured(monkeypatch, fp32=1.0, bf16=0.5)
    assert choose_precision("auto", CPU, Quality.PREVIEW) == torch.bfloat16


@pytest.mark.parametrize(("bf16", "wide"), [(0.5, torch.bfloat16), (0.9, torch.float32)])
def test_what_is_not_int8_is_as_auto(monkeypatch: pytest.MonkeyPatch, bf16: float, wide: torch.dtype) -> None:
    measured(monkeypatch, fp32=1.0, bf16=bf16)
    assert choose_precision("int8", CPU, Quality.PREVIEW) == wide


def test_it_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = measured(monkeypatch, fp32=1.0, bf16=0.5)
    assert [has_fast_bf16(CPU) for _round in range(3)] == [True] * 3
    assert len(calls) == 2


def test_a_machine_without_bf16_uses_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_kind: str, dtype: torch.dtype) -> float:
        if dtype == torch.bfloat16:
            raise RuntimeError("not implemented for 'BFloat16'")
        return 1.0

    monkeypatch.setattr(device, "_convolution_seconds", broken)
    assert not has_fast_bf16(CPU)


def test_the_measurement_runs_here() -> None:
    assert 0 < device._convolution_seconds("cpu", torch.float32) < 60


@pytest.mark.parametrize("precision", ["auto", "fp32", "bf16", "int8"])
def test_a_final_photo_is_float32(monkeypatch: pytest.MonkeyPatch, precision: str) -> None:
    measured(monkeypatch, fp32=1.0, bf16=0.1)
    assert choose_precision(precision, CPU, Quality.FINAL) == torch.float32


def test_an_explicit_precision_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = measured(monkeypatch, fp32=1.0, bf16=9.0)
    assert choose_precision("fp32", CPU, Quality.PREVIEW) == torch.float32
    assert choose_precision("bf16", CPU, Quality.PREVIEW) == torch.bfloat16
    assert calls == []
    with pytest.raises(StudioError, match='no precision "int4"'):
        choose_precision("int4", CPU, Quality.PREVIEW)
