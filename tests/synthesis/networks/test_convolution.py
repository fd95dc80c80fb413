"""The fast forms of convolutions give the numbers and the gradients of the plain ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.synthesis.networks import convolution
from oasis_studio.synthesis.networks.convolution import convolve, convolve_and_pool, convolve_doubled
from oasis_studio.synthesis.networks.spectral import SpectralConv2d
from oasis_studio.synthesis.networks.tensors import double

FORMATS = [torch.contiguous_format, torch.channels_last]


def drawn(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def results(compute: Callable[..., Tensor], *tensors: Tensor) -> list[Tensor]:
    """The result, and the gradients of a weighted sum of it."""
    leaves = [tensor.detach().clone(memory_format=torch.preserve_format).requires_grad_() for tensor in tensors]
    result = compute(*leaves)
    (result * drawn(*result.shape, seed=9)).sum().backward()
    return [result.detach(), *(leaf.grad for leaf in leaves if leaf.grad is not None)]


def assert_same(fast: Callable[..., Tensor], plain: Callable[..., Tensor], *tensors: Tensor) -> None:
    found, expected = results(fast, *tensors), results(plain, *tensors)
    assert len(found) == len(expected) == 1 + len(tensors)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("order", FORMATS, ids=["planar", "channels last"])
@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (1, 1), (4, 2)])
@pytest.mark.parametrize("is_slow", [False, True])
def test_gradients_do_not_depend_on_the_order_of_memory(
    is_slow: bool, kernel: int, stride: int, order: torch.memory_format, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convolution, "has_slow_weight_gradients", lambda: is_slow)
    x = drawn(2, 5, 8, 6, seed=1).contiguous(memory_format=order)
    weight, bias = drawn(4, 5, kernel, kernel, seed=2), drawn(4, seed=3)
    padding = (kernel - 1) // 2
    assert_same(
        lambda x, weight, bias: convolve(x, weight, bias, stride, padding),
        lambda x, weight, bias: F.conv2d(x, weight, bias, stride, padding),
        x, weight, bias,
    )  # fmt: skip


def test_a_frozen_weight_still_passes_the_gradient_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "has_slow_weight_gradients", lambda: True)
    weight = drawn(4, 5, 3, 3, seed=2)
    x = drawn(2, 5, 8, 6, seed=1).contiguous(memory_format=torch.channels_last)
    assert_same(lambda x: convolve(x, weight, None, 1, 1), lambda x: F.conv2d(x, weight, None, 1, 1), x)


@pytest.mark.parametrize("order", FORMATS, ids=["planar", "channels last"])
@pytest.mark.parametrize("size", [(8, 6), (1, 1), (3, 5)])
def test_a_doubled_map_is_convolved_without_being_made(size: tuple[int, int], order: torch.memory_format) -> None:
    x = drawn(2, 5, *size, seed=1).contiguous(memory_format=order)
    assert_same(
        convolve_doubled,
        lambda x, weight, bias: F.conv2d(double(x), weight, bias, padding=1),
        x, drawn(4, 5, 3, 3, seed=2), drawn(4, seed=3),
    )  # fmt: skip


@pytest.mark.parametrize("order", FORMATS, ids=["planar", "channels last"])
def test_a_convolution_is_pooled_without_being_made(order: torch.memory_format) -> None:
    x = drawn(2, 5, 8, 6, seed=1).contiguous(memory_format=order)
    assert_same(
        convolve_and_pool,
        lambda x, weight, bias: F.avg_pool2d(F.conv2d(x, weight, bias, padding=1), 2),
        x, drawn(4, 5, 3, 3, seed=2), drawn(4, seed=3),
    )  # fmt: skip


def test_channels_beside_a_doubled_map_are_convolved_with_it() -> None:
    layer = SpectralConv2d(5 + 2, 4, 3).double().eval()
    torch.nn.init.normal_(layer.weight_orig)
    assert_same(
        layer.of_doubled,
        lambda x, beside: layer(torch.cat([double(x), beside], dim=1)),
        drawn(2, 5, 4, 3, seed=1), drawn(2, 2, 8, 6, seed=2),
    )  # fmt: skip
