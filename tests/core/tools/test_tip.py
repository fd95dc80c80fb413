"""Tips, pressure and smoothing of the brush."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.tools import BrushTool, Tip, ToolOptions
from tests.core import painters


def _painted(document):
    return document.layers[0].labels == 1


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_a_square_tip_is_a_square_of_exactly_its_size(size):
    for x, y in ((10.0, 12.0), (10.5, 12.5), (10.2, 12.9)):
        document = painters.blank()
        painters.draw(BrushTool(), [(x, y)], document, ToolOptions(1, size, Tip.SQUARE))
        rows, columns = np.nonzero(_painted(document))
        assert len(rows) == size**2 and np.ptp(rows) == np.ptp(columns) == size - 1
        assert abs(columns.mean() + 0.5 - x) <= 0.5 and abs(rows.mean() + 0.5 - y) <= 0.5


@settings(deadline=None, max_examples=40)
@given(st.tuples(st.integers(2, 37), st.integers(2, 29)), st.tuples(st.integers(2, 37), st.integers(2, 29)))
def test_a_square_sweep_is_all_the_squares_on_its_way(start, end):
    document = painters.blank()
    a, b = (np.array(point) + 0.5 for point in (start, end))
    painters.draw(BrushTool(), [tuple(a), tuple(b)], document, ToolOptions(1, 3, Tip.SQUARE))
    row, column = np.mgrid[:32, :40] + 0.5
    expected = np.zeros((32, 40), bool)
    for t in np.linspace(0, 1, 400):
        x, y = a + t * (b - a)
        expected |= (np.abs(column - x) < 1.5 - 1e-9) & (np.abs(row - y) < 1.5 - 1e-9)
    found = _painted(document)
    assert not (expected & ~found).any()
    assert (found & ~expected).sum() <= 80 and not (found & ~_grown(expected)).any()


def _grown(mask):
    padded = np.pad(mask, 1)
    return padded[1:-1, 1:-1] | padded[2:, 1:-1] | padded[:-2, 1:-1] | padded[1:-1, 2:] | padded[1:-1, :-2]


@settings(deadline=None, max_examples=30)
@given(
    st.tuples(st.floats(2, 37), st.floats(2, 29)),
    st.tuples(st.floats(2, 37), st.floats(2, 29)),
    st.floats(0.1, 1),
    st.floats(0.1, 1),
)
def test_pressure_changes_the_size_evenly_along_the_way(start, end, pressure, end_pressure):
    document, tool = painters.blank(), BrushTool()
    tool.press(*start, document, document.layers[0], ToolOptions(1, 20), pressure)
    tool.move(*end, end_pressure)
    tool.release(*end)
    row, column = np.mgrid[:32, :40] + 0.5
    nearest = np.full((32, 40), np.inf)
    for t in np.linspace(0, 1, 300):
        x, y = np.array(start) * (1 - t) + np.array(end) * t
        radius = 10 * (pressure * (1 - t) + end_pressure * t)
        nearest = np.minimum(nearest, np.hypot(column - x, row - y) - radius)
    found = _painted(document)
    assert found[nearest < -1e-6].all() and not found[nearest > 0.05].any()


def test_the_lightest_touch_still_draws_a_line_without_gaps():
    document, tool = painters.blank(), BrushTool()
    tool.press(3, 3, document, document.layers[0], ToolOptions(1, 30), 0.0)
    tool.move(35, 20, 0.04)
    tool.release(35, 20)
    assert _painted(document)[:, 3:36].any(axis=0).all() and _painted(document).sum() < 90


def test_without_pressure_nothing_changes_and_the_release_keeps_the_last_one():
    document, other = painters.blank(), painters.blank()
    painters.draw(BrushTool(), [(5, 5), (30, 20)], document, ToolOptions(1, 7))
    tool = BrushTool()
    tool.press(5, 5, other, other.layers[0], ToolOptions(1, 14), 0.5)
    tool.move(20, 14, 0.5)
    tool.release(30, 20)
    assert np.array_equal(_painted(document), _painted(other))


def test_smoothing_calms_a_shaky_hand_and_ends_where_the_hand_does():
    shaky = [(x, 15.0 + 4 * (-1) ** x) for x in range(3, 36)]
    rough, calm = painters.blank(), painters.blank()
    painters.draw(BrushTool(), shaky, rough, ToolOptions(1, 1))
    painters.draw(BrushTool(), shaky, calm, ToolOptions(1, 1, smoothing=0.8))
    heights = [np.ptp(np.nonzero(_painted(d)[:, 8:28])[0]) for d in (rough, calm)]
    assert heights[0] == 8 and heights[1] <= 4
    assert _painted(calm)[11, 35] and _painted(calm)[:, 3:36].any(axis=0).all()
