"""Readings of pictures against their label maps, by hand."""

from __future__ import annotations

import pytest
import torch
from oasis_training.evaluation.alignment import Agreement, confusions


def test_agreement_by_hand() -> None:
    labels = torch.tensor([[[0, 0, 1], [1, 2, 2]]])
    read = torch.tensor([[[0, 1, 1], [1, 0, 0]]])
    valid = torch.tensor([[[True, True, True], [True, True, False]]])
    found = Agreement(confusions(read, labels, valid, 4).sum(dim=0))
    assert found.accuracy == pytest.approx(3 / 5)
    assert found.iou[:3] == pytest.approx([1 / 3, 2 / 3, 0])
    assert found.iou[3] != found.iou[3]
    assert found.mean_iou == pytest.approx(1 / 3)
    without = Agreement(confusions(read, labels, valid, 4).sum(dim=0), ignored=0)
    assert without.accuracy == pytest.approx(2 / 3)
    assert without.mean_iou == pytest.approx((1 + 0) / 2)
