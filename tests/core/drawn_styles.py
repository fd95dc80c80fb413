"""Styles of every kind, drawn by hypothesis."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from oasis_studio.core.document.noise import MAX_SEED
from oasis_studio.core.document.style import (
    IMAGE_SEED,
    MOST_PAINTS,
    STRONGEST,
    Brushed,
    Linear,
    Mix,
    Origin,
    OwnSeed,
    Paint,
    Radial,
    RegionStyle,
    StoredVector,
)
from oasis_studio.core.pixels.box import Box

_numbers = st.floats(-50, 80)
_points = st.tuples(_numbers, _numbers)


def vectors(size: int = 4, model: str = "") -> st.SearchStrategy[StoredVector]:
    values = st.lists(st.floats(-4, 4, width=32), min_size=size, max_size=size).map(tuple)
    return st.builds(StoredVector, values, st.just(model), st.sampled_from(Origin), st.text(max_size=5))


def sources() -> st.SearchStrategy:
    plain = st.one_of(st.just(IMAGE_SEED), st.builds(OwnSeed, st.integers(0, MAX_SEED)), vectors())
    return st.one_of(plain, st.builds(Mix, plain, plain, st.floats(0, 1)))


@st.composite
def _brushed(draw) -> Brushed:
    left, top = draw(st.integers(-9, 30)), draw(st.integers(-9, 30))
    width, height = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    amounts = np.random.default_rng(draw(st.integers(0, 9))).integers(0, 256, (height, width)).astype(np.uint8)
    return Brushed(Box(left, top, left + width, top + height), amounts)


def shapes() -> st.SearchStrategy:
    return st.one_of(st.builds(Linear, _points, _points), st.builds(Radial, _points, st.floats(0, 60)), _brushed())


def styles() -> st.SearchStrategy[RegionStyle]:
    paints = st.lists(st.builds(Paint, sources(), shapes()), max_size=MOST_PAINTS).map(tuple)
    return st.builds(RegionStyle, sources(), st.floats(0, STRONGEST), paints)
