"""What goes wrong with SPADE files, in the very sentences that a person reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from oasis_studio.cli import main
from oasis_studio.core.models.library import default_library
from oasis_studio.core.work.request import SynthesisRequest
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.engine.renderer import EngineRenderer
from tests.cli.test_model import Capture
from tests.cli.test_spade import imports, labels, published  # noqa: F401 - fixtures

PARTS_HINT = "Give the generator's file first, its discriminator with --discriminator, its encoder with --encoder."


def said(arguments: list[str], capsys: Capture) -> list[str]:
    """The lines that a refusal prints."""
    capsys.readouterr()
    assert main(arguments) == 2
    return capsys.readouterr().err.splitlines()


def test_an_encoder_of_another_model(
    published: Path,  # noqa: F811
    home: Path,
    tmp_path: Path,
    capsys: Capture,
) -> None:
    encoder = torch.load(published / "small_vae" / "latest_net_E.pth")
    shorter = {key: value[:128] if key.startswith("fc_") else value for key, value in encoder.items()}
    torch.save(shorter, tmp_path / "other_net_E.pth")
    assert said(imports(published, "small_vae", "256x128", "--encoder", str(tmp_path / "other_net_E.pth")), capsys) == [
        "error: other_net_E.pth is the encoder of another model: a code of 128 numbers from 4 channels; "
        "its generator has 256 and 4.",
        "Give the encoder of the same training.",
    ]
    own = str(published / "small_vae" / "latest_net_E.pth")
    assert said(imports(published, "small", "128x64", "--encoder", own), capsys) == [
        "error: latest_net_E.pth cannot be used: its generator takes no style code.",
        "Only a network that was trained with an encoder (--use_vae) reads the style of a photo.",
    ]
    assert not (home / "models").is_dir() or not list((home / "models").iterdir())


def test_a_discriminator_given_as_a_generator(published: Path, home: Path, capsys: Capture) -> None:  # noqa: F811
    judge = str(published / "small" / "latest_net_D.pth")
    classes = str(published / "classes.json")
    assert said(["model", "import", judge, "--classes", classes], capsys) == [
        "error: latest_net_D.pth is a SPADE discriminator, not an OASIS generator or a SPADE generator.",
        PARTS_HINT,
    ]


@pytest.mark.parametrize(
    "keys",
    [("model.1.weight", "model.1.bias"), ("model1_1.1.weight",), ("scale0_layer0.0.weight",)],
    ids=["global generator", "local enhancer", "discriminator"],
)
def test_weights_of_pix2pixhd_are_named_and_refused(
    published: Path,  # noqa: F811
    tmp_path: Path,
    home: Path,
    capsys: Capture,
    keys: tuple[str, ...],
) -> None:
    torch.save({key: torch.zeros(4, 4, 7, 7) for key in keys}, tmp_path / "latest_net_G.pth")
    classes = str(published / "classes.json")
    assert said(["model", "import", str(tmp_path / "latest_net_G.pth"), "--classes", classes], capsys) == [
        "error: latest_net_G.pth is a network of pix2pixHD, or one built like it, "
        "not an OASIS generator or a SPADE generator.",
        "OASIS Studio runs networks of OASIS and of SPADE.",
    ]


def test_outlines_without_an_instance_map_come_from_regions_and_that_is_said_once(
    published: Path,  # noqa: F811
    labels: Path,  # noqa: F811
    home: Path,
    tmp_path: Path,
    capsys: Capture,
) -> None:
    assert main(imports(published, "small", "128x64")) == 0
    maps = tmp_path / "maps"
    maps.mkdir()
    for number in range(3):
        (maps / f"{number}.png").write_bytes(labels.read_bytes())
    capsys.readouterr()
    assert main(["batch", str(maps), "-o", str(tmp_path / "photos"), "--model", "spade-small"]) == 0
    assert (
        capsys.readouterr()
        .err.splitlines()
        .count("note: This model reads outlines of instances; every region of the label map counts as one.")
        == 1
    )


def test_a_code_of_the_wrong_length(published: Path, home: Path, tmp_path: Path) -> None:  # noqa: F811
    encoder = str(published / "small_vae" / "latest_net_E.pth")
    assert main(imports(published, "small_vae", "256x128", "--encoder", encoder, "--name", "Styled")) == 0
    shape = (64, 128)
    request = SynthesisRequest(
        *(1, "styled", np.zeros(shape, np.uint8), np.zeros(shape, np.uint16), np.zeros((1, 0), np.float32)),
        style_code=np.zeros(255, np.float32),
    )
    with pytest.raises(StudioError) as caught:
        EngineRenderer(default_library(), "cpu").render(request)
    assert caught.value.message == 'The style code has 255 numbers; the model "Styled" takes 256.'
