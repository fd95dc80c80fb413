"""Published SPADE files: the keys tell what they are, the class list and the data set tell the rest."""

from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.core.models.card import ModelCard
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.models.checkpoint import open_discriminator, open_encoder, open_generator
from oasis_studio.synthesis.models.official import spade
from oasis_studio.synthesis.models.official.model import NATIVE_SIZES, read_official, write_official
from oasis_studio.synthesis.models.official.weights import Kind, PublishedWeights
from tests.synthesis.official_weights import palette, small_generator, state_dict
from tests.synthesis.spade_weights import CLASSES, golden, tables

TABLES = tables()
SMALL = palette(CLASSES)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small networks as their authors' program saves them: small_G.pth, small_vae_E.pth …"""
    folder = tmp_path_factory.mktemp("published")
    for name in ("small", "small_vae"):
        for part in ("generator", "discriminator", "encoder"):
            if part in TABLES[name]:
                torch.save(state_dict(TABLES[name][part]), folder / f"{name}_{part[0].upper()}.pth")
    torch.save(small_generator(), folder / "oasis_G.pth")
    return folder


def seen(generator, labels: torch.Tensor, instances: torch.Tensor) -> torch.Tensor:
    return generator.condition(labels, instances, torch.zeros(len(labels), 1, 0))


@torch.inference_mode()
@pytest.mark.parametrize(("upsampling", "expected"), [(None, "image_small"), ("more", "image_small_more")])
def test_an_import_computes_the_published_numbers(
    files: Path, tmp_path: Path, upsampling: str | None, expected: str
) -> None:
    found = read_official(
        files / "small_G.pth", SMALL, files / "small_D.pth", native_size=(128, 64), upsampling=upsampling
    )
    assert found.title == "SPADE"
    write_official(tmp_path, found, SMALL, "Small", "latest_net_G.pth")
    card, facts = ModelCard.read(tmp_path), golden()
    assert (card.architecture, card.native_size, card.noise_size) == ("spade", (128, 64), 0)
    generator, judge = open_generator(tmp_path, card), open_discriminator(tmp_path, card)
    condition = seen(generator, facts["labels"], facts["instances"])
    assert torch.allclose(generator(condition), facts[expected], atol=1e-4)
    for scale, features in enumerate(judge(condition, facts["image_small"])):
        assert torch.allclose(features[-1], facts[f"pred_scale{scale}"][:2], atol=1e-4)


@torch.inference_mode()
def test_a_styled_model_comes_with_its_encoder(files: Path, tmp_path: Path) -> None:
    found = read_official(
        files / "small_vae_G.pth", SMALL, encoder_file=files / "small_vae_E.pth", native_size=(256, 128)
    )
    write_official(tmp_path, found, SMALL, "Small", "latest_net_G.pth")
    card, facts = ModelCard.read(tmp_path), golden()
    assert card.capabilities.style_size == 256 and card.capabilities.reads_style
    assert torch.allclose(open_encoder(tmp_path, card)(facts["real"])[0], facts["mu"], atol=1e-4)


@torch.inference_mode()
@pytest.mark.parametrize("name", ["small", "small_vae"])
def test_classes_follow_our_list_where_dont_care_comes_first(files: Path, name: str) -> None:
    ours = palette(CLASSES, "ade20k", dont_care=0)
    facts = golden()
    labels, instances, style = facts["labels"][:1], facts["instances"][:1], facts["z"][:1]
    size = (128, 64) if name == "small" else (256, 128)
    images, predictions = [], []
    for classes, ids in ((SMALL, labels), (ours, (labels + 1) % CLASSES)):
        found = read_official(files / f"{name}_G.pth", classes, files / f"{name}_D.pth", native_size=size)
        condition = seen(found.generator, ids, instances)
        images.append(found.generator(condition, style) if name == "small_vae" else found.generator(condition))
        predictions.append(found.discriminator.eval()(condition, images[-1])[0][-1])
    assert torch.allclose(*images, atol=1e-5) and torch.allclose(*predictions, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "classes", "has_edges", "upsampling"),
    [("ade20k", 151, False, "normal"), ("coco_stuff", 183, True, "normal"), ("cityscapes", 35, True, "more")],
)
def test_published_configurations_follow_from_shapes_and_set(
    name: str, classes: int, has_edges: bool, upsampling: str
) -> None:
    with torch.device("meta"):
        state = {key: torch.empty(shape) for key, shape in TABLES[name]["generator"].items()}
    weights = PublishedWeights("G.pth", state, Kind.SPADE_GENERATOR)
    config = spade.generator_config(weights, palette(classes, name), NATIVE_SIZES[name])
    assert (config.classes, config.has_edges, config.width, config.upsampling) == (classes, has_edges, 64, upsampling)
    assert (config.hidden, config.style, config.native_height) == (128, 0, 256)
    with pytest.raises(
        StudioError, match=f"reads {classes + has_edges} channels of labels; the list .* has {classes + 2}"
    ):
        spade.generator_config(weights, palette(classes + 2, name), NATIVE_SIZES[name])


def test_the_extra_block_tells_most_upsampling(files: Path) -> None:
    state = dict(torch.load(files / "small_G.pth")) | {"up_4.conv_0.bias": torch.zeros(2)}
    weights = PublishedWeights("G.pth", state, Kind.SPADE_GENERATOR)
    assert spade.generator_config(weights, SMALL, (128, 128)).upsampling == "most"


def refused(files: Path, words: str, generator: str = "small_G", **options) -> StudioError:
    named = {key: files / f"{value}.pth" if key.endswith("_file") else value for key, value in options.items()}
    with pytest.raises(StudioError, match=words) as caught:
        read_official(files / f"{generator}.pth", SMALL, **({"native_size": (128, 64)} | named))
    return caught.value


def test_a_file_in_the_wrong_place_is_named(files: Path) -> None:
    wrong = refused(files, "small_D.pth is a SPADE discriminator, not an OASIS generator or a SPADE gen", "small_D")
    assert "--discriminator" in wrong.hint
    refused(files, r"small_vae_E\.pth is a SPADE image encoder, not", "small_vae_E")
    refused(files, r"small_G\.pth is a SPADE generator, not a SPADE discriminator", discriminator_file="small_G")
    refused(files, r"oasis_G\.pth is an OASIS generator, not a SPADE discriminator", discriminator_file="oasis_G")
    refused(files, r"small_D\.pth is a SPADE discriminator, not a SPADE image", "small_vae_G",
            encoder_file="small_D", native_size=(256, 128))  # fmt: skip


def test_parts_of_another_model_are_refused(files: Path, tmp_path: Path) -> None:
    refused(files, r"small_vae_E\.pth cannot be used: its generator takes no style code", encoder_file="small_vae_E")
    encoder = torch.load(files / "small_vae_E.pth")
    shorter = {key: value[:128] if key.startswith("fc_") else value for key, value in encoder.items()}
    torch.save(shorter, files / "short.pth")
    styled = {"generator": "small_vae_G", "native_size": (256, 128)}
    refused(files, "encoder of another model: a code of 128 numbers", encoder_file="short", **styled)
    del encoder["layer6.0.weight_orig"]
    torch.save(encoder, files / "flat.pth")
    refused(files, r"layer6\.0\.weight_orig is missing", encoder_file="flat", **styled)
    judge = torch.load(files / "small_D.pth")
    for scale in range(2):
        judge[f"discriminator_{scale}.model0.0.weight"] = torch.zeros(8, 9, 4, 4)
    torch.save(judge, files / "other.pth")
    refused(files, r"other\.pth reads 6 channels of labels, its generator 7", discriminator_file="other")


def test_what_the_keys_do_not_tell_must_fit(files: Path) -> None:
    refused(files, r"small_vae_G\.pth was not made for photos of 256×256 pixels", "small_vae_G", native_size=None)
    refused(files, "not made for photos of 250×128", "small_vae_G", native_size=(250, 128))
    wrong = refused(files, '256×128 pixels with "more"', "small_vae_G", native_size=(256, 128), upsampling="more")
    assert "--size" in wrong.hint
    refused(files, "to which --noise-size means nothing", noise_size=64)
    refused(files, r"up_4\.conv_0\.bias is missing", upsampling="most")


def test_weights_of_wrong_shapes_are_named_not_tripped_over(files: Path) -> None:
    state = torch.load(files / "small_G.pth")
    state["up_0.norm_0.mlp_shared.0.weight"] = torch.zeros(3)
    torch.save(state, files / "bent.pth")
    with pytest.raises(StudioError, match=r"up_0\.norm_0\.mlp_shared\.0\.weight is 3 instead of"):
        read_official(files / "bent.pth", palette(CLASSES, "coco_stuff"))
    state["head_0.conv_0.weight_orig"] = torch.zeros(3, 3, 3, 3)
    torch.save(state, files / "bent.pth")
    refused(files, "does not make a network", "bent")
    del state["head_0.conv_0.weight_orig"]
    torch.save(state, files / "bent.pth")
    refused(files, r"looks like a SPADE generator, but it has no usable head_0\.conv_0", "bent")


def test_an_import_is_the_same_every_time(files: Path, tmp_path: Path) -> None:
    digests = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        found = read_official(files / "small_G.pth", SMALL, native_size=(128, 64))
        digests.append(write_official(tmp_path / name, found, SMALL, "Small", "G.pth").sha256)
    assert digests[0] == digests[1]
    assert np.unique(list(digests[0].values())).size == 1
