import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oasis_studio.core.classes import nearest
from oasis_studio.core.classes.palette import UNPAINTED
from tests.core import painters

PALETTE = painters.palette(12)
colors = st.lists(st.tuples(*[st.integers(0, 255)] * 3), max_size=20)


@given(colors)
def test_the_nearest_class_is_the_nearest_and_exact_ones_are_known(found):
    found = np.array([*found, (5, 255, 0)], np.uint8)
    ids, is_exact = nearest.nearest_classes(found, PALETTE)
    distances = ((found[:, None].astype(int) - PALETTE.colors[None, :12].astype(int)) ** 2).sum(2)
    assert np.array_equal(ids, distances.argmin(1)) and np.array_equal(is_exact, distances.min(1) == 0)
    assert is_exact[-1] and ids[-1] == 0
    table = nearest.exact_table(PALETTE)[nearest.packed(found)]
    assert np.array_equal(table, np.where(is_exact, ids, UNPAINTED))
    assert np.array_equal(nearest.unpacked(nearest.packed(found)), found)
