import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.tools import FillTool, ToolOptions
from oasis_studio.errors import StudioError
from tests.core import painters


def _coarse_document(seed):
    """Labels in blocks, so that there is something to hang together."""
    document = painters.document(24, 20, seed=seed)
    for layer in document.layers:
        layer.labels[:] = layer.labels[::4, ::4].repeat(4, 0).repeat(4, 1)[:20, :24]
    return document


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 500), st.integers(0, 23), st.integers(0, 19), st.booleans())
def test_fill_paints_what_a_naive_flood_fill_finds_in_the_flattened_map(seed, x, y, contiguous):
    document = _coarse_document(seed)
    layer, seen = document.layers[0], document.flatten()
    mask = painters.flood(seen, x, y) if contiguous else seen == seen[y, x]
    start = layer.labels.copy()
    expected = np.where(mask, 4, start)
    tool = FillTool(contiguous)
    box = tool.press(x + 0.3, y + 0.9, document, layer, ToolOptions(4, 1))
    assert np.array_equal(layer.labels, expected)
    command = tool.release(x, y)
    assert (command is None) == np.array_equal(start, expected) == box.is_empty
    if command:
        command.revert(document)
        assert np.array_equal(layer.labels, start)


def test_cancel_takes_the_fill_back():
    document = _coarse_document(1)
    start = document.layers[1].labels.copy()
    tool = FillTool()
    tool.press(5, 5, document, document.layers[1], ToolOptions(4, 1))
    assert not np.array_equal(document.layers[1].labels, start)
    assert not tool.cancel().is_empty
    assert np.array_equal(document.layers[1].labels, start) and tool.release(5, 5) is None


@pytest.mark.parametrize("point", [(-0.1, 5), (5, -3), (24, 5), (5, 20)])
def test_a_press_outside_the_canvas_fills_nothing(point):
    document = _coarse_document(1)
    tool = FillTool()
    assert tool.press(*point, document, document.layers[1], ToolOptions(4, 1)).is_empty
    assert tool.release(*point) is None


def test_a_locked_layer_is_refused():
    document = _coarse_document(1)
    document.layers[1].is_locked = True
    with pytest.raises(StudioError, match="locked"):
        FillTool().press(5, 5, document, document.layers[1], ToolOptions(4, 1))
