"""The engine as the editor meets it: requests in, photos out."""

from __future__ import annotations

import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from oasis_studio.core.models.card import GENERATOR_FILE
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import Quality, SynthesisCancelled
from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.synthesis.engine import fitting, label_path, level
from oasis_studio.synthesis.engine import renderer as renderer_module
from oasis_studio.synthesis.engine.compiled import CompiledGenerator
from oasis_studio.synthesis.engine.editing import LiveImage
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from oasis_studio.synthesis.rendering.memory import resident_bytes
from oasis_studio.synthesis.rendering.renderer import EagerRenderer, never
from tests.synthesis.rendering.test_renderer import CONFIG, make_model, make_request


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    make_model(tmp_path / "tiny")
    return ModelLibrary(tmp_path, tmp_path / "own")


@pytest.mark.parametrize(("height", "width"), [(24, 32), (1, 1), (1, 40), (23, 30), (65, 33)])
def test_any_canvas_has_the_image_of_the_plain_network(library: ModelLibrary, height: int, width: int) -> None:
    request = make_request(height, width)
    image = EngineRenderer(library, "cpu").render_float(request)
    assert (image.shape, image.dtype) == ((height, width, 3), np.float32)
    assert np.abs(image - EagerRenderer(library, "cpu").render_float(request)).max() < 1e-4


def test_a_final_photo_has_the_same_bytes_whatever_was_rendered_before(library: ModelLibrary) -> None:
    first = EngineRenderer(library, "cpu", "fp32").render_float(make_request())
    other = EngineRenderer(library, "cpu", "fp32")
    other.render(make_request(17, 19))
    other.render(make_request(40, 40, quality=Quality.PREVIEW))
    other.render(make_request(quality=Quality.LIVE))
    assert np.array_equal(other.render_float(make_request()), first)


def test_a_renderer_that_forgets_gives_the_same_bytes_in_every_precision(library: ModelLibrary) -> None:
    request = make_request(40, 48, quality=Quality.PREVIEW)
    first = EngineRenderer(library, "cpu", "bf16", forgets=True).render_float(request)
    other = EngineRenderer(library, "cpu", "bf16", forgets=True)
    other.render(make_request(17, 19, quality=Quality.PREVIEW))
    assert np.array_equal(other.render_float(request), first)


@pytest.mark.parametrize(("height", "width"), [(70, 150), (65, 129)])
def test_a_limit_of_memory_changes_no_byte_by_more_than_rounding(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch, height: int, width: int
) -> None:
    request = make_request(height, width)
    whole = EngineRenderer(library, "cpu").render(request).image_HW3
    monkeypatch.setattr(fitting, "whole_bytes", lambda *_arguments: 1 << 50)
    steps: list[tuple[int, int]] = []
    renderer = EngineRenderer(library, "cpu", max_memory=resident_bytes() + (1 << 30))
    tiled = renderer.render(request, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 4
    assert np.abs(tiled.image_HW3.astype(int) - whole).max() <= 1
    with pytest.raises(MemoryShortage, match=f"rendering {width}×{height}"):
        EngineRenderer(library, "cpu", max_memory=1).render(request)


@pytest.mark.usefixtures("follows_anything")
def test_live_photos_follow_and_a_preview_settles(library: ModelLibrary) -> None:
    renderer = EngineRenderer(library, "cpu", "fp32")
    before = make_request(64, 64, quality=Quality.LIVE)
    labels = before.labels_HW.copy()
    labels[20:26, 30:36] = (labels[20:26, 30:36] + 1) % 3
    after = replace(before, labels_HW=labels)
    assert not renderer.render(before).is_partial
    assert renderer.render(after).is_partial
    settled = renderer.render(replace(after, quality=Quality.PREVIEW))
    exact = EagerRenderer(library, "cpu").render(replace(after, quality=Quality.FINAL))
    assert not settled.is_partial
    assert np.abs(settled.image_HW3.astype(int) - exact.image_HW3).max() <= 1


def test_bf16_is_for_previews_only(library: ModelLibrary) -> None:
    renderer = EngineRenderer(library, "cpu", "bf16")
    exact = EagerRenderer(library, "cpu").render_float(make_request())
    preview = renderer.render_float(make_request(quality=Quality.PREVIEW))
    assert 0 < np.abs(preview - exact).mean() < 0.01
    assert np.abs(renderer.render_float(make_request()) - exact).max() < 1e-4


def test_a_model_switched_or_replaced_is_opened_and_the_old_one_let_go(
    library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines: list[weakref.ref] = []

    class Watched(CompiledGenerator):
        def __init__(self, *arguments) -> None:
            super().__init__(*arguments)
            engines.append(weakref.ref(self))

    monkeypatch.setattr(renderer_module, "CompiledGenerator", Watched)
    renderer = EngineRenderer(library, "cpu")
    first = renderer.render_float(make_request())
    make_model(tmp_path / "other", seed=2)
    other = renderer.render_float(make_request(model="other"))
    assert np.abs(other - first).max() > 0.01
    assert len(engines) == 2 and [engine() is None for engine in engines] == [True, False]
    make_model(tmp_path / "tiny", seed=2)
    assert np.array_equal(renderer.render_float(make_request()), other)


def test_a_damaged_model_leaves_the_renderer_usable(library: ModelLibrary, tmp_path: Path) -> None:
    renderer = EngineRenderer(library, "cpu")
    first = renderer.render_float(make_request())
    make_model(tmp_path / "other", seed=2)
    (tmp_path / "other" / GENERATOR_FILE).write_bytes(b"broken")
    with pytest.raises(StudioError, match="damaged"):
        renderer.render(make_request(model="other"))
    assert np.array_equal(renderer.render_float(make_request()), first)


@pytest.mark.parametrize("quality", [Quality.FINAL, Quality.PREVIEW, Quality.LIVE])
def test_stale_work_stops_between_blocks_but_a_finished_image_is_delivered(
    library: ModelLibrary, quality: Quality
) -> None:
    calls: list[int] = []

    def is_stale_from(count: int) -> bool:
        calls.append(1)
        return len(calls) >= count

    request = make_request(quality=quality)
    with pytest.raises(SynthesisCancelled):
        EngineRenderer(library, "cpu").render(request, lambda: is_stale_from(2))
    assert len(calls) == 2
    calls.clear()
    last = len(CONFIG.widths) + 1
    assert EngineRenderer(library, "cpu").render(request, lambda: is_stale_from(last)).image_HW3.any()


def test_running_out_of_memory_is_a_memory_shortage_and_passes(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = EngineRenderer(library, "cpu")

    def fail(*_arguments: object) -> torch.Tensor:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")

    with monkeypatch.context() as patch:
        patch.setattr(level.NormTable, "learn", fail)
        with pytest.raises(MemoryShortage, match="not enough memory for rendering 32×24"):
            renderer.render(make_request(), never)
    assert renderer.render(make_request()).image_HW3.shape == (24, 32, 3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"labels_HW": np.full((24, 32), 255, np.uint8)}, "768 pixels of classes that .* does not know: 255"),
        ({"regions_HW": np.full((24, 32), 3, np.uint16)}, "region 3, but there is noise for 3"),
        ({"noise_RZ": np.full((3, 4), np.nan, np.float32)}, "not numbers"),
        ({"model": "nowhere"}, "no model"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(library: ModelLibrary, changes: dict, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        EngineRenderer(library, "cpu").render(make_request(**changes))


def test_a_model_whose_weights_are_no_numbers_is_refused_by_name_and_the_old_one_stays(
    library: ModelLibrary, tmp_path: Path
) -> None:
    renderer = EngineRenderer(library, "cpu")
    first = renderer.render_float(make_request())
    make_model(tmp_path / "other", seed=2)
    weights = load_file(tmp_path / "other" / GENERATOR_FILE)
    weights["body.0.conv_0.bias"][0] = float("nan")
    save_file(weights, tmp_path / "other" / GENERATOR_FILE)
    with pytest.raises(StudioError, match=r"body\.0\.conv_0\.bias"):
        renderer.render(make_request(model="other"))
    assert np.array_equal(renderer.render_float(make_request()), first)


def test_a_processor_that_is_slow_at_bf16_paints_in_fp32(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oasis_studio.synthesis.rendering.device.has_fast_bf16", lambda _device: False)
    preview = EngineRenderer(library, "cpu", "auto").render_float(make_request(quality=Quality.PREVIEW))
    exact = EngineRenderer(library, "cpu", "fp32").render_float(make_request())
    assert np.array_equal(preview, exact)


def test_a_scene_with_more_regions_than_the_dictionaries_take_is_rendered_all_the_same(library: ModelLibrary) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, (48, 64)).astype(np.uint8)
    regions = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64)
    noise = rng.standard_normal((48 * 64, 4)).astype(np.float32)
    for quality in (Quality.FINAL, Quality.LIVE):
        request = make_request(labels_HW=labels, regions_HW=regions, noise_RZ=noise, quality=quality)
        image = EngineRenderer(library, "cpu", "fp32").render_float(request)
        assert np.abs(image - EagerRenderer(library, "cpu", "fp32").render_float(request)).max() < 1e-4


def engine(renderer: EngineRenderer, dtype: torch.dtype = torch.float32) -> LiveImage:
    """The one engine of the one open model in that precision."""
    (engines,) = renderer._engines.values()
    return engines[dtype]


@pytest.mark.parametrize("quality", [Quality.PREVIEW, Quality.LIVE])
def test_tables_do_not_grow_with_every_seed(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch, quality: Quality
) -> None:
    renderer, request = EngineRenderer(library, "cpu", "fp32"), make_request(24, 32)
    renderer.render(request)
    needed = engine(renderer).generator.label_path.table_bytes
    monkeypatch.setattr(label_path, "_LEAST_KEPT_BYTES", needed)
    most = 0
    for seed in range(40):
        noise = np.random.default_rng(seed).standard_normal(request.noise_RZ.shape).astype(np.float32)
        renderer.render(replace(request, noise_RZ=noise, quality=quality))
        path = engine(renderer).generator.label_path
        most = max(most, path.table_bytes)
    assert needed < most < 8 * needed
    again = renderer.render_float(replace(request, quality=Quality.PREVIEW))
    assert np.abs(again - EagerRenderer(library, "cpu").render_float(request)).max() < 1e-4


def test_tables_of_a_few_scenes_are_kept(library: ModelLibrary) -> None:
    renderer, request = EngineRenderer(library, "cpu", "fp32"), make_request(24, 32, quality=Quality.PREVIEW)
    renderer.render(request)
    path = engine(renderer).generator.label_path
    first = path.table_bytes
    renderer.render(replace(request, noise_RZ=request.noise_RZ + 1))
    second = path.table_bytes
    renderer.render(request)
    assert first < second == path.table_bytes, "nothing was learnt again"


def test_a_final_photo_leaves_no_second_engine_behind(library: ModelLibrary) -> None:
    renderer, request = EngineRenderer(library, "cpu", "bf16"), make_request(24, 32)
    preview = renderer.render(replace(request, quality=Quality.PREVIEW))
    kept = engine(renderer, torch.bfloat16)
    renderer.render(replace(request, quality=Quality.FINAL))
    (engines,) = renderer._engines.values()
    assert list(engines) == [torch.bfloat16] and engine(renderer, torch.bfloat16) is kept
    again = renderer.render(replace(request, quality=Quality.PREVIEW))
    assert np.array_equal(again.image_HW3, preview.image_HW3)
