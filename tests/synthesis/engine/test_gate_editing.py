"""The gate of following: how close the photo stays while somebody paints, in bfloat16, against the plain network.

What an edit does outside of its rectangle depends on the weights. At full size they are random: as large as the trained
starter's, or γ and β three times as large. Edits that would have less than 40 dB come whole.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch

from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.network import AnyNetwork
from tests.benchmarks.networks import MODULATION, NETWORKS, calibrated, dabbed, painted
from tests.synthesis import official_weights
from tests.synthesis.engine.scenes import plain, psnr

CPU = torch.device("cpu")
CENTRE = (0.45, 0.55)
WHOLE = 50.0
"""dB of a whole photo in bfloat16."""
SMALL = GeneratorConfig(
    classes=official_weights.SMALL_CLASSES,
    noise=official_weights.SMALL_NOISE,
    widths=tuple(4 * multiple for multiple in (16, 16, 16, 8, 4, 2, 1)),
    native_width=128,
    native_height=64,
)


def fixture() -> tuple[Generator, LiveImage]:
    generator = Generator(SMALL)
    generator.load_state_dict(official_weights.small_generator())
    return generator.eval(), LiveImage(CompiledGenerator(generator, torch.bfloat16, CPU))


@cache
def full_size(name: str, modulation: float) -> tuple[AnyNetwork, LiveImage]:
    generator = calibrated(*NETWORKS[name], modulation)
    return generator, LiveImage(CompiledGenerator(generator, torch.bfloat16, CPU))


def closeness(
    networks: tuple[AnyNetwork, LiveImage], scene: Scene, share: float, centre: tuple[float, float] = CENTRE
) -> tuple[float, float, float, bool]:
    """dB of an edit of that share: its first frame, when it is followed, at rest; and is the second approximate?"""
    generator, live = networks
    edited = dabbed(scene, share, centre)
    expected = plain(generator, edited)
    with torch.inference_mode():
        live.render(scene, never)
        first = live.follow(edited, never, only_detail=True)[0].numpy().copy()
        live.render(scene, never)
        followed, is_approximate = live.follow(edited, never)
        followed = followed.numpy().copy()
        settled = live.render(edited, never).numpy()
    return psnr(first, expected), psnr(followed, expected), psnr(settled, expected), is_approximate


def never() -> bool:
    return False


def golden_scene(number: int) -> Scene:
    labels = official_weights.golden()["labels"][number].astype(np.uint8)
    noise = official_weights.golden()["z_global"][number : number + 1]
    return on_grid(labels, np.zeros_like(labels, np.uint16), noise, SMALL.grid)


@pytest.mark.usefixtures("kernels")
def test_the_small_fixture() -> None:
    """It is so small that everything depends on everything: photos of it come whole, the first ones too.

    In so few pixels one photo is rounded up to a dB better or worse than another, by which inner loops and products
    the machine has: the gate is for all of them together.
    """
    generator, live = fixture()
    whole: list[float] = []
    for number in (0, 1):
        scene = golden_scene(number)
        with torch.inference_mode():
            whole.append(psnr(live.render(scene, never).numpy(), plain(generator, scene)))
        for share in (0.01, 0.05, 0.15):
            first, followed, settled, is_approximate = closeness((generator, live), scene, share)
            assert not is_approximate
            assert first == followed == settled
            whole.append(settled)
    assert together(whole) >= WHOLE and min(whole) >= WHOLE - 1


@pytest.mark.slow
@pytest.mark.parametrize("modulation", [MODULATION, 1.0])
def test_the_full_size_network(modulation: float) -> None:
    networks = full_size("ade20k", modulation)
    whole: list[float] = []
    for seed in (28, 1, 2):
        scene = painted(*NETWORKS["ade20k"], 28, seed)
        first, followed, settled, is_approximate = closeness(networks, scene, 0.01)
        assert is_approximate and first >= 40 and followed >= 40
        whole.append(settled)
        for share in (0.05, 0.15):
            _first, followed, settled, _is_approximate = closeness(networks, scene, share)
            assert followed >= 39
            whole.append(settled)
    assert together(whole) >= WHOLE and min(whole) >= WHOLE - 0.5


def together(decibels: list[float]) -> float:
    """Of several images as of one."""
    return -10 * float(np.log10(np.mean(10 ** (-np.array(decibels) / 10))))


@pytest.mark.slow
def test_a_large_edit_is_followed_where_labels_decide_the_details() -> None:
    """Once whole photos have told how little drifts."""
    networks = full_size("ade20k", 1.0)
    config, size = NETWORKS["ade20k"]
    found = [closeness(networks, painted(config, size, 28, seed), 0.05, (0.25, 0.3)) for seed in range(1, 6)]
    assert any(is_approximate for *_closeness, is_approximate in found)
    assert all(followed >= 38 for _first, followed, _settled, _is_approximate in found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [28, 1])
def test_the_full_size_spade_network(seed: int) -> None:
    """Without noise its features are of labels alone: a large edit changes all of the photo, and that comes at once."""
    networks = full_size("spade", MODULATION)
    scene = painted(*NETWORKS["spade"], 28, seed)
    first, followed, settled, _is_approximate = closeness(networks, scene, 0.01)
    assert first >= 40 and followed >= 40 and settled >= 46
    for share in (0.05, 0.15):
        _first, followed, _settled, is_approximate = closeness(networks, scene, share)
        assert not is_approximate and followed >= 46
