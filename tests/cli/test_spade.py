"""A SPADE model from the shell: import, list, show, render."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.cli import main
from oasis_studio.core.document.noise import noise_vector
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.library import default_library
from oasis_studio.core.models.style_noise import model_identity
from oasis_studio.core.work.jobs import EncodeJob
from oasis_studio.synthesis.models.checkpoint import open_generator
from oasis_studio.synthesis.service.workshop import NetworkWorkshop
from tests.cli.test_model import Capture, fails
from tests.synthesis.official_weights import palette, state_dict
from tests.synthesis.spade_weights import CLASSES, golden, tables


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    for name in ("small", "small_vae"):
        for part in ("generator", "discriminator", "encoder"):
            if part in tables()[name]:
                file = folder / name / f"latest_net_{part[0].upper()}.pth"
                file.parent.mkdir(exist_ok=True)
                torch.save(state_dict(tables()[name][part]), file)
    (folder / "classes.json").write_text(json.dumps(palette(CLASSES).to_json()))
    return folder


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.png"
    write_labels(path, golden()["labels"][0].numpy(), palette(CLASSES))
    return path


def imports(published: Path, name: str, size: str, *options: str) -> list[str]:
    file = str(published / name / "latest_net_G.pth")
    return ["model", "import", file, "--classes", str(published / "classes.json"), "--size", size, *options]


def test_import_recognises_the_architecture_and_render_says_where_outlines_come_from(
    published: Path, labels: Path, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    judge = str(published / "small" / "latest_net_D.pth")
    assert main(imports(published, "small", "128x64", "--discriminator", judge)) == 0
    assert "Imported SPADE small as spade-small." in capsys.readouterr().out
    assert main(["model", "show", "spade-small"]) == 0
    shown = capsys.readouterr().out
    assert "spade" in shown and "outlines of regions" in shown
    out = tmp_path / "out.npy"
    assert main(["render", str(labels), "-o", str(out), "--model", "spade-small"]) == 0
    assert capsys.readouterr().err.count("every region of the label map counts as one") == 1
    folder = home / "models" / "spade-small"
    generator = open_generator(folder, ModelCard.read(folder))
    classes = golden()["labels"][:1]
    with torch.inference_mode():
        expected = generator(generator.condition(classes, classes, torch.zeros(1, 1, 0)))
    assert np.abs(np.load(out) - expected[0].permute(1, 2, 0).numpy()).max() < 1e-4


def test_the_seed_is_the_style_of_a_styled_model(
    published: Path, labels: Path, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    encoder = str(published / "small_vae" / "latest_net_E.pth")
    assert main(imports(published, "small_vae", "256x128", "--encoder", encoder, "--name", "Styled")) == 0
    assert main(["model", "show", "Styled"]) == 0
    assert "256, also from a photo" in capsys.readouterr().out
    images = []
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        out = tmp_path / f"{name}.npy"
        assert main(["render", str(labels), "-o", str(out), "--model", "styled", "--seed", seed]) == 0
        images.append(np.load(out))
    assert np.array_equal(images[0], images[1]) and np.abs(images[0] - images[2]).mean() > 0.01
    folder = home / "models" / "styled"
    generator = open_generator(folder, ModelCard.read(folder))
    classes = golden()["labels"][:1]
    with torch.inference_mode():
        condition = generator.condition(classes, classes, torch.zeros(1, 1, 0))
        expected = generator(condition, torch.from_numpy(noise_vector(3, 256))[None])
    assert np.abs(images[0] - expected[0].permute(1, 2, 0).numpy()).max() < 1e-4
    code = tmp_path / "code.npy"
    np.save(code, np.zeros(256, np.float32))
    arguments = ["render", str(labels), "-o", str(tmp_path / "d.png"), "--model", "styled", "--noise", str(code)]
    fails(arguments, capsys, '"Styled" takes no noise')


def test_a_batch_says_it_once(published: Path, labels: Path, home: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(imports(published, "small", "128x64", "--name", "Small")) == 0
    maps = tmp_path / "maps"
    maps.mkdir()
    for name in ("a.png", "b.png"):
        (maps / name).write_bytes(labels.read_bytes())
    assert main(["batch", str(maps), "-o", str(tmp_path / "photos"), "--model", "small"]) == 0
    assert capsys.readouterr().err.count("every region of the label map counts as one") == 1


def test_an_exported_model_keeps_all_its_parts(published: Path, home: Path, tmp_path: Path) -> None:
    encoder = str(published / "small_vae" / "latest_net_E.pth")
    assert main(imports(published, "small_vae", "256x128", "--encoder", encoder, "--name", "Styled")) == 0
    file = tmp_path / "styled.oasismodel"
    assert main(["model", "export", "styled", str(file)]) == 0
    assert main(["model", "import", str(file), "--name", "Copy"]) == 0
    first, copy = (home / "models" / name for name in ("styled", "copy"))
    for part in ("generator.safetensors", "encoder.safetensors"):
        assert (first / part).read_bytes() == (copy / part).read_bytes()
    assert model_identity(ModelCard.read(first)) == model_identity(ModelCard.read(copy)), "swatches fit both"
    photo = np.random.default_rng(0).integers(0, 255, (90, 120, 3)).astype(np.uint8)
    workshop = NetworkWorkshop(default_library(), "cpu")
    codes = [workshop.work(EncodeJob(name, photo), lambda _share: None, lambda: False) for name in ("styled", "copy")]
    assert codes[0].code_S.shape == (256,) and np.array_equal(codes[0].code_S, codes[1].code_S)


def test_a_discriminator_of_patches_goes_along_but_judges_nothing(
    published: Path, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    """It tells photos from pictures, given their label map; it names no class, so there is no critic."""
    judge = str(published / "small" / "latest_net_D.pth")
    assert main(imports(published, "small", "128x64", "--discriminator", judge)) == 0
    folder = home / "models" / "spade-small"
    card = ModelCard.read(folder)
    assert (folder / "discriminator.safetensors").is_file() and not card.capabilities.has_critic
    write_photo(tmp_path / "photo.png", np.zeros((32, 32, 3), np.uint8), {})
    fails(
        ["segment", str(tmp_path / "photo.png"), "-o", str(tmp_path / "out.png"), "--model", "spade-small"],
        capsys,
        'The model "SPADE small" comes without a discriminator that names classes, so it cannot judge photos.',
    )


def test_wrong_files_say_why_and_install_nothing(published: Path, home: Path, tmp_path: Path, capsys: Capture) -> None:
    judge, encoder = published / "small" / "latest_net_D.pth", published / "small_vae" / "latest_net_E.pth"
    classes = ["--classes", str(published / "classes.json")]
    fails(["model", "import", str(judge), *classes], capsys, "is a SPADE discriminator", "--discriminator")
    fails(imports(published, "small", "128x64", "--encoder", str(encoder)), capsys, "takes no style code")
    fails(imports(published, "small_vae", "512x512"), capsys, "512×512", "--size")
    fails(imports(published, "small", "128x64", "--noise-size", "64"), capsys, "--noise-size means nothing")
    torch.save({"model.1.weight": torch.zeros(4, 4, 7, 7)}, tmp_path / "hd.pth")
    fails(["model", "import", str(tmp_path / "hd.pth"), *classes], capsys, "pix2pixHD")
    assert main(imports(published, "small", "128x64", "--upsampling", "fully")) == 2
    assert not (home / "models").is_dir() or not list((home / "models").iterdir())


def test_an_instance_map_draws_the_outlines(
    published: Path, labels: Path, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert main(imports(published, "small", "128x64")) == 0
    capsys.readouterr()
    height, width = golden()["labels"][0].shape
    halves = np.zeros((height, width), np.uint16)
    halves[:, width // 2 :] = 4711
    np.save(tmp_path / "halves.npy", halves)
    np.save(tmp_path / "one.npy", np.zeros((height, width), np.int32))
    render = ["render", str(labels), "--model", "spade-small"]
    for name in ("halves", "one"):
        out = str(tmp_path / f"{name}-out.npy")
        assert main([*render, "-o", out, "--instances", str(tmp_path / f"{name}.npy")]) == 0
    assert "counts as one" not in capsys.readouterr().err
    found, plain = (np.load(tmp_path / f"{name}-out.npy") for name in ("halves", "one"))
    assert not np.array_equal(found, plain)
    np.save(tmp_path / "small.npy", np.zeros((20, 24), np.uint8))
    np.save(tmp_path / "real.npy", np.zeros((height, width)))
    for name, words in (("small", "has 24×20 pixels"), ("real", "which are no label map"), ("none", "cannot be read")):
        fails([*render, "-o", str(tmp_path / "x.png"), "--instances", str(tmp_path / f"{name}.npy")], capsys, words)
