import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.document import selection as chosen
from oasis_studio.core.document.selection import Selection, SelectionMode, combine
from oasis_studio.core.pixels.box import EMPTY, Box
from tests.core import painters

masks = st.integers(0, 2**20 - 1).map(lambda bits: np.array([bits >> i & 1 for i in range(20)], bool).reshape(4, 5))


@given(masks, masks)
def test_combining_is_the_algebra_of_sets(one, two):
    a, b = Selection(one), Selection(two)
    for mode, expected in (
        (SelectionMode.REPLACE, two),
        (SelectionMode.ADD, one | two),
        (SelectionMode.SUBTRACT, one & ~two),
        (SelectionMode.INTERSECT, one & two),
    ):
        found = combine(a, b, mode)
        assert (found is None) == (not expected.any())
        assert found is None or np.array_equal(found.mask_HW, expected)
    assert np.array_equal(a.inverted().mask_HW, ~one)


def test_combining_with_nothing_chosen_before():
    one = Selection(np.eye(4, dtype=bool))
    assert combine(None, one, SelectionMode.ADD) is one and combine(None, one, SelectionMode.REPLACE) is one
    assert combine(None, one, SelectionMode.SUBTRACT) is None and combine(None, one, SelectionMode.INTERSECT) is None


@given(masks)
def test_the_box_is_the_smallest_and_the_count_right(mask):
    found = Selection(mask)
    assert found.count == mask.sum() and found.is_empty == (not mask.any())
    if mask.any():
        rows, columns = np.nonzero(mask)
        assert found.box == Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@given(masks)
def test_the_outline_is_all_borders_between_chosen_and_other_pixels(mask):
    framed = np.pad(mask, 1)
    expected = set()
    for y in range(5):
        for x in range(6):
            if x < 5 and framed[y, x + 1] != framed[y + 1, x + 1]:
                expected.add((x, y, x + 1, y))
            if y < 4 and framed[y + 1, x] != framed[y + 1, x + 1]:
                expected.add((x, y, x, y + 1))
    found = set()
    for x0, y0, x1, y1 in Selection(mask).outline.tolist():
        assert (x0 == x1) != (y0 == y1)
        found |= {(x, y0, x + 1, y0) for x in range(x0, x1)} | {(x0, y, x0, y + 1) for y in range(y0, y1)}
    assert found == expected


def test_the_outline_of_a_box_is_four_lines():
    assert len(chosen.select_box(Box(2, 3, 40, 30), 50, 50).outline) == 4


def test_growing_and_shrinking():
    mask = np.zeros((15, 15), bool)
    mask[7, 7] = True
    grown = Selection(mask).grown(3)
    assert grown.mask_HW[7, 4:11].all() and not grown.mask_HW[4, 4] and grown.count > 20
    assert np.array_equal(grown.grown(-3).mask_HW, mask) and Selection(mask).grown(0).count == 1


@given(st.integers(0, 99), st.integers(-2, 25), st.integers(-2, 21))
def test_class_and_region(seed, x, y):
    labels = painters.document(24, 20, seed=seed).flatten() // 2
    region = chosen.select_region(labels, x, y)
    if not (0 <= x < 24 and 0 <= y < 20):
        assert region.is_empty
        return
    assert np.array_equal(region.mask_HW, painters.flood(labels, x, y))
    assert np.array_equal(chosen.select_class(labels, labels[y, x]).mask_HW, labels == labels[y, x])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(-5, 20), st.floats(-5, 20)), min_size=1, max_size=8))
def test_a_lasso_encloses_the_centres_it_goes_around(points):
    found = chosen.select_polygon(points, 16, 14).mask_HW
    for row in range(14):
        for column in range(16):
            assert found[row, column] == (painters.winding(points, column + 0.5, row + 0.5) != 0)


def test_box_and_all():
    assert chosen.select_all(5, 4).count == 20
    assert chosen.select_box(Box(-3, 1, 2, 9), 5, 4).box == Box(0, 1, 2, 4)
    assert chosen.select_box(EMPTY, 5, 4).is_empty


@pytest.mark.parametrize("contiguous", [True, False])
def test_the_magic_wand_takes_colours_within_the_tolerance(contiguous):
    image = np.zeros((10, 12, 3), np.uint8)
    image[:, 6] = 200
    image[2, 2] = (20, 0, 20)
    image[3, 3] = (0, 21, 0)
    found = chosen.select_color(image, 0, 0, 20, contiguous).mask_HW
    expected = np.ones((10, 12), bool)
    expected[:, 6] = expected[3, 3] = False
    if contiguous:
        expected[:, 6:] = False
    assert np.array_equal(found, expected)
    assert chosen.select_color(image, 12, 0).is_empty
    assert chosen.select_color(image, 6, 0, 255, contiguous).count == 120
