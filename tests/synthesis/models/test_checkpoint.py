"""Weights come back from a file as they went in, and a file that does not fit is refused by name."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from oasis_studio.core.models.card import DISCRIMINATOR_FILE, GENERATOR_FILE, ModelCard, sha256_of
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.models import checkpoint
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_generator, write_model, write_weights
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.generator import Generator, GeneratorConfig
from tests.synthesis.official_weights import palette

CONFIG = GeneratorConfig(classes=3, noise=4, widths=(8, 8, 4), hidden=6, native_width=64, native_height=32)


def blank_card() -> ModelCard:
    return ModelCard("tiny", "Tiny", "oasis", {}, None, palette(3), (1, 1), 1)


def make_model(folder: Path, storage: checkpoint.Storage = "fp32") -> tuple[Generator, ModelCard]:
    torch.manual_seed(1)
    generator = Generator(CONFIG)
    for tensor in generator.state_dict().values():
        if tensor.is_floating_point():
            tensor.normal_().abs_()
    folder.mkdir(exist_ok=True)
    return generator, write_model(folder, blank_card(), generator, storage=storage)


def test_weights_and_statistics_come_back_bit_for_bit(tmp_path: Path) -> None:
    generator, card = make_model(tmp_path)
    opened = open_generator(tmp_path, ModelCard.read(tmp_path))
    assert opened.config == CONFIG
    assert not opened.training
    for key, tensor in generator.state_dict().items():
        assert torch.equal(opened.state_dict()[key], tensor)
        assert opened.state_dict()[key].dtype == tensor.dtype
    assert all(weight.requires_grad for weight in opened.parameters())
    assert card.native_size == (64, 32)
    assert card.sha256 == {GENERATOR_FILE: sha256_of(tmp_path / GENERATOR_FILE)}


@pytest.mark.parametrize(("storage", "error"), [("fp16", 1e-3), ("bf16", 8e-3)])
def test_half_precision_files_are_half_as_large_and_widen(
    tmp_path: Path, storage: checkpoint.Storage, error: float
) -> None:
    generator, card = make_model(tmp_path, storage)
    raw = load_file(tmp_path / GENERATOR_FILE)
    assert raw["fc.weight"].dtype == checkpoint._DTYPES[storage]
    assert raw["body.0.norm_0.first_norm.running_var"].dtype == torch.float32
    opened = open_generator(tmp_path, card)
    for key, tensor in generator.state_dict().items():
        assert opened.state_dict()[key].dtype == tensor.dtype
        assert torch.allclose(opened.state_dict()[key].float(), tensor.float(), rtol=error)


def test_a_weight_beyond_float16_keeps_its_value(tmp_path: Path) -> None:
    write_weights(tmp_path / "a.safetensors", {"a": torch.full((2, 2), 1e6)}, "fp16")
    assert torch.equal(load_file(tmp_path / "a.safetensors")["a"], torch.full((2, 2), 1e6))


def test_the_file_can_be_replaced_while_the_model_is_in_use(tmp_path: Path) -> None:
    generator, card = make_model(tmp_path)
    opened = open_generator(tmp_path, card)
    (tmp_path / GENERATOR_FILE).write_bytes(b"")
    assert torch.equal(opened.fc.weight, generator.fc.weight)


def test_a_discriminator_comes_back_and_may_be_missing(tmp_path: Path) -> None:
    discriminator = Discriminator(DiscriminatorConfig(classes=3, down=(4, 6), up=(6, 4)))
    card = write_model(tmp_path, blank_card(), Generator(CONFIG), discriminator)
    opened = open_discriminator(tmp_path, card)
    assert torch.equal(opened.layer_up_last.weight, discriminator.layer_up_last.weight)
    (tmp_path / DISCRIMINATOR_FILE).unlink()
    with pytest.raises(StudioError, match="lacks its file discriminator"):
        open_discriminator(tmp_path, card)
    with pytest.raises(StudioError, match="without a discriminator"):
        open_discriminator(tmp_path, replace(card, discriminator=None))


def rewrite(folder: Path, **changes: torch.Tensor | None) -> None:
    state = load_file(folder / GENERATOR_FILE)
    for name, value in changes.items():
        key = name.replace("__", ".")
        if value is None:
            del state[key]
        else:
            state[key] = value
    save_file(state, folder / GENERATOR_FILE)


def test_wrong_weights_are_named_three_at_most(tmp_path: Path) -> None:
    _generator, card = make_model(tmp_path)
    rewrite(tmp_path, fc__bias=None, fc__weight=torch.zeros(1, 2), extra=torch.zeros(1), more=torch.zeros(1))
    with pytest.raises(StudioError) as caught:
        open_generator(tmp_path, card)
    message = caught.value.message
    assert "fc.weight is 1×2 instead of 8×7×3×3" in message
    assert "fc.bias is missing" in message
    assert "is unknown" in message
    assert "and 1 more" in message


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_weights_that_are_not_numbers_are_neither_read_nor_written(tmp_path: Path, value: float) -> None:
    generator, card = make_model(tmp_path)
    rewrite(tmp_path, conv_img__bias=torch.full((3,), value))
    with pytest.raises(StudioError, match=r"not numbers: conv_img\.bias"):
        open_generator(tmp_path, card)
    with torch.no_grad():
        generator.fc.weight[0] = value
    with pytest.raises(StudioError, match=r"not numbers: fc\.weight"):
        write_weights(tmp_path / "new.safetensors", generator.state_dict())
    assert not (tmp_path / "new.safetensors").exists()


@pytest.mark.parametrize("length", [0, 7, 100, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, length: int) -> None:
    _generator, card = make_model(tmp_path)
    whole = (tmp_path / GENERATOR_FILE).read_bytes()
    (tmp_path / GENERATOR_FILE).write_bytes(whole[:length])
    with pytest.raises(StudioError, match="damaged or cut short"):
        open_generator(tmp_path, card)


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    _generator, card = make_model(tmp_path)
    with (tmp_path / GENERATOR_FILE).open("wb") as stream:
        stream.truncate(checkpoint.MAX_BYTES + 1)
    with pytest.raises(StudioError, match="far larger"):
        open_generator(tmp_path, card)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _generator, card = make_model(tmp_path)
    (tmp_path / GENERATOR_FILE).unlink()
    with pytest.raises(StudioError, match=r"lacks its file generator\.safetensors"):
        open_generator(tmp_path, card)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"architecture": "diffusion"}, "cannot run"),
        ({"palette": palette(4)}, "contradicts itself"),
        ({"noise_size": 5}, "contradicts itself"),
        ({"generator": {"classes": 3}}, "configuration is not readable"),
        ({"generator": CONFIG.to_json() | {"widths": [8] * 1000}}, "no network"),
        ({"generator": CONFIG.to_json() | {"widths": [10**15, 8]}}, "no network|do not fit"),
        ({"generator": CONFIG.to_json() | {"hidden": 2.5}}, "no network"),
        ({"generator": CONFIG.to_json() | {"hidden": 7}}, "do not fit"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(tmp_path: Path, changes: dict, words: str) -> None:
    _generator, card = make_model(tmp_path)
    with pytest.raises(StudioError, match=words):
        open_generator(tmp_path, replace(card, **changes))


def test_an_unwritable_place_is_an_expected_failure(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="Cannot write"):
        write_weights(tmp_path / "missing" / "a.safetensors", {"a": torch.zeros(1)})
