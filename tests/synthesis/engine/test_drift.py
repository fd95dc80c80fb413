"""The coarsest features tell how far details elsewhere are off."""

from __future__ import annotations

import pytest
import torch

from oasis_studio.core.box import Box
from oasis_studio.synthesis.engine.drift import Composition

BOX = Box(1, 0, 3, 2)


def test_drift_is_measured_outside_the_box_and_adds_up() -> None:
    features = torch.zeros(4, 5, 3)
    composition = Composition(features, deviation=2.0)
    features[BOX.slices] = 9
    assert composition.drift(features, BOX) == 0
    features[3] = 1  # five of the sixteen pixels outside
    assert composition.drift(features, BOX) == pytest.approx((5 / 16) ** 0.5 / 2)
    composition.draw(features, BOX)
    assert composition.drift(features, Box(4, 3, 5, 4)) == pytest.approx((4 / 19) ** 0.5 / 2), (
        "what was drawn is settled"
    )


def test_a_box_of_everything_leaves_nothing_to_drift() -> None:
    composition = Composition(torch.zeros(2, 2, 1), deviation=1.0)
    assert composition.drift(torch.ones(2, 2, 1), Box(0, 0, 2, 2)) == 0
