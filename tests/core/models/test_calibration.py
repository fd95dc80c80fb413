"""A calibration survives the card, and a wrong one is refused."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from oasis_studio.core.classes.palette import Palette, SemanticClass
from oasis_studio.core.models.calibration import LEVELS, Calibration, quantiles
from oasis_studio.core.models.card import ModelCard
from oasis_studio.core.models.surprise import TEXTURE, realism, texture
from oasis_studio.errors import StudioError

PALETTE = Palette("two", (SemanticClass(0, "a", (0, 0, 0)), SemanticClass(1, "b", (9, 9, 9))))


def calibration() -> Calibration:
    draws = np.random.default_rng(0)
    labels = np.repeat([0, 1], 1000)
    values = np.concatenate([draws.normal(0, 1, 1000), draws.normal(10, 1, 1000)])
    made = Calibration.of_traits((64,), [({"fake": values}, labels)], 2)
    return replace(made, photos=quantiles(values), trust=0.5)


def card(critic: Calibration | None) -> ModelCard:
    return ModelCard("m", "M", "oasis", {}, None, PALETTE, (64, 64), 4, critic=critic)


def test_percentiles_are_those_of_the_class() -> None:
    found = calibration()
    values = np.array([0.0, 10.0, 10.0])
    ranks = found.percentiles("fake", values, np.array([0, 1, 0]))
    assert ranks[0] == pytest.approx(0.5, abs=0.05) and ranks[1] == pytest.approx(0.5, abs=0.05) and ranks[2] == 1
    assert found.percentiles("fake", values)[1] == pytest.approx(0.75, abs=0.05)


def test_a_class_that_was_hardly_seen_is_judged_as_all() -> None:
    labels = np.array([0] * 1000 + [1] * 10)
    made = Calibration.of_traits((64,), [({"fake": np.arange(1010.0)}, labels)], 2)
    assert made.traits["fake"][1] == ()
    assert made.percentiles("fake", np.array([505.0]), np.array([1]))[0] == pytest.approx(0.5, abs=0.01)


def test_it_survives_the_card() -> None:
    made = card(calibration())
    assert ModelCard.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_older_cards_have_none() -> None:
    data = card(None).to_json()
    del data["critic"]
    assert ModelCard.from_json(data).critic is None


@pytest.mark.parametrize(
    "change",
    [
        {"sides": []},
        {"sides": [0]},
        {"sides": ["64"]},
        {"photos": []},
        {"photos": [1.0] * (len(LEVELS) - 1)},
        {"photos": [float("nan")] * len(LEVELS)},
        {"photos": list(range(len(LEVELS), 0, -1))},
        {"traits": {"fake": [[]]}},
        {"traits": 3},
        {"trust": 2},
    ],
)
def test_a_wrong_one_is_refused(change: dict[str, Any]) -> None:
    data = card(calibration()).to_json()
    data["critic"] |= change
    with pytest.raises(StudioError, match="critic"):
        ModelCard.from_json(data)


def test_one_for_other_classes_is_refused() -> None:
    data = card(calibration()).to_json()
    data["critic"]["traits"]["fake"].append(data["critic"]["traits"]["fake"][0])
    with pytest.raises(StudioError, match="critic"):
        ModelCard.from_json(data)


def test_realism_is_the_share_of_photos_that_surprise_more() -> None:
    photos = quantiles(np.linspace(0, 10, 1001))
    assert realism(np.array([-1.0, 0, 5, 10, 99], np.float32), photos) == pytest.approx([1, 1, 0.5, 0, 0], abs=1e-3)


def test_blur_and_noise_are_seen_in_the_texture() -> None:
    draws = np.random.default_rng(1)
    image = np.repeat(draws.normal(128, 10, (64, 64, 1)), 3, 2).clip(0, 255).astype(np.uint8)
    flat = np.full_like(image, 128)
    rough, smooth = texture(image), texture(flat)
    assert set(rough) == set(TEXTURE) and rough["energy"].mean() > smooth["energy"].mean() + 1
    assert rough["fine"].mean() > smooth["fine"].mean()
