"""The coarsest features tell how far details elsewhere are off."""

from __future__ import annotations

import math

import pytest
import torch

from oasis_studio.core.pixels.box import EMPTY, Box
from oasis_studio.synthesis.engine.drift import Composition, Sensitivity, Tolerance

BOX = Box(1, 0, 3, 2)
SIZE = (40, 50)


def test_drift_is_measured_outside_the_box_and_adds_up() -> None:
    features = torch.zeros(4, 5, 3)
    composition = Composition(features, deviation=2.0, stride=8)
    features[BOX.slices] = 9
    touched = Box(8, 0, 24, 16)
    assert composition.drift(features).outside(touched) == composition.step(features).outside(touched) == 0
    features[3] = 1  # five of the sixteen pixels outside
    assert composition.drift(features).outside(touched) == pytest.approx((5 / 16) ** 0.5 / 2)
    composition.draw(features, touched)
    last = Box(32, 24, 40, 32)
    assert composition.drift(features).outside(last) == pytest.approx((4 / 19) ** 0.5 / 2), "what was drawn is settled"


def test_half_a_coarse_pixel_counts_half() -> None:
    features = torch.zeros(4, 5, 3)
    composition = Composition(features, deviation=1.0, stride=8)
    features[1, 1] = 1
    half = Box(8, 8, 12, 16)
    assert composition.drift(features).outside(half) == pytest.approx((0.5 / 19.5) ** 0.5)
    composition.draw(features, half)
    assert composition.drift(features).outside(EMPTY) == pytest.approx(0.5 / 20**0.5)


def test_a_step_is_measured_from_the_last_one() -> None:
    features = torch.zeros(4, 5, 3)
    composition = Composition(features, deviation=1.0, stride=8)
    features[3] = 1
    assert composition.step(features).outside(BOX) == composition.step(features).outside(BOX) > 0, "until it is drawn"
    composition.draw(features, BOX)
    assert composition.step(features).outside(BOX) == 0
    assert composition.drift(features).outside(BOX) > 0


def test_a_box_of_everything_leaves_nothing_to_drift() -> None:
    composition = Composition(torch.zeros(2, 2, 1), deviation=1.0, stride=1)
    everything = Box(0, 0, 2, 2)
    assert composition.drift(torch.ones(2, 2, 1)).outside(everything) == 0
    assert Sensitivity().decibels(0.5, everything, (2, 2)) == math.inf


def test_a_stroke_may_lack_more_than_an_edit_unless_a_whole_photo_comes_at_once() -> None:
    tolerance = Tolerance(edit=40, stroke=30, prompt=0.03)
    assert tolerance.allows(step=41, drift=31, seconds=0.1)
    assert not tolerance.allows(step=39, drift=39, seconds=0.1)
    assert not tolerance.allows(step=41, drift=29, seconds=0.1)
    assert not tolerance.allows(step=41, drift=31, seconds=0.02)
    assert tolerance.allows(step=41, drift=41, seconds=0.02)


def test_sensitivity_is_the_error_of_the_image_by_the_drift() -> None:
    sensitivity = Sensitivity()
    whole = torch.zeros(*SIZE, 3)
    shown = whole + 0.05
    touched = Box(0, 0, 10, 20)
    shown[touched.slices] = 7  # right by definition
    for _photo in range(100):
        sensitivity.learn(0.1, shown, whole, touched)
    outside = 1 - 200 / 2000
    assert sensitivity.decibels(0.1, touched, SIZE) == pytest.approx(-20 * math.log10(0.05 * outside**0.5 / 2), abs=0.1)
    assert sensitivity.decibels(0.05, EMPTY, SIZE) == pytest.approx(-20 * math.log10(0.025 / 2), abs=0.1)


def test_sensitivity_rises_at_once_and_sinks_slowly() -> None:
    sensitivity = Sensitivity()
    whole = torch.zeros(*SIZE, 3)
    sensitivity.learn(0.1, whole + 0.3, whole, EMPTY)
    high = sensitivity.decibels(0.1, EMPTY, SIZE)
    assert high == pytest.approx(-20 * math.log10(0.3 / 2), abs=1e-4)
    sensitivity.learn(0.1, whole + 0.01, whole, EMPTY)
    assert high < sensitivity.decibels(0.1, EMPTY, SIZE) < high + 1.5


def test_a_drift_that_rounding_could_hide_in_tells_nothing() -> None:
    sensitivity = Sensitivity()
    before = sensitivity.decibels(0.1, EMPTY, SIZE)
    whole = torch.zeros(*SIZE, 3)
    sensitivity.learn(0.001, whole + 0.3, whole, EMPTY)
    assert sensitivity.decibels(0.1, EMPTY, SIZE) == before


def test_what_another_precision_does_is_no_drift() -> None:
    sensitivity, told = Sensitivity(), Sensitivity()
    whole = torch.zeros(*SIZE, 3)
    shown = whole + torch.tensor([0.04, -0.04, 0.04])
    sensitivity.learn(0.03, shown, whole, EMPTY, noise=0.04)
    assert sensitivity.decibels(0.1, EMPTY, SIZE) == Sensitivity().decibels(0.1, EMPTY, SIZE), "it could hide in that"
    sensitivity.learn(0.1, shown, whole, EMPTY, noise=0.03)
    assert sensitivity.decibels(0.1, EMPTY, SIZE) == Sensitivity().decibels(0.1, EMPTY, SIZE), "so could the error"
    for _photo in range(100):
        sensitivity.learn(0.1, shown, whole, EMPTY, noise=0.02)
        told.learn(0.1, whole + (0.04**2 - 0.02**2) ** 0.5, whole, EMPTY)
    assert sensitivity.decibels(0.1, EMPTY, SIZE) == pytest.approx(told.decibels(0.1, EMPTY, SIZE), abs=1e-3)


def test_a_large_image_is_sampled() -> None:
    sensitivity = Sensitivity()
    whole = torch.zeros(1000, 1200, 3)
    shown = whole + 0.2
    touched = Box(13, 500, 407, 1000)
    shown[touched.slices] = 1
    sensitivity.learn(0.1, shown, whole, touched)
    assert sensitivity.decibels(0.1, EMPTY, SIZE) == pytest.approx(-20 * math.log10(0.2 / 2), abs=1e-3)
