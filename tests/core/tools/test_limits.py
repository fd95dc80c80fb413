"""Selections, protected classes and the mirror hold for every tool."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.selection import Selection
from oasis_studio.core.tools import (
    BrushTool,
    EllipseTool,
    EraserTool,
    FillTool,
    LassoTool,
    LineTool,
    PathTool,
    PolygonTool,
    PolylineTool,
    RectangleTool,
    Tip,
    ToolOptions,
)
from tests.core import painters

TOOLS = [
    BrushTool,
    EraserTool,
    LineTool,
    RectangleTool,
    EllipseTool,
    FillTool,
    LassoTool,
    PolygonTool,
    PolylineTool,
]
paths = st.lists(st.tuples(st.floats(-5, 45), st.floats(-5, 37)), min_size=3, max_size=5)


def _run(kind, path, document, options):
    tool = kind()
    if not isinstance(tool, PathTool):
        return tool, painters.draw(tool, path, document, options)
    for point in path:
        painters.draw(tool, [point], document, options)
    return tool, tool.finish()


@pytest.mark.parametrize("kind", TOOLS)
@settings(deadline=None, max_examples=12)
@given(path=paths, seed=st.integers(0, 99), size=st.integers(1, 20), mirrored=st.booleans(), tip=st.sampled_from(Tip))
def test_nothing_changes_outside_the_selection_or_on_protected_classes(kind, path, seed, size, mirrored, tip):
    document, free = painters.document(seed=seed), painters.document(seed=seed)
    random = np.random.default_rng(seed)
    mask = random.random((32, 40)) < 0.7
    start, seen = document.layers[0].labels.copy(), document.flatten()
    options = ToolOptions(4, size, tip, Selection(mask), frozenset({1, 3}), mirrored, gap=2)
    tool, command = _run(kind, path, document, options)
    end = document.layers[0].labels
    changed = start != end
    assert not changed[~mask | np.isin(seen, [1, 3])].any()
    outside = changed.copy()
    outside[tool.extent.clipped(40, 32).slices] = False
    assert not outside.any()
    assert (command is not None) == changed.any()
    if command:
        command.revert(document)
        assert np.array_equal(end, start)
    if kind is FillTool:  # there the selection is a wall as well
        return
    _run(kind, path, free, dataclasses.replace(options, selection=None, protected=frozenset()))
    assert np.array_equal(changed, (start != free.layers[0].labels) & mask & ~np.isin(seen, [1, 3]))


@pytest.mark.parametrize("kind", TOOLS)
@settings(deadline=None, max_examples=12)
@given(path=paths, size=st.integers(1, 20))
def test_the_mirror_makes_both_sides_the_same(kind, path, size):
    document = painters.blank()
    if kind is EraserTool:
        document.layers[0].labels[:] = 2
    _run(kind, path, document, ToolOptions(1, size, is_mirrored=True))
    labels = document.layers[0].labels
    assert np.array_equal(labels, labels[:, ::-1])


@pytest.mark.parametrize("kind", TOOLS)
def test_ctrl_leaves_unpainted_pixels(kind):
    document = painters.blank()
    document.layers[0].labels[:] = 2
    _run(kind, [(5, 5), (30, 6), (28, 25)], document, ToolOptions(1, 5, subtracts=True))
    assert set(np.unique(document.layers[0].labels)) <= {2, UNPAINTED}
    assert (document.layers[0].labels == UNPAINTED).sum() > 20


def test_a_selection_of_another_size_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="another document"):
        options = ToolOptions(1, 5, selection=Selection(np.ones((4, 4), bool)))
        BrushTool().press(3, 3, painters.blank(), painters.blank().layers[0], options)


def test_a_fill_stops_at_the_selection_and_does_nothing_outside():
    document = painters.blank()
    mask = np.zeros((32, 40), bool)
    mask[5:10, 5:10] = mask[20:25, 5:10] = True
    options = ToolOptions(1, 1, selection=Selection(mask))
    assert painters.draw(FillTool(), [(0, 0)], document, options) is None
    painters.draw(FillTool(), [(6, 6)], document, options)
    assert (document.layers[0].labels == 1).sum() == 25
    painters.draw(FillTool(contiguous=False), [(6, 22)], document, options)
    assert np.array_equal(document.layers[0].labels == 1, mask)
