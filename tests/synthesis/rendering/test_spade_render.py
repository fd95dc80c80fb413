"""A SPADE model renders through the same two renderers; only its card says what it can do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.models.capabilities import Capabilities
from oasis_studio.core.models.card import DISCRIMINATOR_FILE, ENCODER_FILE, GENERATOR_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.core.models.reach import reach_of
from oasis_studio.core.work.request import Quality, SynthesisCancelled, SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_encoder, open_generator, write_model
from oasis_studio.synthesis.rendering.renderer import EagerRenderer
from tests.synthesis.official_weights import palette
from tests.synthesis.spade_weights import CLASSES, golden, networks

Z = np.zeros(256, np.float32)


def make_model(folder: Path, name: str) -> ModelCard:
    generator, judge, encoder = networks(name)
    folder.mkdir(parents=True)
    card = ModelCard(folder.name, name, "", {}, None, palette(CLASSES), (1, 1), 1)
    return write_model(folder, card, generator, judge, encoder=encoder)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    for name in ("small", "small_vae"):
        make_model(root / name, name)
    return root


@pytest.fixture
def library(models: Path, tmp_path: Path) -> ModelLibrary:
    return ModelLibrary(models, tmp_path / "own")


def make_request(model: str = "small", **changes) -> SynthesisRequest:
    facts = golden()
    labels, regions = facts["labels"][0].numpy(), facts["instances"][0].numpy().astype(np.uint16)
    noise = np.zeros((int(regions.max()) + 1, 0), np.float32)
    return replace(SynthesisRequest(1, model, labels, regions, noise, Quality.FINAL), **changes)


def test_the_card_declares_what_the_networks_can(models: Path) -> None:
    plain, styled = ModelCard.read(models / "small"), ModelCard.read(models / "small_vae")
    assert (plain.architecture, plain.noise_size, plain.native_size) == ("spade", 0, (128, 64))
    assert plain.capabilities == Capabilities(has_region_noise=False, sees_instances=True)
    assert styled.capabilities == replace(plain.capabilities, style_size=256, reads_style=True)
    assert plain.sha256.keys() == {GENERATOR_FILE, DISCRIMINATOR_FILE}
    assert styled.sha256.keys() == {GENERATOR_FILE, DISCRIMINATOR_FILE, ENCODER_FILE}


@torch.inference_mode()
def test_all_parts_come_back(models: Path) -> None:
    folder, card, facts = models / "small_vae", ModelCard.read(models / "small_vae"), golden()
    mean, _log_variance = open_encoder(folder, card)(facts["real"])
    assert torch.allclose(mean, facts["mu"], atol=1e-4)
    judge, generator = open_discriminator(folder, card), open_generator(folder, card)
    assert not generator.training and generator.config.style == 256
    assert len(judge(torch.zeros(1, 7, 32, 64), torch.zeros(1, 3, 32, 64))) == 2
    with pytest.raises(StudioError, match="cannot read the style of a photo"):
        open_encoder(models / "small", ModelCard.read(models / "small"))


@pytest.mark.parametrize("renderer", [EagerRenderer, EngineRenderer])
def test_every_renderer_gives_the_published_numbers(library: ModelLibrary, renderer: type) -> None:
    opened = renderer(library, "cpu", "fp32")
    expected = golden()["image_small"][0].permute(1, 2, 0).numpy()
    for quality in (Quality.FINAL, Quality.PREVIEW, Quality.LIVE):
        assert np.abs(opened.render_float(make_request(quality=quality)) - expected).max() < 1e-4
    assert not opened.render(make_request(quality=Quality.LIVE)).is_partial


@pytest.mark.parametrize("size", [(31, 70), (128, 256), (1, 1)])
def test_a_styled_model_serves_any_canvas(library: ModelLibrary, models: Path, size: tuple[int, int]) -> None:
    height, width = size
    labels = np.arange(height * width, dtype=np.uint8).reshape(size) // 7 % CLASSES
    request = make_request("small_vae", labels_HW=labels, regions_HW=labels.astype(np.uint16))
    renderer = EagerRenderer(library, "cpu")
    image = renderer.render_float(replace(request, style_code=noise_vector(3, 256)))
    assert image.shape == (height, width, 3)
    fast = EngineRenderer(library, "cpu").render_float(replace(request, style_code=noise_vector(3, 256)))
    assert np.abs(image - fast).max() < 1e-4
    assert np.abs(image - renderer.render_float(replace(request, style_code=noise_vector(4, 256)))).mean() > 0.01
    mean = renderer.render_float(request)
    assert np.array_equal(mean, renderer.render_float(replace(request, style_code=np.zeros(256, np.float32))))


@pytest.mark.parametrize("name", ["small", "small_vae"])
def test_an_edit_changes_the_photo_as_far_as_the_card_says_and_no_farther(
    library: ModelLibrary, models: Path, name: str
) -> None:
    far = reach_of(ModelCard.read(models / name))
    assert far == 255
    labels = np.zeros((64, 640), np.uint8)
    edited = labels.copy()
    edited[:, 600:] = 1
    renderer = EagerRenderer(library, "cpu")
    before, after = (
        renderer.render_float(make_request(name, labels_HW=each, regions_HW=np.zeros(each.shape, np.uint16),
                                           noise_RZ=np.zeros((1, 0), np.float32)))
        for each in (labels, edited)
    )  # fmt: skip
    changed = np.flatnonzero(np.abs(before - after).max(axis=(0, 2)) > 1e-6)
    assert changed.min() >= 600 - far, "statistics of the whole image would change all of it"
    assert changed.min() < 600 - 64, "and it does reach into the neighbourhood"


def test_half_precision_is_close(library: ModelLibrary) -> None:
    request = make_request("small_vae", quality=Quality.PREVIEW, style_code=noise_vector(3, 256))
    exact, half = (EagerRenderer(library, "cpu", precision).render_float(request) for precision in ("fp32", "bf16"))
    assert 0 < np.abs(exact - half).mean() < 0.1


def test_a_stale_render_stops_between_blocks(library: ModelLibrary) -> None:
    answers = iter([False, False, True])
    with pytest.raises(SynthesisCancelled):
        EngineRenderer(library, "cpu").render(make_request(), lambda: next(answers))
    assert next(answers, None) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"style_code": np.zeros(255, np.float32)}, "255 numbers; the model .* takes 256"),
        ({"style_code": np.zeros((1, 256), np.float32)}, "1×256 numbers"),
        ({"style_code": np.full(256, np.nan, np.float32)}, "style code holds values that are not numbers"),
        ({"style_code": np.zeros(256, np.float32), "model": "small"}, '"small" takes no style code'),
        ({"noise_RZ": np.zeros((400, 64), np.float32)}, "noise has 64 numbers per region; the model .* takes 0"),
        ({"noise_RZ": np.zeros((1, 0), np.float32)}, "noise for 1 only"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(library: ModelLibrary, changes: dict, words: str) -> None:
    for renderer in (EagerRenderer(library, "cpu"), EngineRenderer(library, "cpu")):
        with pytest.raises(StudioError, match=words):
            renderer.render(make_request(**{"model": "small_vae"} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"architecture": "oasis"}, "configuration is not readable"),
        ({"noise_size": 4}, "contradicts itself"),
        ({"palette": palette(CLASSES + 1)}, "contradicts itself"),
        ({"capabilities": Capabilities()}, "its capabilities are not those"),
        ({"generator": {}}, "configuration is not readable"),
        ({"generator": {"width": 10**14}}, "no network|do not fit"),
        ({"generator": {"width": "4"}}, "does not make a network"),
        ({"generator": {"upsampling": "fully"}}, "does not make a network"),
        ({"generator": {"native_width": 100}}, "does not make a network"),
        ({"generator": {"style": 255}}, "its capabilities are not those"),
        ({"generator": {"hidden": 64}}, "do not fit"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(models: Path, changes: dict, words: str) -> None:
    card = ModelCard.read(models / "small_vae")
    if changes.get("generator"):
        changes = {"generator": card.generator | changes["generator"]}
    with pytest.raises(StudioError, match=words):
        open_generator(models / "small_vae", replace(card, **changes))


def test_an_encoder_or_discriminator_that_does_not_fit_is_refused(models: Path) -> None:
    folder, card = models / "small_vae", ModelCard.read(models / "small_vae")
    with pytest.raises(StudioError, match="do not fit"):
        open_encoder(folder, replace(card, encoder={"width": 8, "style": 256}))
    with pytest.raises(StudioError, match="another length"):
        open_encoder(folder, replace(card, encoder={"width": 4, "style": 128}))
    for wrong in ({"width": 0, "style": 256}, {"size": 1}):
        with pytest.raises(StudioError, match="encoder's configuration"):
            open_encoder(folder, replace(card, encoder=wrong))
    for wrong, words in (
        ({"inputs": 8}, "do not fit"),
        ({"inputs": 7, "layers": 10**9}, "does not make"),
        ({}, "read"),
    ):
        with pytest.raises(StudioError, match=words):
            open_discriminator(folder, replace(card, discriminator=wrong))
