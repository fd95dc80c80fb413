"""Compiled inner loops compute what torch computes, and are used where they are there, right and faster."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from ctypes import CDLL
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic import kernel_choice
from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, TorchKernels
from oasis_studio.synthesis.engine.arithmetic.native import library as native_library
from oasis_studio.synthesis.engine.arithmetic.native.kernels import NativeKernels
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from tests.synthesis.engine.scenes import PUBLISHED, STARTER, network, psnr, scene

CPU = torch.device("cpu")
TYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
PLAIN = TorchKernels()


@pytest.fixture
def native(library: CDLL) -> NativeKernels:
    return NativeKernels(library)


def random(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def take(_name: str, *shape: int) -> Tensor:
    return torch.empty(shape)


def take_half(_name: str, *shape: int) -> Tensor:
    return torch.empty(shape, dtype=torch.bfloat16)


TAKES = {torch.float32: take, torch.bfloat16: take_half}


def are_close(found: Tensor, expected: Tensor) -> bool:
    """Up to rounding: torch rounds a bfloat16 after every operation."""
    close = 1e-6 if expected.dtype == torch.float32 else 0.02
    return torch.allclose(found.float(), expected.float(), atol=close, rtol=close)


@TYPES
@pytest.mark.parametrize("channels", [64, 1024, 37, 1])
@pytest.mark.parametrize(
    ("factor", "corner", "size"),
    [(1, (0, 0), (12, 9)), (2, (0, 0), (24, 18)), (2, (1, 3), (20, 13)), (1, (5, 2), (1, 1)), (2, (3, 0), (7, 18))],
)
def test_the_sweep(native: NativeKernels, dtype: torch.dtype, channels: int, factor: int, corner, size) -> None:
    height, width = size
    x = random(12, 9, channels, dtype=dtype)
    table = random(50, 2 * channels, dtype=dtype, seed=1)
    index = torch.randint(0, 50, (30, 40), generator=torch.Generator().manual_seed(2)).int()
    for rows in (Coefficients(table, index[3 : 3 + height, 5 : 5 + width]), Coefficients(table[index], None)):
        part = rows if rows.index_HW is not None else rows.cut(slice(3, 3 + height), slice(5, 5 + width))
        images = []
        for kernels in (PLAIN, native):
            frame = torch.full((height + 2, width + 2, channels), 7, dtype=dtype)
            kernels.modulate(x, part, frame[1:-1, 1:-1], factor, corner, 0.2, TAKES[dtype])
            images.append(frame)
        assert are_close(images[1], images[0])
        assert (images[1][0] == 7).all() and (images[1][:, -1] == 7).all()
        one = part.rows[part.index_HW[0, 0]] if part.index_HW is not None else part.rows[0, 0]
        value = x[corner[0] // factor, corner[1] // factor].float() * one[:channels].float() + one[channels:].float()
        assert are_close(images[1][1, 1], torch.nn.functional.leaky_relu(value, 0.2).to(dtype))


@TYPES
def test_the_sweep_in_place_and_what_is_no_number(native: NativeKernels, dtype: torch.dtype) -> None:
    x = random(40, 50, 96, dtype=dtype)
    rows = random(40, 50, 192, dtype=dtype, seed=1)
    x[3, 4, 5], x[3, 4, 6] = float("nan"), float("inf")
    expected = x.clone()
    PLAIN.modulate(expected, Coefficients(rows, None), expected, 1, (0, 0), 1.0, take)
    native.modulate(x, Coefficients(rows, None), x, 1, (0, 0), 1.0, take)
    assert torch.isnan(x[3, 4, 5]) and torch.isinf(x[3, 4, 6])
    x[3, 4, 5] = expected[3, 4, 5] = 0
    assert are_close(x, expected)


@pytest.mark.parametrize(
    ("reads", "writes"),
    [(torch.float32, torch.float32), (torch.float32, torch.bfloat16), (torch.bfloat16, torch.bfloat16)],
)
@pytest.mark.parametrize("columns", [128, 70, 3])
@pytest.mark.parametrize("is_activated", [False, True])
def test_sums_of_rows(native: NativeKernels, reads: torch.dtype, writes: torch.dtype, columns, is_activated) -> None:
    table = random(9 * 40, columns, dtype=reads)
    windows = torch.randint(0, 40, (300, 9), generator=torch.Generator().manual_seed(1)).int()
    bias = random(columns + 4, seed=3)[4:]
    for asked in (windows, None):
        count = 300 if asked is not None else len(table)
        whole = torch.zeros((2, count, columns + 10), dtype=writes)
        for out, kernels in zip(whole, (PLAIN, native), strict=True):
            kernels.sum_rows(table, asked, bias, out[:, 5:-5], is_activated)
        close = 1e-5 if writes == torch.float32 else 0.06
        assert torch.allclose(whole[1].float(), whole[0].float(), atol=close, rtol=close)
        assert not whole[1, :, :5].any() and not whole[1, :, -5:].any()
        assert (whole[1] < 0).any() != is_activated


def test_callers_from_several_threads_do_not_meet(native: NativeKernels) -> None:
    x, rows = random(64, 64, 128), random(64, 64, 256, seed=1)
    expected = torch.empty_like(x)
    PLAIN.modulate(x, Coefficients(rows, None), expected, 1, (0, 0), 0.2, take)

    def sweep(_number: int) -> bool:
        out = torch.empty_like(x)
        native.modulate(x, Coefficients(rows, None), out, 1, (0, 0), 0.2, take)
        return are_close(out, expected)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(sweep, range(200)))


@pytest.mark.parametrize("config", [PUBLISHED, STARTER], ids=["published", "starter"])
@TYPES
def test_the_images_agree(native: NativeKernels, config, dtype: torch.dtype) -> None:
    generator = network(config)
    images = []
    for kernels in (PLAIN, native):
        live = LiveImage(CompiledGenerator(generator, dtype, CPU, kernels))
        with torch.inference_mode():
            images.append([live.follow(scene(96, 64, 9, seed), lambda: False)[0].numpy().copy() for seed in (1, 2)])
    for plain, fast in zip(*images, strict=True):
        if dtype == torch.float32:
            assert np.abs(fast - plain).max() < 5e-5
        else:
            assert psnr(fast, plain) > 45


# Which are used


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """Choose anew, as in a fresh process; → the name of the choice and what was logged."""
    caplog.set_level(logging.INFO)

    def choose(path: Path) -> tuple[str, list[str]]:
        monkeypatch.setattr(kernel_choice.library, "load", lambda: native_library_load(path))
        return kernel_choice._on_processor.__wrapped__().name, [record.message for record in caplog.records]

    native_library_load = native_library.load
    return choose


@pytest.mark.parametrize("content", [None, b"no library"])
def test_without_a_usable_library_torch_does_it_and_one_line_tells(choose, tmp_path: Path, content) -> None:
    path = tmp_path / "_kernels.so"
    if content is not None:
        path.write_bytes(content)
    name, lines = choose(path)
    assert name == "torch"
    assert len(lines) == 1 and "by torch" in lines[0]


def test_an_older_library_is_not_used(choose, library: CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(native_library._SIGNATURES, "oasis_of_tomorrow", "- i")
    name, lines = choose(Path(library._name))
    assert name == "torch"
    assert len(lines) == 1 and "has no oasis_of_tomorrow" in lines[0]


@pytest.mark.parametrize(("seconds", "name"), [(1e-9, "native"), (10.0, "torch")])
def test_the_faster_ones_are_taken(choose, library: CDLL, monkeypatch, seconds: float, name: str) -> None:
    tried = kernel_choice._tried

    def measured(kernels):
        _seconds, image = tried(kernels)
        return (seconds if isinstance(kernels, NativeKernels) else 1.0), image

    monkeypatch.setattr(kernel_choice, "_tried", measured)
    assert choose(Path(library._name))[0] == name


def test_a_library_that_computes_something_else_is_not_used(choose, library: CDLL, monkeypatch) -> None:
    monkeypatch.setattr(NativeKernels, "modulate", lambda _self, _x, _rows, out, *_rest: out.zero_())
    name, lines = choose(Path(library._name))
    assert name == "torch" and "something else" in lines[0]


def test_other_devices_have_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kernel_choice.choose_kernels(torch.device("meta")).name == "torch"


# Compiling


def test_the_script_compiles_or_says_why_not(native_script, library: CDLL, tmp_path: Path, monkeypatch, capsys) -> None:
    folder = tmp_path / native_script.FOLDER
    folder.mkdir(parents=True)
    (folder / "one.cpp").write_text("this is no C++")
    assert native_script.compile_kernels(tmp_path) is None
    monkeypatch.setenv("CXX", str(tmp_path / "nowhere"))
    assert native_script.compile_kernels(tmp_path) is None
    monkeypatch.delenv("CXX")
    monkeypatch.setattr(native_script.shutil, "which", lambda _name: None)
    assert native_script.compile_kernels(tmp_path) is None
    assert capsys.readouterr().err.count("the engine will do without") == 3
    assert [path.name for path in folder.iterdir()] == ["one.cpp"]
