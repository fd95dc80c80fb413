import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.tools import cleanup
from oasis_studio.errors import StudioError
from tests.core import painters


def _layer(seed=0):
    labels = np.full((32, 40), UNPAINTED, np.uint8)
    labels[4:28, 4:36] = 1
    labels[4:28, 20:36] = 2
    random = np.random.default_rng(seed)
    for _speck in range(12):
        y, x = random.integers(2, 30), random.integers(2, 38)
        labels[y : y + 2, x : x + random.integers(1, 3)] = random.choice([1, 2, 3, UNPAINTED])
    return LabelLayer("a", labels)


def _apply(layer, command):
    document = painters.document()
    document.layers = [layer]
    if command:
        command.apply(document)
    return layer.labels


def _pieces(labels, label):
    found, left = [], labels == label
    while left.any():
        y, x = np.argwhere(left)[0]
        found.append(painters.flood(labels, int(x), int(y)))
        left &= ~found[-1]
    return found


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 999), st.integers(2, 6))
def test_specks_take_a_label_that_stays_and_larger_pieces_stay(seed, smallest):
    layer = _layer(seed)
    before = layer.labels.copy()
    after = _apply(layer, cleanup.remove_specks(layer, smallest))
    specks = np.zeros_like(before, bool)
    for label in (1, 2, 3):
        for piece in _pieces(before, label):
            if piece.sum() < smallest:
                specks |= piece
    assert np.array_equal(after[~specks], before[~specks])
    for y, x in np.argwhere(specks):
        around = (slice(max(0, y - 4), y + 5), slice(max(0, x - 4), x + 5))
        assert after[y, x] in before[around][~specks[around]]
    assert cleanup.remove_specks(layer, 1) is None


def test_a_speck_takes_the_label_around_it():
    labels = np.ones((20, 20), np.uint8)
    labels[5, 5] = 3
    labels[10:, :] = 2
    labels[15, 15:17] = 4
    labels[:3, :3] = UNPAINTED
    labels[1, 1] = 2
    layer = LabelLayer("a", labels)
    after = _apply(layer, cleanup.remove_specks(layer, 4))
    assert after[5, 5] == 1 and (after[15, 15:17] == 2).all() and after[1, 1] == UNPAINTED


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 999), st.integers(1, 3))
def test_smoothing_is_the_majority_of_the_square_around(seed, radius):
    layer = _layer(seed)
    before = layer.labels.copy()
    after = _apply(layer, cleanup.smooth_edges(layer, radius))
    for y in range(0, 32, 3):
        for x in range(0, 40, 3):
            window = before[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
            counts = np.bincount(window.ravel(), minlength=256)
            best = np.flatnonzero(counts == counts.max())
            assert after[y, x] == (before[y, x] if before[y, x] in best else best[0])


def test_smoothing_leaves_straight_edges_alone():
    labels = np.zeros((32, 40), np.uint8)
    labels[:, 20:] = 1
    assert cleanup.smooth_edges(LabelLayer("a", labels), 3) is None


def test_holes_are_filled_and_the_outside_is_not():
    labels = np.full((20, 20), UNPAINTED, np.uint8)
    labels[3:17, 3:17] = 1
    labels[3:17, 10:17] = 2
    labels[5:7, 5:7] = labels[10:14, 12:15] = UNPAINTED
    layer = LabelLayer("a", labels.copy())
    after = _apply(layer, cleanup.fill_holes(layer, 4))
    assert (after[5:7, 5:7] == 1).all() and (after[10:14, 12:15] == UNPAINTED).all()
    after = _apply(layer, cleanup.fill_holes(layer))
    assert (after[10:14, 12:15] == 2).all() and (after[:3] == UNPAINTED).all()
    assert cleanup.fill_holes(layer) is None
    assert cleanup.fill_holes(LabelLayer.blank("b", 20, 20)) is None


@pytest.mark.parametrize("clean", [cleanup.remove_specks, cleanup.smooth_edges, cleanup.fill_holes])
def test_a_selection_limits_it_and_a_lock_forbids_it(clean):
    layer, mask = _layer(5), np.zeros((32, 40), bool)
    mask[:, 20:] = True
    before = layer.labels.copy()
    whole = clean(layer, 6)
    after = _apply(layer, clean(layer, 6, Selection(mask))).copy()
    assert np.array_equal(after[:, :20], before[:, :20])
    layer.labels = before.copy()
    assert np.array_equal(after[:, 20:], _apply(layer, whole)[:, 20:])
    layer.is_locked = True
    with pytest.raises(StudioError, match="locked"):
        clean(layer, 6)
