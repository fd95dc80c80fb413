"""Label maps for photos that have none."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from oasis_training.commands.relabel import main, pseudo_labels

from oasis_studio.core.models.card import ModelCard
from oasis_studio.synthesis.photos.reading import PhotoReader


def test_sure_pixels_are_labelled_right_and_others_not_at_all(
    data: Path,
    reader: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [str(data / "pairs" / "images"), str(tmp_path / "out"), "--model", str(reader)]
    assert main([*arguments, "--sure", "0.4", "--device", "cpu"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["photos"] == 12 and told["left_out"] == {} and 0.3 < told["labelled_share"] <= 1
    right = total = 0
    for path in (data / "pairs" / "labels").glob("*.png"):
        labels, found = cv2.imread(str(path), 0), cv2.imread(str(tmp_path / "out" / path.name), 0)
        assert found.shape == labels.shape
        known = (labels != 255) & (found != 255)
        right, total = right + int((labels == found)[known].sum()), total + int(known.sum())
    assert right > 0.97 * total
    assert main([*arguments, "--sure", "1.01", "--device", "cpu"]) == 0
    assert json.loads(capsys.readouterr().out)["labelled_share"] == 0


def test_a_mirrored_photo_has_the_mirrored_labels(data: Path, reader: Path) -> None:
    judge = PhotoReader.open(reader, ModelCard.read(reader))
    image = cv2.imread(str(data / "pairs" / "images" / "scene0.png"))[..., ::-1].copy()
    image[:, :9] = 0
    straight = pseudo_labels([judge, judge], image, 0.5, [64])
    mirrored = pseudo_labels([judge], image[:, ::-1].copy(), 0.5, [64])
    assert (straight == mirrored[:, ::-1]).mean() > 0.99


def test_what_cannot_be_done_is_told(data: Path, reader: Path, tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path / "none"), str(tmp_path / "out"), "--model", str(reader)]) == 2
    assert "no photos" in capsys.readouterr().err
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "broken.png").write_bytes(b"no picture")
    cv2.imwrite(str(photos / "good.png"), np.full((40, 40, 3), 99, np.uint8))
    assert main([str(photos), str(tmp_path / "out"), "--model", str(reader), "--device", "cpu"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["photos"] == 1 and list(told["left_out"]) == ["broken.png"]
    assert main([str(photos), str(tmp_path / "out"), "--model", "nobody"]) == 2
    assert "There is no model" in capsys.readouterr().err
