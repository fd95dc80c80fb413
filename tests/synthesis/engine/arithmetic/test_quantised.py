"""Bytes in the main convolutions: the arithmetic, the ranges, and how close the image remains."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.core.models.library import default_library
from oasis_studio.synthesis.engine import calibration, editing
from oasis_studio.synthesis.engine.arithmetic import quantised
from oasis_studio.synthesis.engine.arithmetic.convolution import as_map
from oasis_studio.synthesis.engine.arithmetic.folding import FoldedConv
from oasis_studio.synthesis.engine.arithmetic.int8_choice import most_weight
from oasis_studio.synthesis.engine.arithmetic.kernels import Coefficients, Kernels, Levels, TorchKernels
from oasis_studio.synthesis.engine.arithmetic.native.kernels import NativeKernels
from oasis_studio.synthesis.engine.arithmetic.quantised import CAREFUL_WEIGHT, MOST_WEIGHT, QuantisedConv
from oasis_studio.synthesis.engine.arithmetic.rounding import rounded
from oasis_studio.synthesis.engine.calibration import calibration_scene, quantise
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.footprint import tile_bytes, whole_bytes
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.engine.tiling import tiles
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.networks.generator import ADE20K, Generator, GeneratorConfig
from oasis_studio.synthesis.networks.network import AnyNetwork, NetworkConfig
from oasis_studio.synthesis.networks.spade_generator import SpadeConfig
from tests.benchmarks.networks import calibrated, painted
from tests.synthesis.engine.scenes import CLASSES, PUBLISHED, STARTER, plain, psnr, scene
from tests.synthesis.official_weights import golden, small_generator

CPU = torch.device("cpu")
MOST = most_weight(CPU)
TYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
SPADE = SpadeConfig(CLASSES, has_edges=True, width=4, hidden=12)
SMALL_PUBLISHED = GeneratorConfig(7, 8, (64, 64, 64, 32, 16, 8, 4), native_width=128, native_height=64)
ALL = pytest.mark.parametrize("config", [PUBLISHED, STARTER, SPADE], ids=["published", "starter", "spade"])
pytestmark = pytest.mark.skipif(MOST is None, reason="there are no convolutions in int8 here")


@cache
def network(config: NetworkConfig) -> AnyNetwork:
    return calibrated(config, (128, 128))


def engine(config: NetworkConfig, dtype: torch.dtype = torch.float32) -> CompiledGenerator:
    """Able to compute in bytes."""
    made = CompiledGenerator(network(config), dtype, CPU)
    quantise(made, network(config), MOST or MOST_WEIGHT)
    return made


def picture(config: NetworkConfig, height: int = 96, width: int = 128, seed: int = 0) -> Scene:
    drawn = scene(height, width, 9, seed)
    noise = drawn.noise_RZ[:, : config.noise]
    return on_grid(drawn.labels_HW, drawn.regions_HW, noise, config.grid, config.capabilities.sees_instances)


def render(engine: CompiledGenerator, drawn: Scene, is_int8: bool) -> np.ndarray:
    engine.arithmetic.is_int8 = is_int8
    with torch.inference_mode():
        return LiveImage(engine).render(drawn, lambda: False).numpy().copy()


# The arithmetic


def test_levels_hold_zero_exactly_and_all_between() -> None:
    levels = Levels.between(-1.3, 5.0)
    assert 0 < levels.zero < 255
    assert (0 - levels.zero) * levels.scale == pytest.approx(-1.3, abs=levels.scale)
    assert (255 - levels.zero) * levels.scale == pytest.approx(5.0, abs=levels.scale)
    assert Levels.between(0.0, 0.0).scale > 0


@TYPES
@pytest.mark.parametrize("shape", [(16, 32, 9, 7), (5, 3, 4, 4), (8, 24, 1, 1), (64, 64, 2, 30)])
@pytest.mark.parametrize("most", [MOST_WEIGHT, CAREFUL_WEIGHT])
def test_the_convolution_is_that_of_what_its_bytes_stand_for(dtype: torch.dtype, shape, most: int) -> None:
    outputs, inputs, height, width = shape
    numbers = torch.Generator().manual_seed(0)
    weight = torch.randn((outputs, inputs, 3, 3), generator=numbers)
    weight[0] = 0
    bias = None if outputs == 5 else torch.randn(outputs, generator=numbers)
    levels = Levels(0.02, 43)
    seen = torch.randint(0, 128 if most > (MOST or 0) else 256, (height + 2, width + 2, inputs), generator=numbers)
    before = torch.randn((height, width, outputs), generator=numbers).to(dtype)
    total = before.clone()
    conv = QuantisedConv(FoldedConv(weight, bias), levels, dtype, most)
    with torch.inference_mode():
        conv.add_to(as_map(total), as_map(seen.to(torch.uint8)))
    scale = weight.abs().amax(dim=(1, 2, 3), keepdim=True).clamp_min(1e-12) / most
    values = (seen.double() - levels.zero) * levels.scale
    coarse = rounded(weight / scale, torch.int16).clamp(-most, most) * scale
    expected = as_map(before).double() + F.conv2d(as_map(values), coarse.double())
    expected += 0 if bias is None else bias.double()[:, None, None]
    close = 1e-3 if dtype == torch.float32 else 0.05
    assert torch.allclose(as_map(total).double(), expected, atol=close, rtol=close / 5)


def modulated(kernels: Kernels, dtype: torch.dtype, levels: Levels | None, factor: int = 2) -> Tensor:
    """A frame around what the kernels write for some random values, also some far beyond the range."""
    numbers = torch.Generator().manual_seed(1)
    x = (torch.randn((6, 5, 37), generator=numbers) * 2).to(dtype)
    rows = torch.randn((40, 74), generator=numbers).to(dtype)
    index = torch.randint(0, 40, (11, 7), generator=numbers).int()
    out = torch.full((13, 9, 37), 7, dtype=dtype if levels is None else torch.uint8)

    def take(_name: str, *shape: int) -> Tensor:
        return torch.empty(shape, dtype=dtype)

    kernels.modulate(x, Coefficients(rows, index), out[1:-1, 1:-1], factor, (1, 2), 0.2, take, levels)
    return out


@TYPES
@pytest.mark.parametrize("name", ["torch", "native"])
def test_either_kind_of_inner_loop_writes_the_nearest_levels(
    name: str, dtype: torch.dtype, request: pytest.FixtureRequest
) -> None:
    kernels: Kernels = TorchKernels() if name == "torch" else NativeKernels(request.getfixturevalue("library"))
    levels = Levels.between(-0.8, 4.0)
    found = modulated(kernels, dtype, levels).int()
    values = modulated(kernels, torch.float32 if dtype == torch.float32 else dtype, None).float()
    expected = (values / levels.scale + levels.zero + 0.5).floor().clamp(0, 255).int()
    inside = (slice(1, -1), slice(1, -1))
    difference = (found - expected)[inside].abs()
    assert difference.max() <= (2 if dtype == torch.bfloat16 else 1)  # bfloat16 has eight digits, as bytes have
    assert (difference > 0).float().mean() < (0.5 if dtype == torch.bfloat16 and name == "native" else 0.01)
    assert found[inside].min() == 0 and found[inside].max() == 255  # cut off on both sides
    assert (found[0] == 7).all() and (found[:, -1] == 7).all()


@TYPES
def test_compiled_loops_write_what_torch_writes(library, dtype: torch.dtype) -> None:
    levels = Levels.between(-0.8, 4.0)
    difference = (
        modulated(NativeKernels(library), dtype, levels).int() - modulated(TorchKernels(), dtype, levels)
    ).abs()
    assert difference.max() <= (2 if dtype == torch.bfloat16 else 1)
    assert dtype == torch.bfloat16 or (difference > 0).float().mean() < 0.01


# Images


@ALL
@TYPES
@pytest.mark.usefixtures("kernels")
def test_the_image_remains_close(config: NetworkConfig, dtype: torch.dtype) -> None:
    able = engine(config, dtype)
    drawn = picture(config)
    wide, narrow = (render(able, drawn, is_int8) for is_int8 in (False, True))
    assert able.arithmetic.bears_int8
    assert 38 < psnr(narrow, wide) < 80, "in bytes, and close"
    assert np.array_equal(render(able, drawn, False), wide), "floats can be had as before"


@TYPES
def test_where_layouts_depend_on_the_size_whole_maps_have_their_own(monkeypatch: pytest.MonkeyPatch, dtype) -> None:
    monkeypatch.setattr(quantised, "is_layout_bound", lambda _dtype: False)
    images = [render(engine(STARTER, dtype), picture(STARTER, side, 128), True) for side in (64, 96)]
    monkeypatch.setattr(quantised, "is_layout_bound", lambda _dtype: True)
    able = engine(STARTER, dtype)
    for side, image in zip((64, 96), images, strict=True):
        assert psnr(render(able, picture(STARTER, side, 128), True), image) > 60


def test_coarse_blocks_and_few_pixels_stay_in_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_WIDE_STRIDE", 4)
    able = engine(STARTER)
    shapes: list[tuple[int, ...]] = []
    add_to = QuantisedConv.add_to

    def watched(self: QuantisedConv, total: Tensor, seen: Tensor, is_whole: bool) -> Tensor:
        shapes.append(tuple(total.shape[1:]))
        return add_to(self, total, seen, is_whole)

    monkeypatch.setattr(QuantisedConv, "add_to", watched)
    render(able, picture(STARTER, 32, 64), True)
    assert shapes == [(16, 16, 32), (16, 16, 32), (8, 32, 64), (8, 32, 64)]
    shapes.clear()
    render(able, picture(STARTER, 8, 16), True)
    assert shapes == [(8, 8, 16), (8, 8, 16)], "64 pixels are few"


@ALL
@pytest.mark.usefixtures("kernels")
def test_tiles_equal_the_whole_image_in_bytes_too(config: NetworkConfig) -> None:
    able = engine(config)
    drawn = picture(config, 128, 320)
    wide, whole = (render(able, drawn, is_int8) for is_int8 in (False, True))
    with torch.inference_mode():
        for tile in tiles(config, *drawn.size, 64)[3:5]:
            *_features, image = able.tile_stages(drawn, tile)
            # A value in the middle between two levels may fall to either side.
            assert psnr(image.numpy(), whole[tile.box.slices]) > psnr(whole, wide) + 6


@ALL
@pytest.mark.usefixtures("kernels", "follows_anything")
def test_an_edit_followed_in_bytes_is_a_whole_render_in_bytes(config, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a rectangle that fills the image: borders and crops are right."""
    monkeypatch.setattr(editing, "_LARGEST_SHARE", 1.0)
    able = engine(config)
    before = picture(config)
    labels = before.labels_HW.copy()
    labels[0, 0], labels[-1, -1] = (labels[0, 0] + 1) % CLASSES, (labels[-1, -1] + 1) % CLASSES
    after = on_grid(labels, before.regions_HW, before.noise_RZ, config.grid, config.capabilities.sees_instances)
    wide, whole = (render(able, after, is_int8) for is_int8 in (False, True))
    live = LiveImage(able)
    with torch.inference_mode():
        live.follow(before, lambda: False)
        image, is_approximate = live.follow(after, lambda: False)
    assert is_approximate
    assert psnr(image.numpy(), whole) > psnr(whole, wide) + 6


@pytest.mark.usefixtures("follows_anything")
def test_an_edit_may_be_followed_in_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "_LARGEST_SHARE", 1.0)
    live = LiveImage(engine(STARTER))
    calls: list[int] = []
    add_to = QuantisedConv.add_to
    monkeypatch.setattr(QuantisedConv, "add_to", lambda *a: calls.append(1) or add_to(*a))
    arithmetic = live.generator.arithmetic
    arithmetic.is_int8 = True
    for arithmetic.follows in (False, True):
        with torch.inference_mode():
            live.follow(picture(STARTER, seed=1), lambda: False)
            assert calls, "whole, in bytes"
            calls.clear()
            labels = picture(STARTER, seed=1).labels_HW.copy()
            labels[40:60, 40:60] = (labels[40:60, 40:60] + 1) % CLASSES
            assert live.follow(replace(picture(STARTER, seed=1), labels_HW=labels), lambda: False)[1]
        assert bool(calls) == arithmetic.follows
        live.forget_picture()
    assert arithmetic.is_int8


@pytest.mark.usefixtures("follows_anything")
def test_a_whole_draft_is_approximate_until_floats_come() -> None:
    live = LiveImage(engine(STARTER))
    drawn = picture(STARTER)
    with torch.inference_mode():
        live.generator.arithmetic.is_int8 = live.is_draft = True
        assert live.follow(drawn, lambda: False)[1]
        assert live.follow(drawn, lambda: False)[1]
        live.generator.arithmetic.is_int8 = live.is_draft = False
        settled = live.render(drawn, lambda: False).numpy().copy()
        live.generator.arithmetic.is_int8 = live.is_draft = True
        image, is_approximate = live.follow(drawn, lambda: False)
    assert not is_approximate and np.array_equal(image.numpy(), settled), "nothing is computed again"


@TYPES
def test_the_small_published_network_keeps_its_floats(dtype: torch.dtype) -> None:
    """Its random weights make features of 150: in bytes 25 to 31 dB are left, however ranges are chosen."""
    generator = Generator(SMALL_PUBLISHED)
    generator.load_state_dict(small_generator())
    able = CompiledGenerator(generator.eval(), dtype, CPU)
    quantise(able, generator, MOST or MOST_WEIGHT)
    assert not able.arithmetic.bears_int8
    facts = golden()
    for index, labels in enumerate(facts["labels"]):
        by_region = Scene(labels, labels.astype(np.uint16), facts["z_region"][index])
        by_image = Scene(labels, np.zeros(labels.shape, np.uint16), facts["z_global"][index][None])
        for drawn, name in ((by_region, "image_region"), (by_image, "image_global")):
            assert psnr(render(able, drawn, True), facts[name][index].transpose(1, 2, 0)) >= 38


@pytest.mark.parametrize("side", [64, pytest.param(256, marks=pytest.mark.slow)])
def test_the_starter(side: int) -> None:
    generator = open_generator(*default_library().find("outdoor")).eval()
    able = CompiledGenerator(generator, torch.bfloat16, CPU)
    quantise(able, generator, MOST or MOST_WEIGHT)
    assert able.arithmetic.bears_int8
    for regions, seed in ((28, 28), (4, 1), (80, 2)):
        drawn = painted(generator.config, (side, side), regions, seed)
        assert psnr(render(able, drawn, True), plain(generator, drawn)) >= 45


@pytest.mark.slow
@pytest.mark.parametrize("regions", [4, 28, 80])
def test_the_full_size_network(regions: int) -> None:
    full = calibrated(ADE20K, (256, 256))
    able = CompiledGenerator(full, torch.bfloat16, CPU)
    quantise(able, full, MOST or MOST_WEIGHT)
    assert able.arithmetic.bears_int8
    drawn = painted(ADE20K, (256, 256), regions, seed=regions)
    assert psnr(render(able, drawn, True), plain(full, drawn)) >= 38


# Ranges


def test_the_scene_has_every_class() -> None:
    config = GeneratorConfig(classes=151, noise=4, widths=(8, 8, 8, 8), hidden=4)
    drawn = calibration_scene(config)
    assert set(np.unique(drawn.labels_HW)) == set(range(151))
    assert np.array_equal(drawn.noise_RZ, calibration_scene(config).noise_RZ)


@ALL
@pytest.mark.usefixtures("kernels")
def test_ranges_do_not_depend_on_what_was_rendered_before(config: NetworkConfig) -> None:
    fresh, used = (CompiledGenerator(network(config), torch.bfloat16, CPU) for _engine in range(2))
    for seed in range(3):
        render(used, picture(config, seed=seed), False)
    for made in (fresh, used):
        quantise(made, network(config), MOST or MOST_WEIGHT)
    ranges = [
        [(conv.low, conv.high) for block in made.blocks for conv in (block.conv_0, block.conv_1)]
        for made in (fresh, used)
    ]
    assert ranges[0] == ranges[1]
    assert all(low < 0 < high for low, high in ranges[0])
    images = [render(made, picture(config), True) for made in (fresh, used)]
    assert np.array_equal(images[0], images[1])


def test_a_model_that_does_not_bear_it_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    monkeypatch.setattr(calibration, "_LEAST_DB", 200.0)
    caplog.set_level("INFO", "oasis_studio.synthesis.engine.calibration")
    made = engine(STARTER)
    assert made.arithmetic.bears_int8 is False
    assert [record.message.split(":")[0] for record in caplog.records] == ["main convolutions stay as they are"]
    drawn = picture(STARTER)
    assert np.array_equal(render(made, drawn, True), render(made, drawn, False))


@ALL
def test_the_estimate_of_memory_holds(config: NetworkConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = 4 << 20
    monkeypatch.setattr("oasis_studio.synthesis.engine.footprint._SPARE_BYTES", fixed)
    monkeypatch.setattr("oasis_studio.synthesis.engine.footprint._PIXEL_BYTES", 0)
    able = engine(config)
    able.workspace.clear()
    drawn = picture(config, 192, 320)
    for is_int8 in (False, True):
        render(able, drawn, is_int8)
    assert able.workspace.bytes <= whole_bytes(config, *drawn.size, 4, True)
    able.workspace.clear()
    with torch.inference_mode():
        for _stage in able.tile_stages(drawn, tiles(config, *drawn.size, 64)[6]):
            pass
    assert able.workspace.bytes <= tile_bytes(config, 64, 4, True)
