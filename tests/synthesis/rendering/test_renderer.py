"""The engine gives the network's image for any canvas, the same one every time, and says why when it cannot."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.card import GENERATOR_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.work.request import Quality, SynthesisCancelled, SynthesisRequest
from oasis_studio.errors import MemoryShortage, StudioError
from oasis_studio.synthesis.models.checkpoint import open_generator, write_model
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from oasis_studio.synthesis.networks.spectral import SpectralConv2d, settle_spectral_norms
from oasis_studio.synthesis.networks.tensors import condition
from oasis_studio.synthesis.rendering import renderer as engine
from oasis_studio.synthesis.rendering.device import choose_device
from oasis_studio.synthesis.rendering.memory import available_bytes, render_bytes
from oasis_studio.synthesis.rendering.opening import folded
from oasis_studio.synthesis.rendering.renderer import EagerRenderer, to_bytes
from tests.synthesis.official_weights import palette

CONFIG = GeneratorConfig(classes=3, noise=4, widths=(8, 8, 6, 4), hidden=6)


def make_model(folder: Path, seed: int = 1) -> Generator:
    """A model whose weights are large enough that its image is not grey."""
    torch.manual_seed(seed)
    generator = Generator(CONFIG)
    with torch.no_grad():
        for weight in generator.parameters():
            weight.normal_(0, 0.15)
    settle_spectral_norms(generator)
    folder.mkdir(parents=True, exist_ok=True)
    write_model(folder, ModelCard(folder.name, "Tiny", "oasis", {}, None, palette(3), (1, 1), 1), generator)
    return generator.eval()


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    make_model(tmp_path / "tiny")
    return ModelLibrary(tmp_path, tmp_path / "own")


def make_request(height: int = 24, width: int = 32, **changes) -> SynthesisRequest:
    rng = np.random.default_rng(3)
    blocks = rng.integers(0, 3, (-(-height // 6), -(-width // 6)), np.uint8)
    labels = np.kron(blocks, np.ones((6, 6), np.uint8))[:height, :width]
    noise = np.stack([noise_vector(seed, 4) for seed in (7, 8, 9)])
    request = SynthesisRequest(5, "tiny", labels, labels.astype(np.uint16), noise, Quality.FINAL)
    return replace(request, **changes)


def direct(folder: Path, request: SynthesisRequest) -> np.ndarray:
    generator = open_generator(folder, ModelCard.read(folder))
    labels = torch.from_numpy(request.labels_HW.astype(np.int64))[None]
    regions = torch.from_numpy(request.regions_HW.astype(np.int64))[None]
    with torch.inference_mode():
        image = generator(condition(labels, regions, torch.from_numpy(request.noise_RZ)[None], 3))
    return image[0].permute(1, 2, 0).numpy()


def test_it_renders_what_the_network_computes(library: ModelLibrary, tmp_path: Path) -> None:
    request = make_request()
    image = EagerRenderer(library, "cpu").render_float(request)
    expected = direct(tmp_path / "tiny", request)
    assert (image.shape, image.dtype) == ((24, 32, 3), np.float32)
    assert expected.std() > 0.1
    assert np.abs(image - expected).max() < 1e-4


def test_bytes_are_rounded_to_nearest(library: ModelLibrary) -> None:
    values = np.array([-1, -0.9999, -0.9962, -0.9960, 0, 0.9999, 1], np.float32)
    assert to_bytes(values).tolist() == [0, 0, 0, 1, 128, 255, 255]
    renderer = EagerRenderer(library, "cpu")
    image = renderer.render(make_request()).image_HW3
    exact = (renderer.render_float(make_request()).astype(np.float64) + 1) * 127.5
    assert image.dtype == np.uint8
    assert np.abs(image - exact).max() <= 0.5 + 1e-4


def test_the_same_request_gives_the_same_bytes(library: ModelLibrary) -> None:
    first = EagerRenderer(library, "cpu").render(make_request())
    again = EagerRenderer(library, "cpu")
    again.render(make_request(17, 19))
    assert np.array_equal(again.render(make_request()).image_HW3, first.image_HW3)
    assert (first.id, first.device, set(first.seconds)) == (5, "cpu", {"open", "render"})


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 40), (23, 30), (25, 33)])
def test_any_canvas_is_padded_and_cropped(library: ModelLibrary, tmp_path: Path, height: int, width: int) -> None:
    request = make_request(height, width)
    image = EagerRenderer(library, "cpu").render_float(request)
    assert image.shape == (height, width, 3)
    grid = CONFIG.grid
    rows = np.minimum(np.arange(-(-height // grid) * grid), height - 1)
    columns = np.minimum(np.arange(-(-width // grid) * grid), width - 1)
    labels = request.labels_HW[rows][:, columns]
    whole = make_request(labels_HW=labels, regions_HW=labels.astype(np.uint16))
    assert np.abs(image - direct(tmp_path / "tiny", whole)[:height, :width]).max() < 1e-4


def test_noise_of_one_region_changes_that_region_most(library: ModelLibrary) -> None:
    renderer = EagerRenderer(library, "cpu")
    labels = np.zeros((64, 64), np.uint8)
    labels[:, 32:] = 1
    request = make_request(labels_HW=labels, regions_HW=labels.astype(np.uint16))
    other = request.noise_RZ.copy()
    other[1] = noise_vector(99, 4)
    change = np.abs(renderer.render_float(request) - renderer.render_float(replace(request, noise_RZ=other)))
    assert change[:, 48:].mean() > 10 * change[:, :16].mean()


def test_previews_in_bf16_are_close_and_final_photos_exact(library: ModelLibrary) -> None:
    renderer = EagerRenderer(library, "cpu", "bf16")
    exact = EagerRenderer(library, "cpu", "fp32").render_float(make_request())
    preview = renderer.render_float(make_request(quality=Quality.PREVIEW))
    assert 0 < np.abs(preview - exact).mean() < 0.01
    assert np.array_equal(renderer.render_float(make_request()), exact)


def test_models_switch_and_a_replaced_file_is_opened_again(library: ModelLibrary, tmp_path: Path) -> None:
    renderer = EagerRenderer(library, "cpu")
    first = renderer.render_float(make_request())
    make_model(tmp_path / "other", seed=2)
    other = renderer.render_float(make_request(model="other"))
    assert np.abs(other - first).max() > 0.01
    assert np.array_equal(renderer.render_float(make_request()), first)
    make_model(tmp_path / "tiny", seed=2)
    assert np.array_equal(renderer.render_float(make_request()), other)
    assert np.array_equal(renderer.render_float(make_request(model=str(tmp_path / "other"))), other)


def test_a_stale_render_stops_between_blocks(library: ModelLibrary) -> None:
    calls: list[int] = []

    def is_stale() -> bool:
        calls.append(1)
        return len(calls) == 2

    with pytest.raises(SynthesisCancelled):
        EagerRenderer(library, "cpu").render(make_request(), is_stale)
    assert len(calls) == 2


def test_a_finished_image_is_delivered_though_newer_work_waits(library: ModelLibrary) -> None:
    calls: list[int] = []

    def is_stale() -> bool:
        calls.append(1)
        return len(calls) > len(CONFIG.widths) - 1

    assert EagerRenderer(library, "cpu").render(make_request(), is_stale).image_HW3.any()


def failing(error: Exception) -> Callable[..., torch.Tensor]:
    def fail(*_arguments: object) -> torch.Tensor:
        raise error

    return fail


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
    ],
)
def test_running_out_of_memory_is_a_memory_shortage(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    renderer = EagerRenderer(library, "cpu")
    with monkeypatch.context() as patch:
        patch.setattr(Generator, "condition", failing(error))
        with pytest.raises(MemoryShortage, match="not enough memory for rendering 32×24") as caught:
            renderer.render(make_request())
    assert "smaller" in caught.value.hint
    assert renderer.render(make_request()).image_HW3.shape == (24, 32, 3)


def test_other_failures_are_not_called_a_lack_of_memory(library: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Generator, "condition", failing(RuntimeError("a fault of ours")))
    with pytest.raises(RuntimeError, match="a fault of ours"):
        EagerRenderer(library, "cpu").render(make_request())


def test_a_canvas_beyond_the_memory_is_refused_before_it_starts(library: ModelLibrary) -> None:
    labels = np.broadcast_to(np.uint8(0), (4, 4))
    cpu = choose_device("cpu")
    free = available_bytes(cpu)
    assert free is None or 2**20 < free < 2**50
    assert render_bytes(CONFIG, 512, 512, torch.float32) < 2**30 < render_bytes(CONFIG, 8192, 8192, torch.float32)
    assert render_bytes(CONFIG, 64, 64, torch.bfloat16) * 2 == render_bytes(CONFIG, 64, 64, torch.float32)
    renderer = EagerRenderer(library, "cpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "available_bytes", lambda _device: 1000)
        with pytest.raises(MemoryShortage):
            renderer.render(make_request(labels_HW=labels, regions_HW=labels.astype(np.uint16)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"labels_HW": np.full((24, 32), 255, np.uint8)}, "768 pixels of classes that .* does not know: 255"),
        ({"labels_HW": np.zeros((24, 32, 1), np.uint8)}, "one size"),
        ({"labels_HW": np.zeros((0, 0), np.uint8), "regions_HW": np.zeros((0, 0), np.uint16)}, "one size"),
        ({"regions_HW": np.zeros((4, 4), np.uint16)}, "one size"),
        ({"regions_HW": np.full((24, 32), 3, np.uint16)}, "region 3, but there is noise for 3"),
        ({"noise_RZ": np.zeros((3, 5), np.float32)}, "5 numbers per region; the model .* takes 4"),
        ({"noise_RZ": np.zeros(4, np.float32)}, "numbers per region"),
        ({"noise_RZ": np.full((3, 4), np.nan, np.float32)}, "not numbers"),
        ({"model": "nowhere"}, "no model"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(library: ModelLibrary, changes: dict, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        EagerRenderer(library, "cpu").render(make_request(**changes))


def test_a_damaged_model_leaves_the_renderer_usable(library: ModelLibrary, tmp_path: Path) -> None:
    renderer = EagerRenderer(library, "cpu")
    make_model(tmp_path / "other", seed=2)
    (tmp_path / "other" / GENERATOR_FILE).write_bytes(b"broken")
    first = renderer.render_float(make_request())
    with pytest.raises(StudioError, match="damaged"):
        renderer.render(make_request(model="other"))
    assert np.array_equal(renderer.render_float(make_request()), first)


def test_folding_leaves_no_spectral_norm_and_the_same_numbers() -> None:
    torch.manual_seed(4)
    generator = Generator(CONFIG).eval()
    settle_spectral_norms(generator)
    seen = torch.randn(1, CONFIG.inputs, 8, 8)
    with torch.inference_mode():
        before = generator(seen)
        after = folded(generator)(seen)
    assert not any(isinstance(module, SpectralConv2d) for module in generator.modules())
    assert torch.allclose(before, after, atol=1e-6)
