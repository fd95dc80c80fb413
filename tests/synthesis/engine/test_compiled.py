"""The engine computes what the network computes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from oasis_studio.errors import StudioError
from oasis_studio.synthesis.engine import compiled, level
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.scene import Scene, on_grid
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from tests.synthesis import official_weights
from tests.synthesis.engine.scenes import CLASSES, NOISE, PUBLISHED, STARTER, network, plain, psnr, scene

pytestmark = pytest.mark.usefixtures("kernels")
CPU = torch.device("cpu")
EXACT = 1e-4
BOTH = pytest.mark.parametrize("config", [PUBLISHED, STARTER], ids=["published", "starter"])


def render(engine: CompiledGenerator, picture: Scene) -> np.ndarray:
    with torch.inference_mode():
        *_features, image = engine.stages(picture, engine.entries(picture))
        return image.numpy()


def exact(config: GeneratorConfig) -> tuple[Generator, CompiledGenerator]:
    generator = network(config)
    return generator, CompiledGenerator(generator, torch.float32, CPU)


@pytest.fixture(scope="module")
def golden_generator() -> Generator:
    widths = tuple(4 * multiple for multiple in (16, 16, 16, 8, 4, 2, 1))
    config = GeneratorConfig(classes=7, noise=8, widths=widths, native_width=128, native_height=64)
    generator = Generator(config)
    generator.load_state_dict(official_weights.small_generator())
    return generator.eval()


@pytest.mark.parametrize("batch", [0, 1])
@pytest.mark.parametrize("kind", ["global", "region"])
def test_published_weights_give_the_published_image(golden_generator: Generator, batch: int, kind: str):
    golden = official_weights.golden()
    labels = golden["labels"][batch].astype(np.uint8)
    if kind == "global":
        picture = on_grid(labels, np.zeros_like(labels, np.uint16), golden["z_global"][batch : batch + 1], 32)
    else:
        picture = on_grid(labels, labels.astype(np.uint16), golden["z_region"][batch], 32)
    image = render(CompiledGenerator(golden_generator, torch.float32, CPU), picture)
    assert np.abs(image - golden[f"image_{kind}"][batch].transpose(1, 2, 0)).max() < EXACT


@BOTH
@pytest.mark.parametrize(("height", "width", "regions"), [(8, 8, 2), (64, 96, 12), (104, 56, 60), (128, 128, 300)])
def test_any_scene_equals_the_plain_network(config: GeneratorConfig, height: int, width: int, regions: int):
    generator, engine = exact(config)
    for seed in range(3):
        picture = scene(height, width, regions, seed)
        assert np.abs(render(engine, picture) - plain(generator, picture)).max() < EXACT


@BOTH
def test_a_warm_render_learns_nothing_and_gives_the_same_bytes(config: GeneratorConfig):
    _generator, engine = exact(config)
    picture = scene(64, 64, 20)
    cold = render(engine, picture)
    known = [block.level.windows for block in engine.blocks]
    assert min(known) > 0
    assert np.array_equal(render(engine, picture), cold)
    assert [block.level.windows for block in engine.blocks] == known


@BOTH
def test_new_noise_changes_the_image_as_it_changes_the_networks(config: GeneratorConfig):
    generator, engine = exact(config)
    first = scene(64, 64, 6)
    render(engine, first)
    noise = first.noise_RZ.copy()
    noise[2] += 1
    second = Scene(first.labels_HW, first.regions_HW, noise)
    assert np.abs(render(engine, second) - plain(generator, second)).max() < EXACT
    assert np.abs(render(engine, first) - plain(generator, first)).max() < EXACT


@BOTH
def test_noise_of_every_pixels_own_goes_the_dense_way(config: GeneratorConfig):
    generator, engine = exact(config)
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, (96, 96)).astype(np.uint8)
    regions = np.arange(96 * 96, dtype=np.uint16).reshape(96, 96)
    picture = Scene(labels, regions, rng.standard_normal((96 * 96, NOISE)).astype(np.float32))
    assert np.abs(render(engine, picture) - plain(generator, picture)).max() < EXACT
    assert all(block.level.windows == 0 for block in engine.blocks)


@BOTH
def test_a_restless_level_alone_goes_the_dense_way(config: GeneratorConfig):
    generator, engine = exact(config)
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, (128, 128)).astype(np.uint8)
    picture = Scene(labels, np.zeros((128, 128), np.uint16), rng.standard_normal((1, NOISE)).astype(np.float32))
    assert np.abs(render(engine, picture) - plain(generator, picture)).max() < EXACT
    assert engine.blocks[0].level.windows > 0
    assert engine.blocks[-1].level.windows == 0


@BOTH
def test_tables_beyond_their_budget_are_emptied(config: GeneratorConfig, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(level, "_MOST_BYTES", 1)
    monkeypatch.setattr(compiled, "_MOST_KEPT_ENTRIES", 10)
    generator, engine = exact(config)
    for seed in range(3):
        picture = scene(64, 64, 8, seed)
        assert np.abs(render(engine, picture) - plain(generator, picture)).max() < EXACT
    assert len(engine.book) <= 10


@BOTH
def test_bf16_stays_close_even_with_lively_weights(config: GeneratorConfig):
    generator = network(config)
    engine = CompiledGenerator(generator, torch.bfloat16, CPU)
    picture = scene(128, 128, 12)
    assert psnr(render(engine, picture), plain(generator, picture)) > 40


@BOTH
def test_a_failure_on_the_way_leaves_no_half_filled_tables(config: GeneratorConfig, monkeypatch: pytest.MonkeyPatch):
    generator, engine = exact(config)
    picture = scene(64, 64, 8)

    def fail(*_arguments: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(level.NormTable, "learn", fail)
        with pytest.raises(MemoryError):
            render(engine, picture)
    assert np.abs(render(engine, picture) - plain(generator, picture)).max() < EXACT


def test_weights_that_are_no_numbers_are_refused_by_name():
    generator = network(STARTER)
    with torch.no_grad():
        generator.body[1].conv_0.weight_orig[0, 0, 0, 0] = float("nan")  # type: ignore[union-attr, index]
    with pytest.raises(StudioError, match=r"body\.1\.conv_0\.weight_orig"):
        CompiledGenerator(generator, torch.float32, CPU)


def test_the_condition_is_padded_by_repeating_its_edge():
    picture = on_grid(np.array([[1, 2]], np.uint8), np.zeros((1, 2), np.uint16), np.zeros((1, NOISE)), 4)
    assert picture.labels_HW.tolist() == [[1, 2, 2, 2]] * 4
