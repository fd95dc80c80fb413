"""TorchScript files of a person's own: small stand-ins for Inception and for the papers' segmenters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from oasis_training.evaluation.__main__ import main
from oasis_training.evaluation.own_networks import InceptionFile, SegmenterFile
from torch import Tensor, nn

from oasis_studio.core.palette import Palette
from oasis_studio.errors import StudioError
from tests.training.conftest import OUTDOOR

CPU = torch.device("cpu")


class Pooled(nn.Module):
    """Mean colours of the quarters; asks for the 299 pixels of Inception."""

    def forward(self, x: Tensor) -> Tensor:
        assert x.shape[2] == 299
        return nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)[:, :, None, None]


class Bytes(nn.Module):
    def forward(self, x: Tensor, return_features: bool = False) -> Tensor:
        assert return_features and x.dtype == torch.uint8
        return x.float().mean(dim=(2, 3))


class Blue(nn.Module):
    """Class 0 where blue is stronger than green, else class 2; logits at half the size."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.avg_pool2d(x, 2)
        logits = torch.zeros(x.shape[0], self.classes, x.shape[2], x.shape[3])
        logits[:, 0] = x[:, 2] - x[:, 1]
        logits[:, 2] = x[:, 1] - x[:, 2]
        return logits


def script(network: nn.Module, path: Path) -> Path:
    torch.jit.script(network).save(str(path))
    return path


def test_both_kinds_of_inception_files(tmp_path: Path) -> None:
    image = torch.rand(3, 3, 40, 50) * 2 - 1
    pooled = InceptionFile(script(Pooled(), tmp_path / "pooled.pt"), CPU).features(image)
    assert pooled.shape == (3, 12) and pooled.min() > 0 and pooled.max() < 1
    counted = InceptionFile(script(Bytes(), tmp_path / "bytes.pt"), CPU).features(image)
    torch.testing.assert_close(counted, ((image + 1) * 127.5).mean(dim=(2, 3)).double(), atol=0.5, rtol=0)


def test_a_segmenter_may_leave_out_the_class_without_meaning(tmp_path: Path) -> None:
    image = torch.zeros(1, 3, 8, 8)
    image[:, 2, :4], image[:, 1, 4:] = 1, 1
    found = SegmenterFile(script(Blue(8), tmp_path / "eight.pt"), OUTDOOR, CPU).classes(image)
    assert found[0, 0].tolist() == [0] * 8 and found[0, -1].tolist() == [2] * 8
    nine = Palette("nine", (*OUTDOOR.classes, OUTDOOR.classes[0]), dont_care=0)
    shifted = SegmenterFile(tmp_path / "eight.pt", nine, CPU).classes(image)
    assert torch.equal(shifted, found + 1)
    with pytest.raises(StudioError, match="reads 8 classes; the data has 3"):
        SegmenterFile(tmp_path / "eight.pt", Palette("three", OUTDOOR.classes[:3]), CPU).classes(image)


def test_the_command_reports_fid_and_the_own_reading(
    data: Path, model: Path, reader: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inception, own = script(Pooled(), tmp_path / "i.pt"), script(Blue(8), tmp_path / "s.pt")
    places = [str(model), str(data / "pairs"), "--all", "--classes", "outdoor8", "--reader", str(reader)]
    options = ["--inception", str(inception), "--own-segmenter", str(own), "--json", str(tmp_path / "o.json")]
    assert main(["--device", "cpu", *places, *options]) == 0
    photos, made = json.loads((tmp_path / "o.json").read_text())["columns"][:2]
    assert photos["measures"]["own_iou"]["value"] > 0.9 > made["measures"]["own_iou"]["value"]
    assert made["measures"]["fid"]["value"] > 0 and "fid" not in photos["measures"]
    assert "FID" in capsys.readouterr().out


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no file"):
        InceptionFile(tmp_path / "none.pt", CPU)
    (tmp_path / "text.pt").write_text("hello")
    with pytest.raises(StudioError, match="no TorchScript file"):
        SegmenterFile(tmp_path / "text.pt", OUTDOOR, CPU)
    odd = script(nn.Linear(3, 3), tmp_path / "odd.pt")
    with pytest.raises(StudioError, match="does not take pictures"):
        InceptionFile(odd, CPU).features(torch.zeros(1, 3, 8, 8))
    with pytest.raises(StudioError, match="does not take pictures"):
        SegmenterFile(odd, OUTDOOR, CPU).classes(torch.zeros(1, 3, 8, 8))
