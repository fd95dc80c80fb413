"""Packed weights: the same numbers, however they lie."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic import convolution
from oasis_studio.synthesis.engine.arithmetic.convolution import PackedConv, as_map
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv

CPU = torch.device("cpu")
TYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])


def convolved(dtype: torch.dtype, height: int, width: int, padding: int) -> list[Tensor]:
    """Alone, and added to a map."""
    numbers = torch.Generator().manual_seed(0)
    weight, bias = torch.randn((24, 16, 3, 3), generator=numbers), torch.randn(24, generator=numbers)
    conv = PackedConv(FoldedConv(weight, bias), dtype, CPU)
    seen = torch.randn((height, width, 16), generator=numbers).to(dtype)
    lost = 2 - 2 * padding
    total = torch.randn((height - lost, width - lost, 24), generator=numbers).to(dtype)
    with torch.inference_mode():
        return [conv(as_map(seen), padding).clone(), conv.add_to(as_map(total), as_map(seen), padding).clone()]


@TYPES
@pytest.mark.parametrize("large", [1, 1 << 30], ids=["packed for coarse maps", "not packed"])
@pytest.mark.parametrize("size", [(8, 8), (16, 16), (5, 9), (40, 64)])
@pytest.mark.parametrize("padding", [0, 1])
def test_no_bit_depends_on_where_weights_are_packed(
    monkeypatch: pytest.MonkeyPatch, dtype, large, size, padding
) -> None:
    monkeypatch.setattr(convolution, "is_layout_bound", lambda _dtype: False)
    expected = convolved(dtype, *size, padding)
    monkeypatch.setattr(convolution, "is_layout_bound", lambda _dtype: True)
    monkeypatch.setattr(convolution, "_LARGE", large)
    for found, known in zip(convolved(dtype, *size, padding), expected, strict=True):
        assert torch.equal(found, known)


@TYPES
def test_the_measurement_runs_here(dtype: torch.dtype) -> None:
    assert convolution.is_layout_bound(dtype) in (True, False)


def test_without_onednn_nothing_is_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = convolved(torch.float32, 9, 12, 1)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    for found, known in zip(convolved(torch.float32, 9, 12, 1), expected, strict=True):
        assert torch.allclose(found, known, atol=1e-4)
    convolution.is_layout_bound.cache_clear()
    assert not convolution.is_layout_bound(torch.float32)
    convolution.is_layout_bound.cache_clear()
