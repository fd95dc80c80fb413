"""The label path by distinct windows gives the numbers and the gradients of the one at every pixel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.label_windows import LabelPath, PixelCondition, WindowCondition
from oasis_studio.synthesis.networks.network import AnyNetwork
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig, SpadeGenerator

CLASSES, SIDE, IMAGES, NOISE = 40, 32, 3, 5


def bands() -> Tensor:
    """Sky over ground in every image, and shapes at the border and inside."""
    labels = torch.zeros(IMAGES, SIDE, SIDE, dtype=torch.long)
    labels[:, SIDE // 2 :] = 1
    labels[1, :, 12:20] = 2
    labels[2, 20:, 20:] = 3
    labels[2, 5, 5] = 4
    return labels


def one_class() -> Tensor:
    return torch.zeros(IMAGES, SIDE, SIDE, dtype=torch.long)


def stripes() -> Tensor:
    """Two classes in turn, which disappear at half the size."""
    return (torch.arange(SIDE) % 2).expand(IMAGES, SIDE, SIDE).contiguous()


def confetti() -> Tensor:
    """Every pixel has a class of its own, so that no window comes twice."""
    return torch.randint(0, CLASSES, (IMAGES, SIDE, SIDE), generator=torch.Generator().manual_seed(4))


def noise(is_regional: bool) -> Tensor:
    drawn = torch.randn(IMAGES, CLASSES, NOISE, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    return drawn if is_regional else drawn[:, :1].expand_as(drawn)


def lively(network: AnyNetwork) -> AnyNetwork:
    """In float64 for training, with biases and weights that let everything matter."""
    draws = torch.Generator().manual_seed(6)
    network = network.double().train()
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(torch.randn(weight.shape, dtype=torch.float64, generator=draws) * 0.3)
    return network


def step(network: AnyNetwork, condition: Tensor, uses_windows: bool) -> dict[str, Tensor]:
    """Picture, gradients and buffers after one forward and backward with the same grain."""
    network.uses_windows = uses_windows
    torch.manual_seed(7)
    picture = network(condition)
    weights = torch.randn(picture.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(8))
    (picture * weights).sum().backward()
    found = {"picture": picture.detach()}
    found |= {name: weight.grad.clone() for name, weight in network.named_parameters() if weight.grad is not None}
    return found | {name: buffer.clone() for name, buffer in network.named_buffers()}


def assert_same_steps(make: Callable[[], AnyNetwork], condition: Callable[[AnyNetwork], Tensor]) -> None:
    plain, windows = lively(make()), lively(make())
    windows.load_state_dict(plain.state_dict())
    seen = condition(plain)
    expected, found = step(plain, seen, False), step(windows, seen, True)
    assert expected.keys() == found.keys() and len(expected) > len(list(plain.named_parameters()))
    for name, value in expected.items():
        torch.testing.assert_close(
            found[name], value, rtol=1e-9, atol=1e-9, msg=lambda text, name=name: f"{name}: {text}"
        )


@pytest.mark.parametrize(
    "labels", [bands(), one_class(), stripes(), confetti()], ids=["bands", "one", "stripes", "confetti"]
)
@pytest.mark.parametrize("is_regional", [False, True], ids=["image noise", "region noise"])
@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("shares_hidden", [False, True], ids=["own hidden", "shared hidden"])
def test_oasis_takes_the_same_step(kernel: int, shares_hidden: bool, is_regional: bool, labels: Tensor) -> None:
    config = GeneratorConfig(CLASSES, NOISE, (8, 8, 6, 5), 6, shares_hidden, kernel, grain=True)
    assert_same_steps(lambda: Generator(config), lambda network: network.condition(labels, labels, noise(is_regional)))


@pytest.mark.parametrize("has_edges", [False, True], ids=["labels", "labels and outlines"])
def test_spade_takes_the_same_step(has_edges: bool) -> None:
    config = SpadeConfig(CLASSES, has_edges, width=2, hidden=6)
    labels = bands().repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)
    nothing = torch.zeros(IMAGES, 1, 0, dtype=torch.float64)
    assert_same_steps(lambda: SpadeGenerator(config), lambda network: network.condition(labels, labels, nothing))


def path_of(labels: Tensor, uses_windows: bool = True, requires_grad: bool = False) -> LabelPath:
    network = Generator(GeneratorConfig(CLASSES, NOISE, (8, 8, 6, 5), 6))
    seen = network.condition(labels, labels, noise(False).float()).requires_grad_(requires_grad)
    return LabelPath(seen, 3, uses_windows)


def test_flat_regions_are_read_by_windows_and_confetti_by_pixels() -> None:
    features = torch.zeros(IMAGES, 8, SIDE, SIDE)
    assert isinstance(path_of(bands()).at(features), WindowCondition)
    assert isinstance(path_of(confetti()).at(features), PixelCondition)


def test_pixels_are_read_where_windows_were_not_asked_for_or_cannot_serve() -> None:
    features = torch.zeros(IMAGES, 8, SIDE, SIDE)
    assert isinstance(path_of(bands(), uses_windows=False).at(features), PixelCondition)
    assert isinstance(path_of(bands(), requires_grad=True).at(features), PixelCondition)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert isinstance(path_of(bands()).at(features), PixelCondition)
