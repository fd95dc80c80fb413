"""Tiles give the image of one piece, and show how far they are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.pixels.box import Box
from oasis_studio.core.work.request import SynthesisCancelled
from oasis_studio.errors import MemoryShortage
from oasis_studio.synthesis.engine import fitting, label_path
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.fitting import Work, render_in
from oasis_studio.synthesis.engine.footprint import tile_bytes, whole_bytes
from oasis_studio.synthesis.engine.rectangles import grown
from oasis_studio.synthesis.engine.scene import Scene
from oasis_studio.synthesis.engine.tiling import halo, patches, tiles
from oasis_studio.synthesis.networks.generator import ADE20K, CITYSCAPES, GeneratorConfig
from tests.synthesis.engine.scenes import CLASSES, NOISE, PUBLISHED, STARTER, network, plain, scene

pytestmark = pytest.mark.usefixtures("kernels")
BOTH = pytest.mark.parametrize("config", [PUBLISHED, STARTER], ids=["published", "starter"])
CPU = torch.device("cpu")
PLENTY = 1 << 40
WIDE = (72, 296)
"""Height and width: two tiles and a rest, and more than one repetition of the grain."""


class Sheet:
    """Collects the pieces of an image, and what was told of the progress."""

    def __init__(self, live: LiveImage, picture: Scene) -> None:
        self.live, self.picture = live, picture
        self.image = np.full((*picture.size, 3), np.nan, np.float32)
        self.boxes: list[Box] = []
        self.steps: list[tuple[int, int]] = []
        self.checks = 0

    def take(self, box: Box, pixels: np.ndarray) -> None:
        self.boxes.append(box)
        self.image[box.slices] = pixels

    def render(self, room: int | None, stale_at: int | None = None) -> np.ndarray:
        def is_stale() -> bool:
            self.checks += 1
            return self.checks == stale_at

        def progress(done: int, total: int) -> None:
            self.steps.append((done, total))

        with torch.inference_mode():
            render_in(self.live, Work(self.picture, "a test", self.take, is_stale, progress), room)
        return self.image


def live_image(config: GeneratorConfig, seed: int = 0) -> LiveImage:
    return LiveImage(CompiledGenerator(network(config, seed), torch.float32, CPU))


def sheet(config: GeneratorConfig, picture: Scene) -> Sheet:
    return Sheet(live_image(config), picture)


def room_for_tiles(config: GeneratorConfig, side: int) -> int:
    """Bytes in which tiles of that side fit, and nothing larger."""
    return int(tile_bytes(config, side, 4) / (1 - label_path.TABLES_SHARE)) + 1


@pytest.fixture
def only_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """No image fits in one piece, all tiles of 64 do."""
    monkeypatch.setattr(fitting, "whole_bytes", lambda *_arguments: PLENTY)
    monkeypatch.setattr(fitting, "_SIDES", (64,))


def test_the_halo_of_the_published_networks():
    assert halo(ADE20K) == halo(CITYSCAPES) == 224


@settings(max_examples=60, deadline=None)
@given(
    config=st.sampled_from([PUBLISHED, STARTER, ADE20K]),
    cells=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    side=st.integers(1, 6),
    which=st.integers(0, 10**6),
)
def test_a_tile_is_given_all_that_its_pixels_depend_on(
    config: GeneratorConfig, cells: tuple[int, int], side: int, which: int
):
    height, width = (count * config.grid for count in cells)
    plan = tiles(config, height, width, side * config.grid)
    tile = plan[which % len(plan)]
    assert sum(piece.box.width * piece.box.height for piece in plan) == height * width
    reach = 1 + config.modulation_kernel // 2
    labels = Box(0, 0, 0, 0)
    for block, patch in zip(config.blocks, patches(config, tile.box, height, width), strict=True):
        read = grown(patch.needed, reach, height // block.stride, width // block.stride)
        labels = labels.united(Box(*(side * block.stride for side in read)))
    assert labels.united(tile.crop) == tile.crop


@BOTH
def test_tiles_equal_the_whole_image_and_the_network(config: GeneratorConfig, only_tiles: None):
    picture = scene(*WIDE, 40)
    tiled = sheet(config, picture)
    image = tiled.render(PLENTY)
    assert len(tiled.boxes) == 2 * 5
    assert np.abs(image - plain(network(config), picture)).max() < 1e-4
    assert np.abs(image - one_piece(config, picture)).max() < 2e-5


def one_piece(config: GeneratorConfig, picture: Scene) -> np.ndarray:
    live = live_image(config)
    with torch.inference_mode():
        return live.render(picture, lambda: False).numpy()


@BOTH
def test_noise_of_every_pixels_own_in_tiles(config: GeneratorConfig, only_tiles: None):
    rng = np.random.default_rng(0)
    height, width = 72, 136
    labels = rng.integers(0, CLASSES, (height, width)).astype(np.uint8)
    regions = np.arange(height * width, dtype=np.uint16).reshape(height, width)
    picture = Scene(labels, regions, rng.standard_normal((height * width, NOISE)).astype(np.float32))
    assert np.abs(sheet(config, picture).render(PLENTY) - plain(network(config), picture)).max() < 1e-4


@BOTH
def test_a_restless_level_in_tiles(config: GeneratorConfig, only_tiles: None):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, (72, 136)).astype(np.uint8)
    picture = Scene(labels, np.zeros(labels.shape, np.uint16), rng.standard_normal((1, NOISE)).astype(np.float32))
    assert np.abs(sheet(config, picture).render(PLENTY) - plain(network(config), picture)).max() < 1e-4


def test_an_image_that_fits_is_rendered_in_one_piece():
    picture = scene(*WIDE, 20)
    for room in (None, PLENTY):
        one = sheet(PUBLISHED, picture)
        assert np.array_equal(one.render(room), one_piece(PUBLISHED, picture))
        assert one.boxes == [Box(0, 0, 296, 72)]


def test_less_memory_means_smaller_tiles_and_the_same_image(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("oasis_studio.synthesis.engine.footprint._SPARE_BYTES", 0)
    picture = scene(*WIDE, 20)
    expected = one_piece(PUBLISHED, picture)
    monkeypatch.setattr(fitting, "whole_bytes", lambda *_arguments: PLENTY)
    for side, count in ((256, 2), (128, 3), (64, 10)):
        tiled = sheet(PUBLISHED, picture)
        image = tiled.render(room_for_tiles(PUBLISHED, side))
        assert len(tiled.boxes) == count
        assert np.abs(image - expected).max() < 2e-5
    with pytest.raises(MemoryShortage, match="a test"):
        sheet(PUBLISHED, picture).render(room_for_tiles(PUBLISHED, 64) // 2)


def test_running_out_of_memory_on_the_way_goes_on_with_smaller_tiles(monkeypatch: pytest.MonkeyPatch):
    picture = scene(*WIDE, 20)
    tiled = sheet(PUBLISHED, picture)
    take = tiled.live.generator.workspace.take

    def scarce(name: str, *shape: int) -> torch.Tensor:
        if np.prod(shape) > 80 * 80 * 16:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")
        return take(name, *shape)

    monkeypatch.setattr(tiled.live.generator.workspace, "take", scarce)
    monkeypatch.setattr("oasis_studio.synthesis.engine.modulate._STRIP_BYTES", 1 << 14)
    monkeypatch.setattr("oasis_studio.synthesis.engine.arithmetic.kernels._STRIP_BYTES", 1 << 14)
    monkeypatch.setattr("oasis_studio.synthesis.engine.tables._CHUNK_BYTES", 1 << 14)
    image = tiled.render(PLENTY)
    assert tiled.boxes[-1].width <= 64
    assert np.abs(image - plain(network(PUBLISHED), picture)).max() < 1e-4


@BOTH
def test_tables_keep_to_their_share_and_make_room(config: GeneratorConfig, monkeypatch: pytest.MonkeyPatch):
    """Where tables are full, they are emptied, and if that is not enough, a level goes the dense way."""
    monkeypatch.setattr(label_path, "TABLES_SHARE", 1e-6)
    live = live_image(config)
    held = []
    for seed in range(3):
        picture = scene(64, 96, 20, seed)
        image = Sheet(live, picture).render(400 << 20)
        held.append(sum(block.level.held_bytes for block in live.generator.blocks))
        assert np.abs(image - plain(network(config), picture)).max() < 1e-4
    assert max(held) < 64 << 10


def test_a_label_map_too_restless_for_the_memory_is_a_shortage():
    live = live_image(PUBLISHED)
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, (64, 64)).astype(np.uint8)
    regions = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
    picture = Scene(labels, regions, rng.standard_normal((64 * 64, NOISE)).astype(np.float32))
    live.generator.label_path.most_bytes = 1000
    with torch.inference_mode(), pytest.raises(MemoryShortage, match="small regions"):
        live.render(picture, lambda: False)


def test_progress_goes_up_to_the_end(only_tiles: None):
    tiled = sheet(STARTER, scene(*WIDE, 12))
    tiled.render(PLENTY)
    total = 10 * (len(STARTER.blocks) + 1)
    assert tiled.steps == [(done, total) for done in range(1, total + 1)]
    assert all(earlier < later for earlier, later in pairwise(tiled.steps))


def test_tiles_can_be_taken_back_between_any_two_blocks(only_tiles: None):
    for stale_at in (1, 7, 29):
        tiled = sheet(STARTER, scene(*WIDE, 12))
        with pytest.raises(SynthesisCancelled):
            tiled.render(PLENTY, stale_at)
        assert len(tiled.steps) == stale_at - 1


def test_after_tiles_nothing_is_followed(only_tiles: None):
    live = live_image(PUBLISHED)
    small, large = scene(64, 64, 6), scene(*WIDE, 12)
    with torch.inference_mode():
        live.render(small, lambda: False)
        Sheet(live, large).render(PLENTY)
        assert not live.follow(small, lambda: False)[1]


@BOTH
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_estimate_is_what_buffers_take_and_not_much_more(config: GeneratorConfig, dtype: torch.dtype):
    """Buffers against the estimate without its fixed part; strips and chunks belong to that."""
    height, width = 192, 320
    picture = scene(height, width, 12)
    engine = CompiledGenerator(network(config), dtype, CPU)
    live = LiveImage(engine)
    fixed = 4 << 20
    with torch.inference_mode(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("oasis_studio.synthesis.engine.footprint._SPARE_BYTES", fixed)
        patch.setattr("oasis_studio.synthesis.engine.footprint._PIXEL_BYTES", 0)
        live.render(picture, lambda: False)
        whole = whole_bytes(config, height, width, dtype.itemsize)
        assert whole - fixed <= 2 * engine.workspace.bytes <= 2 * whole
        live.release()
        assert live.held_bytes < 4096  # the rows of the outside
        tile = tiles(config, height, width, 64)[6]
        for _stage in engine.tile_stages(picture, tile):
            pass
        assert tile_bytes(config, 64, dtype.itemsize) - fixed <= 2 * engine.workspace.bytes
        assert engine.workspace.bytes <= tile_bytes(config, 64, dtype.itemsize)
