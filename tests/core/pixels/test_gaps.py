import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.pixels.gaps import connected_without_gaps
from oasis_studio.core.tools import FillTool, ToolOptions
from tests.core import painters


def _room(opening, size=41):
    """A square room inside a wall with an opening of so many pixels, and all that is outside."""
    area = np.ones((size, size), bool)
    area[10, 10:31] = area[30, 10:31] = area[10:31, 10] = area[10:31, 30] = False
    area[10, 15 : 15 + opening] = True
    return area


def _filled(area, x, y, gap):
    box, mask = connected_without_gaps(area, x, y, gap)
    found = np.zeros_like(area)
    found[box.slices] = mask
    return found


@pytest.mark.parametrize("gap", range(9))
@pytest.mark.parametrize("opening", range(1, 11))
def test_a_fill_leaves_by_openings_wider_than_the_gap_only(gap, opening):
    area = _room(opening)
    inside, outside = _filled(area, 20, 20, gap), _filled(area, 2, 2, gap)
    if opening > gap:
        assert np.array_equal(inside, area) and np.array_equal(outside, area)
        return
    room = np.zeros_like(area)
    room[11:30, 11:30] = True
    assert (inside & room).sum() == room.sum() and not inside[:10].any() and not inside[31:].any()
    assert outside[:10].all() and not (outside & room).any()


def test_the_edge_of_the_canvas_is_a_wall():
    area = np.ones((30, 30), bool)
    area[15, 3:] = False
    assert _filled(area, 20, 20, 4)[16:].all() and not _filled(area, 20, 20, 4)[:15].any()
    assert _filled(area, 20, 20, 2)[:15].all()


def test_narrow_corners_of_the_area_are_filled_too():
    area = np.zeros((30, 40), bool)
    for row in range(5, 25):
        area[row, 5 : 5 + row] = True  # a triangle with a sharp corner
    area[24, 29:38] = True  # and a thin tail that leads nowhere
    assert np.array_equal(_filled(area, 10, 20, 5), area)


def test_a_press_in_a_place_too_narrow_for_the_gap_still_fills_it():
    area = np.zeros((20, 40), bool)
    area[9:11, 3:37] = True
    assert np.array_equal(_filled(area, 20, 10, 8), area)
    area[:] = False
    area[5, 5] = True
    assert _filled(area, 5, 5, 8).sum() == 1


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6), st.integers(0, 8), st.integers(0, 23), st.integers(0, 19))
def test_it_is_a_part_of_the_plain_fill_around_the_pixel_pressed(seed, gap, x, y):
    area = np.random.default_rng(seed).random((20, 24)) < 0.85
    area[y, x] = True
    plain = painters.flood(area, x, y)
    found = _filled(area, x, y, gap)
    assert found[y, x] and not (found & ~plain).any()
    if gap == 0:
        assert np.array_equal(found, plain)


def test_the_fill_tool_closes_gaps():
    document = painters.blank(41, 41)
    document.layers[0].labels[~_room(4)] = 2
    painters.draw(FillTool(), [(20, 20)], document, ToolOptions(1, 1, gap=4))
    assert (document.layers[0].labels[11:30, 11:30] == 1).all()
    assert (document.layers[0].labels[:10] == 255).all()
    painters.draw(FillTool(), [(2, 2)], document, ToolOptions(3, 1, gap=3))
    assert (document.layers[0].labels[:10] == 3).all()


def test_a_large_area_takes_no_more_than_moments():
    area = np.ones((2048, 2048), bool)
    area[1000] = False
    area[1000, 500:505] = True
    began = time.perf_counter()
    assert _filled(area, 5, 5, 8).sum() < 2048 * 1010
    assert time.perf_counter() - began < 2  # generous: other work may hold the processor
