"""``segment`` writes a label map in the model's classes, and says in one sentence why it cannot."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from oasis_studio.cli import main
from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.files.label_maps.files import read_labels
from oasis_studio.core.files.pictures.photo import write_photo
from oasis_studio.core.models.card import ModelCard
from tests.cli.test_model import Capture, fails
from tests.synthesis import small_world


@pytest.fixture
def photo(home: Path, tmp_path: Path) -> Path:
    """A photo, and a library with a model that can read it."""
    small_world.write_critic_model(home / "models" / "textures")
    path = tmp_path / "photo.png"
    write_photo(path, small_world.photo(4)[0], {})
    return path


def test_a_photo_becomes_a_label_map(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "labels.png"
    assert main(["segment", str(photo), "-o", str(out), "--model", "Textures"]) == 0
    labels = read_labels(out, small_world.PALETTE)
    assert (labels == small_world.photo(4)[1]).mean() > 0.85


def test_unsure_pixels_stay_unpainted(photo: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "labels.png"
    arguments = ["segment", str(photo), "-o", str(out), "--model", "textures", "--unsure", "0.97"]
    assert main(arguments) == 0
    assert (read_labels(out, small_world.PALETTE) == UNPAINTED).any()
    assert "unsure and stay unpainted" in capsys.readouterr().err


def test_what_is_wrong_is_said(photo: Path, home: Path, tmp_path: Path, capsys: Capture) -> None:
    bare = small_world.write_critic_model(home / "models" / "bare")
    replace(bare, capabilities=replace(bare.capabilities, has_critic=False)).write(home / "models" / "bare")
    out = str(tmp_path / "labels.png")
    for arguments, words in (
        ([str(photo), "-o", out, "--model", "bare"], "without a discriminator"),
        ([str(photo), "-o", str(tmp_path / "labels.jpg"), "--model", "textures"], "written as .png"),
        ([str(photo), "-o", str(tmp_path / "no" / "labels.png"), "--model", "textures"], "does not exist"),
        ([str(tmp_path / "none.jpg"), "-o", out, "--model", "textures"], "none.jpg"),
        ([str(photo), "-o", out, "--model", "nobody"], "no model"),
    ):
        fails(["segment", *arguments], capsys, words)
    assert not Path(out).exists()


def test_calibrate_writes_the_card(photo: Path, home: Path, tmp_path: Path) -> None:
    for index in range(4):
        image, labels = small_world.photo(200 + index)
        for kind, pixels in (("images", image[:, :, ::-1]), ("labels", labels)):
            (tmp_path / "set" / kind).mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(tmp_path / "set" / kind / f"{index}.png"), np.ascontiguousarray(pixels))
    assert main(["model", "calibrate", "textures", str(tmp_path / "set"), "--held-out", "1"]) == 0
    card = ModelCard.read(home / "models" / "textures")
    assert card.critic is not None and card.critic.count == 4
    assert card.metrics["reading_mean_iou"] > 0.6 and card.metrics["reading_photos"] == 4
