"""SPADE files as large as the published ones, of random weights: they are imported, rendered, and passed on whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from oasis_studio.cli import main
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.models.card import ModelCard, check_files
from oasis_studio.paths import resource
from oasis_studio.synthesis.networks.image_encoder import EncoderConfig, ImageEncoder
from tests.cli.test_model import Capture
from tests.synthesis.spade_weights import tables

pytestmark = pytest.mark.slow

OUTLINES = "This model reads outlines of instances; every region of the label map counts as one."
STYLE = 256


def random_state(table: dict[str, list[int]]) -> dict[str, Tensor]:
    """Tensors of those shapes, with spectral norms near those of a trained network."""
    torch.manual_seed(3)
    state = {}
    for key, shape in table.items():
        if key.endswith("running_var"):
            state[key] = torch.rand(shape) + 0.5
        elif key.endswith("num_batches_tracked"):
            state[key] = torch.ones((), dtype=torch.long)
        else:
            fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else 100
            state[key] = torch.randn(shape) * (2 / fan_in) ** 0.5
    for key in [key for key in state if key.endswith("weight_u")]:
        matrix = state[key.replace("weight_u", "weight_orig")].flatten(1)
        u = F.normalize(state[key], dim=0)
        for _step in range(5):
            v = F.normalize(matrix.T @ u, dim=0)
            u = F.normalize(matrix @ v, dim=0)
        state[key], state[key.replace("weight_u", "weight_v")] = u, v
    return {key: state[key] for key in table}


def with_style(table: dict[str, list[int]]) -> dict[str, list[int]]:
    """The same network behind a style code: its stem makes 8×8 features out of 256 numbers."""
    pixels = 8 * 8 * 1024
    return table | {"fc.weight": [pixels, STYLE], "fc.bias": [pixels]}


def encoder_table() -> dict[str, list[int]]:
    with torch.device("meta"):
        return {key: list(value.shape) for key, value in ImageEncoder(EncoderConfig(64, STYLE)).state_dict().items()}


def drawn(palette: Palette, width: int, height: int) -> np.ndarray:
    """(H, W) uint8: a dozen classes in cells."""
    random = np.random.default_rng(5)
    coarse = random.integers(0, len(palette), (height // 32, width // 32))
    return coarse.repeat(32, 0).repeat(32, 1).astype(np.uint8)


@pytest.mark.parametrize(
    ("data", "has_encoder", "size"),
    [
        ("ade20k", False, (256, 256)),
        ("coco_stuff", False, (256, 256)),
        ("cityscapes", False, (512, 256)),
        ("ade20k", True, (256, 256)),
    ],
)
def test_a_file_of_published_size_imports_and_renders(
    data: str, has_encoder: bool, size: tuple[int, int], home: Path, tmp_path: Path, capsys: Capture
) -> None:
    table, palette = tables()[data], Palette.read(resource("classes", f"{data}.json"))
    parts = {"G": with_style(table["generator"]) if has_encoder else table["generator"], "D": table["discriminator"]}
    if has_encoder:
        parts["E"] = encoder_table()
    files = {part: tmp_path / f"latest_net_{part}.pth" for part in parts}
    for part, shapes in parts.items():
        torch.save(random_state(shapes), files[part])
    arguments = ["model", "import", str(files["G"]), "--classes", data, "--discriminator", str(files["D"])]
    arguments += ["--encoder", str(files["E"])] if has_encoder else []
    assert main([*arguments, "--name", "Published"]) == 0
    folder = home / "models" / "published"
    card = ModelCard.read(folder)
    check_files(folder, card)
    assert (card.architecture, card.native_size, len(card.palette)) == ("spade", size, len(palette))
    assert card.capabilities.sees_instances is (data != "ade20k")
    assert (card.capabilities.style_size, card.capabilities.reads_style) == (STYLE * has_encoder, has_encoder)
    labels = tmp_path / "labels.png"
    write_labels(labels, drawn(palette, *size), palette)
    pictures = []
    for seed in (1, 2) if has_encoder else (1,):
        out = tmp_path / f"out{seed}.npy"
        capsys.readouterr()
        assert main(["render", str(labels), "-o", str(out), "--model", "published", "--seed", str(seed)]) == 0
        assert capsys.readouterr().err.count(OUTLINES) == (data != "ade20k")
        pictures.append(np.load(out))
    for picture in pictures:
        assert picture.shape == (size[1], size[0], 3) and np.isfinite(picture).all() and np.abs(picture).max() <= 1
        assert picture.std() > 0.01, "not one grey"
    if has_encoder:
        assert np.abs(pictures[0] - pictures[1]).mean() > 0.01, "the seed is the style"
    for file in files.values():
        file.unlink()
    shutil.rmtree(folder)  # pytest keeps the folders of three runs
