import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.document.selection import select_polygon
from oasis_studio.core.pixels import raster
from oasis_studio.core.tools import (
    BrushTool,
    EllipseTool,
    LassoTool,
    LineTool,
    PolygonTool,
    PolylineTool,
    RectangleTool,
    ToolOptions,
)
from oasis_studio.errors import StudioError
from tests.core import painters

SQUARE = [(5.0, 5.0), (20.0, 5.0), (20.0, 15.0), (5.0, 15.0)]


def _click(tool, point, document, options):
    tool.move(*point)
    tool.press(*point, document, document.layers[0], options)
    assert tool.release(*point) is None


def _painted(document):
    return document.layers[0].labels == 1


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.floats(-5, 45), st.floats(-5, 37)), min_size=3, max_size=6, unique=True))
def test_a_polygon_by_clicks_fills_what_a_lasso_selects(points):
    document, tool = painters.blank(), PolygonTool()
    seen = document.layers[0].labels.copy()
    for point in points:
        _click(tool, point, document, ToolOptions(1, 9))
        assert tool.is_open
    tool.move(17, 3)
    changed = document.layers[0].labels != seen
    changed[tool.extent.clipped(40, 32).slices] = False
    assert not changed.any() and tool.corners == tuple(points)
    command = tool.finish()
    assert np.array_equal(_painted(document), select_polygon(points, 40, 32).mask_HW)
    assert (command is not None) == _painted(document).any()
    assert not tool.is_open and tool.finish() is None
    if command:
        command.revert(document)
        assert not _painted(document).any()


def test_a_polyline_is_its_lines_in_one_step():
    document, expected = painters.blank(), painters.blank()
    tool = PolylineTool()
    for point in SQUARE:
        _click(tool, point, document, ToolOptions(1, 4))
    command = tool.finish()
    for start, end in itertools.pairwise(SQUARE):
        painters.draw(LineTool(), [start, end], expected, ToolOptions(1, 4))
    assert np.array_equal(_painted(document), _painted(expected)) and command is not None
    assert command.title == "Polyline"


def test_dragging_draws_the_first_side():
    document, tool = painters.blank(), PolylineTool()
    assert painters.draw(tool, [SQUARE[0], SQUARE[1]], document, ToolOptions(1, 4)) is None
    assert tool.corners == (SQUARE[0], SQUARE[1])


def test_corners_are_taken_back_one_by_one():
    document, tool = painters.blank(), PolygonTool()
    for point in [*SQUARE, (39.0, 31.0)]:
        _click(tool, point, document, ToolOptions(1, 4))
    tool.take_back()
    tool.finish()
    assert np.array_equal(_painted(document), select_polygon(SQUARE, 40, 32).mask_HW)
    document.layers[0].labels[:] = 255
    _click(tool, SQUARE[0], document, ToolOptions(1, 4))
    assert not tool.take_back().is_empty and not tool.is_open and tool.take_back().is_empty
    assert (document.layers[0].labels == 255).all()


def test_a_click_near_the_start_can_close():
    document, tool = painters.blank(), PolygonTool()
    for point in SQUARE[:2]:
        _click(tool, point, document, ToolOptions(1, 4))
        assert not tool.is_near_start(5, 5, 3)
    _click(tool, SQUARE[2], document, ToolOptions(1, 4))
    assert tool.is_near_start(6, 7, 3) and not tool.is_near_start(9, 5, 3)
    tool.cancel()
    assert not _painted(document).any()


def test_the_lasso_shows_its_line_and_fills_it_at_the_end():
    document, tool = painters.blank(), LassoTool()
    tool.press(*SQUARE[0], document, document.layers[0], ToolOptions(1, 9))
    for point in SQUARE[1:]:
        box = tool.move(*point)
        assert box.width * box.height <= 16 * 12
    assert _painted(document).sum() < 60
    command = tool.release(*SQUARE[-1])
    assert command is not None and np.array_equal(_painted(document), select_polygon(SQUARE, 40, 32).mask_HW)
    assert tool.extent.united(raster.box_around(_painted(document))) == tool.extent
    assert painters.draw(tool, [(3, 3)], document, ToolOptions(1, 9)) is None


def test_a_lasso_that_crosses_itself_leaves_no_hole():
    twice = SQUARE + SQUARE
    document = painters.blank()
    painters.draw(LassoTool(), twice, document, ToolOptions(1, 9))
    assert np.array_equal(_painted(document), select_polygon(SQUARE, 40, 32).mask_HW)


@pytest.mark.parametrize("kind", [PolygonTool, PolylineTool, LassoTool])
def test_a_locked_layer_is_refused_and_nothing_is_open(kind):
    document = painters.blank()
    document.layers[0].is_locked = True
    tool = kind()
    with pytest.raises(StudioError, match="locked"):
        tool.press(5, 5, document, document.layers[0], ToolOptions(1, 4))
    assert not tool.is_open and tool.move(9, 9).is_empty and tool.release(9, 9) is None and tool.cancel().is_empty


def test_shift_snaps_lines_to_45_degrees_and_boxes_to_squares():
    for kind, end in ((LineTool, (30.0, 7.0)), (RectangleTool, (20.0, 9.0)), (EllipseTool, (9.0, 20.0))):
        by_option, by_key, expected = painters.blank(), painters.blank(), painters.blank()
        painters.draw(kind(), [(5.0, 5.0), end], by_option, ToolOptions(1, 3, snaps=True))
        painters.draw(kind(), [(5.0, 5.0), end], by_key, ToolOptions(1, 3), snaps=True)
        aim = (5 + np.hypot(25, 2), 5.0) if kind is LineTool else (20.0, 20.0)
        painters.draw(kind(), [(5.0, 5.0), aim], expected, ToolOptions(1, 3))
        assert np.array_equal(_painted(by_option), _painted(expected))
        assert np.array_equal(_painted(by_key), _painted(expected))


def test_shift_snaps_each_side_of_a_polyline_from_its_corner():
    document, tool = painters.blank(), PolylineTool()
    for point in [(5.0, 5.0), (20.0, 7.0), (31.0, 17.0)]:
        tool.press(*point, document, document.layers[0], ToolOptions(1, 1, snaps=True))
        tool.release(*point)
    (_ax, ay), (bx, by), (cx, cy) = tool.corners
    assert by == ay == 5.0 and bx == pytest.approx(5 + np.hypot(15, 2))
    assert cx - bx == pytest.approx(cy - by)


def test_the_brush_does_not_snap():
    document, other = painters.blank(), painters.blank()
    painters.draw(BrushTool(), [(5, 5), (30, 7)], document, ToolOptions(1, 3, snaps=True))
    painters.draw(BrushTool(), [(5, 5), (30, 7)], other, ToolOptions(1, 3))
    assert np.array_equal(_painted(document), _painted(other))
