import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oasis_studio.core.classes.palette import UNPAINTED
from oasis_studio.core.document.document import Document
from oasis_studio.core.document.layer import LabelLayer
from oasis_studio.core.tools import BrushTool, EllipseTool, EraserTool, LineTool, RectangleTool, ToolOptions
from oasis_studio.errors import StudioError
from tests.core import painters

SHAPES = [BrushTool, EraserTool, LineTool, RectangleTool, EllipseTool]
points = st.lists(st.tuples(st.floats(-30, 60), st.floats(-30, 60)), min_size=2, max_size=4)


@settings(deadline=None, max_examples=40)
@given(points, st.integers(2, 25))
@example([(8.0, 8.0), (8.0, 8.0)], 10)
@example([(3.0, 8.0), (15.0, 8.0)], 6)
@example([(8.5, 3.5), (8.5, 15.5)], 7)
def test_the_brush_paints_what_is_within_its_radius_of_the_path(path, size):
    document = painters.document(24, 20)
    layer = document.layers[1]
    expected = layer.labels.copy()
    painters.paint_disk_path(expected, path, size, 4)
    tool = BrushTool()
    tool.press(*path[0], document, layer, ToolOptions(4, size))
    for point in path[1:]:
        tool.move(*point)
    tool.release(*path[-1])
    assert np.array_equal(layer.labels, expected)


@settings(deadline=None, max_examples=40)
@given(points)
def test_the_thinnest_brush_leaves_a_line_one_pixel_thick_without_gaps(path):
    document = Document(128, 128, painters.palette(), "outdoor", [LabelLayer.blank("a", 128, 128)])
    (ax, ay), (bx, by) = start, end = [(x + 40, y + 40) for x, y in path[:2]]
    tool = BrushTool()
    tool.press(*start, document, document.layers[0], ToolOptions(1, 1))
    tool.move(*end)
    painted = document.layers[0].labels == 1
    columns, rows = abs(int(bx) - int(ax)) + 1, abs(int(by) - int(ay)) + 1
    assert painted[int(ay), int(ax)] and painted[int(by), int(bx)]
    assert painted.sum() == max(columns, rows)
    assert painted.any(axis=0).sum() == columns and painted.any(axis=1).sum() == rows


@pytest.mark.parametrize("kind", SHAPES)
@settings(deadline=None, max_examples=15)
@given(path=points, size=st.integers(1, 30), seed=st.integers(0, 9))
def test_the_boxes_hold_all_that_changed_and_the_command_takes_it_back(kind, path, size, seed):
    document = painters.document(seed=seed)
    layer = document.layers[0]
    start = layer.labels.copy()
    tool, seen = kind(), start.copy()

    def check(box):
        different = layer.labels != seen
        different[box.clipped(document.width, document.height).slices] = False
        assert not different.any()
        seen[:] = layer.labels

    check(tool.press(*path[0], document, layer, ToolOptions(2, size)))
    for point in path[1:]:
        check(tool.move(*point))
    command = tool.release(*path[-1])
    end = layer.labels.copy()
    assert (command is None) == np.array_equal(start, end)
    if command:
        command.revert(document)
        assert np.array_equal(layer.labels, start)
        command.apply(document)
        assert np.array_equal(layer.labels, end)


@pytest.mark.parametrize("kind", SHAPES)
def test_cancel_puts_everything_back(kind):
    document = painters.document()
    layer, start = document.layers[0], document.layers[0].labels.copy()
    tool = kind()
    tool.press(5, 5, document, layer, ToolOptions(2, 9))
    tool.move(30, 20)
    assert not np.array_equal(layer.labels, start)
    tool.cancel()
    assert np.array_equal(layer.labels, start)
    assert tool.release(3, 3) is None and tool.move(3, 3).is_empty and tool.cancel().is_empty


@pytest.mark.parametrize("kind", [LineTool, RectangleTool, EllipseTool])
def test_a_shape_shows_only_its_last_preview(kind):
    document = painters.document()
    start = document.layers[0].labels.copy()
    tool = kind()
    for path in ([(5, 5), (39, 31), (2, 30), (20, 12)], [(5, 5), (20, 12)]):
        document.layers[0].labels[:] = start
        tool.press(*path[0], document, document.layers[0], ToolOptions(2, 3))
        for point in path[1:]:
            tool.move(*point)
        tool.release(*path[-1])
        if len(path) == 4:
            wandering = document.layers[0].labels.copy()
    assert np.array_equal(document.layers[0].labels, wandering)


def test_rectangle_and_ellipse_fill_the_box_between_their_corners():
    document = Document(40, 32, painters.palette(), "outdoor", [LabelLayer.blank("a", 40, 32)])
    layer = document.layers[0]
    tool = RectangleTool()
    tool.press(10.2, 20.9, document, layer, ToolOptions(1, 9))
    tool.release(3.7, 5.1)
    expected = np.full((32, 40), UNPAINTED, np.uint8)
    expected[5:21, 3:11] = 1
    assert np.array_equal(layer.labels, expected)
    ellipse = EllipseTool()
    ellipse.press(3.7, 5.1, document, layer, ToolOptions(2, 9))
    ellipse.release(10.2, 20.9)
    y, x = np.mgrid[:32, :40] + 0.5
    expected[((x - 7) / 4) ** 2 + ((y - 13) / 8) ** 2 <= 1] = 2
    assert np.array_equal(layer.labels, expected)


def test_the_eraser_leaves_unpainted_pixels():
    document = painters.document()
    tool = EraserTool()
    tool.press(8, 8, document, document.layers[1], ToolOptions(3, 6))
    tool.release(8, 8)
    assert (document.layers[1].labels[6:10, 6:10] == UNPAINTED).all()


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize(("flag", "word"), [("is_locked", "locked"), ("is_visible", "hidden")])
def test_a_locked_or_hidden_layer_is_refused_by_name(kind, flag, word):
    document = painters.document()
    layer, start = document.layers[0], document.layers[0].labels.copy()
    setattr(layer, flag, flag == "is_locked")
    with pytest.raises(StudioError, match=f"layer 0.*{word}"):
        kind().press(5, 5, document, layer, ToolOptions(2, 9))
    assert np.array_equal(layer.labels, start)


def test_a_stroke_costs_and_keeps_what_it_touches_not_the_canvas():
    """8192×8192, a brush of 40 px all over the diagonal: little memory, and a move far below a millisecond."""
    side = 8192
    document = Document(side, side, painters.palette(), "outdoor", [LabelLayer.blank("a", side, side)])
    tool = BrushTool()
    began = time.perf_counter()
    tool.press(0, 0, document, document.layers[0], ToolOptions(1, 40))
    for step in range(0, side, 10):
        tool.move(step, step)
    seconds = time.perf_counter() - began
    command = tool.release(side, side)
    assert command is not None and command.size_bytes < 2 * side * side / 10
    assert seconds / (side / 10) < 0.003  # generous: other work may hold the processor
