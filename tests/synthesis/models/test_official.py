"""Official checkpoints are read whatever their age, and only if they are exactly what they claim to be."""

import io
import os
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from oasis_studio.core.models.card import GENERATOR_FILE, ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_generator
from oasis_studio.synthesis.models.official import model, oasis, torch_file
from oasis_studio.synthesis.models.official.model import read_official, write_official
from oasis_studio.synthesis.models.official.torch_file import read_states
from oasis_studio.synthesis.models.official.weights import Kind, PublishedWeights
from oasis_studio.synthesis.networks.discriminator import Discriminator, DiscriminatorConfig
from oasis_studio.synthesis.networks.tensors import condition
from tests.synthesis.official_weights import golden, palette, small_generator, tables

State = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def small() -> State:
    return small_generator()


def saved(state: object, path: Path, legacy: bool = False) -> Path:
    torch.save(state, path, _use_new_zipfile_serialization=not legacy)
    return path


def tiny_discriminator(classes: int = 7) -> State:
    """A discriminator of the published layout, but few channels wide."""
    torch.manual_seed(2)
    config = DiscriminatorConfig(classes, down=(2, 2, 4, 4, 6, 6), up=(6, 4, 4, 2, 2, 2))
    return Discriminator(config).state_dict()


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("prefix", ["", "module."])
def test_an_import_computes_the_published_numbers(small: State, tmp_path: Path, legacy: bool, prefix: str) -> None:
    file = saved({prefix + key: value for key, value in small.items()}, tmp_path / "best_EMA.pth", legacy)
    found = read_official(file, palette())
    (tmp_path / "model").mkdir()
    card = write_official(tmp_path / "model", found, palette(), "Small", file.name)
    generator = open_generator(tmp_path / "model", ModelCard.read(tmp_path / "model"))
    facts = golden()
    labels, noise = torch.from_numpy(facts["labels"][:1]), torch.from_numpy(facts["z_region"][:1])
    with torch.inference_mode():
        image = generator(condition(labels, labels, noise, 7)).numpy()
    assert np.abs(image - facts["image_region"][:1]).max() < 1e-4
    assert (card.noise_size, generator.config.widths) == (8, (64, 64, 64, 32, 16, 8, 4))


def renamed(state: State, prefix: str) -> State:
    return {prefix + key: value for key, value in state.items()}


def parametrized(state: State) -> State:
    """The keys that ``torch.nn.utils.parametrizations.spectral_norm`` has instead of those of its predecessor."""
    parts = {"weight_orig": "original", "weight_u": "0._u", "weight_v": "0._v"}
    found = {}
    for key, value in state.items():
        stem, _dot, leaf = key.rpartition(".")
        found[f"{stem}.parametrizations.weight.{parts[leaf]}" if leaf in parts else key] = value
    return found


@pytest.mark.parametrize(
    "wrap",
    [
        lambda small: renamed(small, "_orig_mod."),
        lambda small: renamed(small, "module._orig_mod."),
        lambda small: renamed(small, "module.module."),
        lambda small: renamed(small, "netG.module."),
        lambda small: {"state_dict": small, "optimizer": {"state": {}, "param_groups": [{"lr": 1e-4}]}, "epoch": 3},
        lambda small: {"model": {"generator": renamed(small, "module.")}, "step": torch.tensor(7)},
        lambda small: renamed(small, "model.netG.") | renamed(tiny_discriminator(), "model.netD."),
        lambda small: {
            "D": tiny_discriminator(),
            "G": {key: value + 1 for key, value in small.items()},
            "G_ema": small,
        },
        parametrized,
        lambda small: renamed(parametrized(small), "module._orig_mod."),
    ],
    ids=["compiled", "both", "doubled", "part", "container", "nested", "whole", "average", "parametrized", "all"],
)
def test_weights_are_found_under_other_names_and_in_containers(
    small: State, tmp_path: Path, wrap: Callable[[State], Any]
) -> None:
    found = read_official(saved(wrap(small), tmp_path / "best.pth"), palette()).generator.state_dict()
    counters = {key for key in found if key.endswith("num_batches_tracked")}
    assert found.keys() - counters == {key for key in small if not key.endswith("num_batches_tracked")}
    assert all(torch.equal(found[key], small[key]) for key in found.keys() - counters)


def test_one_file_gives_generator_and_discriminator(small: State, tmp_path: Path) -> None:
    both = saved({"netG": small, "netD": tiny_discriminator()}, tmp_path / "both.pth")
    found = read_official(both, palette(), both)
    assert found.discriminator is not None and torch.equal(found.generator.state_dict()["fc.bias"], small["fc.bias"])


def test_safetensors_are_read(small: State, tmp_path: Path) -> None:
    save_file(renamed(small, "module."), tmp_path / "G.safetensors")
    found = read_official(tmp_path / "G.safetensors", palette())
    assert torch.equal(found.generator.state_dict()["fc.bias"], small["fc.bias"])


def test_weight_norm_is_folded(small: State, tmp_path: Path) -> None:
    """``original0`` is the length of every output's weights, ``original1`` their direction."""
    state = dict(small)
    weight = state.pop("conv_img.weight")
    state["conv_img.parametrizations.weight.original0"] = weight.flatten(1).norm(dim=1).reshape(-1, 1, 1, 1)
    state["conv_img.parametrizations.weight.original1"] = 3 * weight
    found = read_official(saved(state, tmp_path / "a.pth"), palette())
    assert torch.allclose(found.generator.state_dict()["conv_img.weight"], weight, atol=1e-5)


def test_what_is_in_the_container_is_named(tmp_path: Path) -> None:
    other = saved({"state_dict": {"conv1.weight": torch.zeros(2, 2)}}, tmp_path / "other.pth")
    with pytest.raises(StudioError, match=r"is not an OASIS generator .*: it begins with state_dict: conv1\.weight"):
        read_official(other, palette())


def test_what_fine_tuning_needs_stays_in_the_file(small: State, tmp_path: Path) -> None:
    found = read_official(saved(small, tmp_path / "a.pth"), palette())
    write_official(tmp_path, found, palette(), "Small", "a.pth")
    with safe_open(tmp_path / GENERATOR_FILE, framework="pt") as file:
        kept = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - it is no dictionary
    assert kept.keys() == small.keys()
    for key in ("body.2.conv_s.weight_orig", "body.2.conv_s.weight_u", "body.0.norm_0.first_norm.running_var"):
        assert torch.equal(kept[key], small[key])


def test_a_missing_right_singular_vector_is_rebuilt(small: State, tmp_path: Path) -> None:
    state = {key: value for key, value in small.items() if not key.endswith("weight_v")}
    generator = read_official(saved(state, tmp_path / "old.pth"), palette()).generator
    rebuilt = generator.state_dict()["body.0.conv_0.weight_v"]
    assert torch.allclose(rebuilt, small["body.0.conv_0.weight_v"], atol=1e-2)
    assert rebuilt.norm().item() == pytest.approx(1)


def test_the_discriminator_is_optional_and_checked(small: State, tmp_path: Path) -> None:
    file = saved(small, tmp_path / "G.pth")
    judge = saved(tiny_discriminator(), tmp_path / "D.pth")
    found = read_official(file, palette(), judge)
    (tmp_path / "model").mkdir()
    card = write_official(tmp_path / "model", found, palette(), "Small", "G.pth")
    discriminator = open_discriminator(tmp_path / "model", card)
    assert discriminator.config.down == (2, 2, 4, 4, 6, 6)
    assert discriminator(torch.zeros(1, 3, 64, 64)).shape == (1, 8, 64, 64)
    other = saved(tiny_discriminator(classes=9), tmp_path / "D9.pth")
    with pytest.raises(StudioError, match=r"D9\.pth was made for 9 classes, the list .* has 7"):
        read_official(file, palette(), other)
    with pytest.raises(StudioError, match="is an OASIS generator, not an OASIS discriminator"):
        read_official(file, palette(), file)
    with pytest.raises(StudioError, match="is an OASIS discriminator, not an OASIS generator or a SPADE generator"):
        read_official(judge, palette())
    for option, words in (({"encoder_file": judge}, "--encoder"), ({"upsampling": "more"}, "--upsampling")):
        with pytest.raises(StudioError, match=f"to which {words} means nothing"):
            read_official(file, palette(), **option)


@pytest.mark.parametrize(("name", "count", "size"), [("ade20k", 151, (256, 256)), ("cityscapes", 35, (512, 256))])
def test_published_sizes_follow_from_shapes_alone(name: str, count: int, size: tuple[int, int]) -> None:
    with torch.device("meta"):
        state = {key: torch.empty(shape) for key, shape in tables()[name]["generator"].items()}
    weights = PublishedWeights("x.pth", state, Kind.OASIS_GENERATOR)
    config = oasis.generator_config(weights, palette(count, name), size)
    assert (config.classes, config.noise, config.widths[0], config.hidden) == (count, 64, 1024, 128)
    assert model.NATIVE_SIZES[name] == size
    with pytest.raises(StudioError, match=f"made for {count} classes, the list .* has {count + 1}"):
        oasis.generator_config(weights, palette(count + 1, name), size)


def test_a_class_list_of_another_size_is_refused_with_both_numbers(tmp_path: Path) -> None:
    state = {"fc.weight": torch.zeros(4, 64 + 20, 3, 3)} | {
        "body.0.conv_1.weight_orig": torch.zeros(4, 4, 3, 3),
        "body.0.norm_0.mlp_shared.0.weight": torch.zeros(8, 84, 3, 3),
        "body.0.norm_0.mlp_gamma.weight": torch.zeros(4, 8, 3, 3),
    }
    with pytest.raises(StudioError, match=r"made for 20 classes, the list .* has 7") as caught:
        read_official(saved(state, tmp_path / "a.pth"), palette())
    assert "--classes" in caught.value.hint


class _CreatesFile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("form", ["zip", "legacy", "raw"])
def test_code_in_a_file_never_runs(tmp_path: Path, form: str) -> None:
    file, trace = tmp_path / "evil.pth", tmp_path / "trace"
    if form == "raw":
        file.write_bytes(pickle.dumps({"fc.weight": _CreatesFile(trace)}))
    else:
        saved({"fc.weight": _CreatesFile(trace)}, file, legacy=form == "legacy")
    with pytest.raises(StudioError, match=r"evil\.pth carries program code.*none of it was run"):
        read_official(file, palette())
    assert not trace.exists()


def test_a_whole_network_saved_with_its_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="carries program code"):
        read_official(saved(torch.nn.Linear(2, 2), tmp_path / "net.pth"), palette())


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("part", [0, 3, 10, 5000, 0.5, -7])
def test_a_truncated_file_is_refused(small: State, tmp_path: Path, legacy: bool, part: float) -> None:
    file = saved({key: small[key] for key in list(small)[:4]}, tmp_path / "cut.pth", legacy)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(part * len(whole)) if isinstance(part, float) else part])
    with pytest.raises(StudioError, match=r"cut\.pth is damaged, cut short"):
        read_official(file, palette())


@pytest.mark.parametrize("content", [b"hello, this is text", b"\x80\x02", bytes(range(256)) * 20])
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "foreign.pth"
    file.write_bytes(content)
    with pytest.raises(StudioError, match="not a PyTorch checkpoint"):
        read_official(file, palette())


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.pth"):
        with pytest.raises(StudioError, match="Cannot read"):
            read_official(path, palette())


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "huge.pth"
    with file.open("wb") as stream:
        stream.truncate(torch_file.MAX_BYTES + 1)  # sparse: takes no room on the disk
    with pytest.raises(StudioError, match="far larger than any"):
        read_official(file, palette())


def test_the_tar_format_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ancient.pth"
    with tarfile.open(file, "w") as archive:
        for name in ("sys_info", "pickle", "storages", "tensors"):
            content = pickle.dumps({})
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    with pytest.raises(StudioError, match="old tar format"):
        read_official(file, palette())


def test_a_view_that_claims_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    state = {"fc.weight": torch.zeros(1).expand(10**6, 10**6)}
    with pytest.raises(StudioError, match="claims more weights"):
        read_states(saved(state, tmp_path / "wide.pth"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([1, 2], "not a state dict"),
        ({}, "not a state dict"),
        ({"a": 1, "b": "x"}, "holds no weights of a network, but a, b"),
    ],
)
def test_what_is_no_state_dict_is_refused(tmp_path: Path, content: object, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        read_official(saved(content, tmp_path / "a.pth"), palette())


def test_the_first_three_wrong_keys_are_named(small: State, tmp_path: Path) -> None:
    state = dict(small)
    del state["conv_img.bias"]
    state["body.0.conv_0.bias"] = torch.zeros(5)
    del state["body.1.conv_0.bias"]
    state["extra.weight"] = torch.zeros(1)
    with pytest.raises(StudioError) as caught:
        read_official(saved(state, tmp_path / "a.pth"), palette())
    message = caught.value.message
    assert "conv_img.bias is missing" in message
    assert "body.0.conv_0.bias is 5 instead of 64" in message
    assert message.count("missing") + message.count("instead") + message.count("unknown") == 3
    assert "and 1 more" in message


def test_weights_that_are_not_numbers_are_named(small: State, tmp_path: Path) -> None:
    state = small | {"fc.bias": torch.full((64,), torch.nan)}
    with pytest.raises(StudioError, match=r"not numbers: fc\.bias"):
        read_official(saved(state, tmp_path / "a.pth"), palette())


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    for key in ("model.1.weight", "model1_1.1.weight", "scale0_layer0.0.weight"):
        file = saved({key: torch.zeros(2, 2, 3, 3)}, tmp_path / "hd.pth")
        with pytest.raises(StudioError, match=r"hd\.pth is a network of pix2pixHD") as caught:
            read_official(file, palette())
        assert "OASIS and of SPADE" in caught.value.hint
    with pytest.raises(StudioError, match="is not an OASIS generator or a SPADE generator: it begins with conv1"):
        read_official(saved({"conv1.weight": torch.zeros(2, 2)}, tmp_path / "net.pth"), palette())
    with pytest.raises(StudioError, match=r"looks like an OASIS generator, but it has no usable fc\.weight"):
        read_official(saved({"body.0.conv_1.weight_orig": torch.zeros(2, 2)}, tmp_path / "net.pth"), palette())
