"""TorchScript files of a person's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from oasis_training.evaluation.own_networks import InceptionFile, SegmenterFile
from torch import nn

from oasis_studio.core.classes.palette import Palette
from oasis_studio.errors import StudioError
from tests.training.conftest import OUTDOOR
from tests.training.evaluation.conftest import Judged
from tests.training.evaluation.own_files import Blue, Bytes, Pooled, script

CPU = torch.device("cpu")


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


def test_the_command_reports_fid_and_the_own_reading(judged: Judged) -> None:
    photos, made = judged.facts["columns"][:2]
    assert photos["measures"]["own_iou"]["value"] > 0.9 > made["measures"]["own_iou"]["value"]
    assert made["measures"]["fid"]["value"] > 0 and "fid" not in photos["measures"]
    assert "FID" in judged.shown


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
