"""Filling beside shapes that nearly reach the picture's edge."""

from __future__ import annotations

import numpy as np
import pytest

from oasis_studio.core.pixels.gaps import connected_inside


def filled(area_HW: np.ndarray, x: int, y: int) -> np.ndarray:
    box, mask = connected_inside(area_HW, x, y)
    found = np.zeros_like(area_HW)
    found[box.slices] = mask
    return found


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("slit", [1, 2])
def test_nothing_leaks_through_a_slit_along_the_edge(turns: int, slit: int) -> None:
    area = np.ones((60, 80), bool)
    area[: 60 - slit, 40:44] = False
    area = np.ascontiguousarray(np.rot90(area, turns))
    whole = np.rot90(np.indices((60, 80))[1], turns)
    y, x = (int(each[0]) for each in np.nonzero(whole == 5))
    found = filled(area, x, y)
    assert found[whole < 40].all() and not found[whole > 43].any()


def test_a_wider_way_along_the_edge_is_open() -> None:
    area = np.ones((60, 80), bool)
    area[:57, 40:44] = False
    assert (filled(area, 5, 5) == area).all()


def test_narrow_places_that_lead_nowhere_are_filled() -> None:
    area = np.zeros((60, 80), bool)
    area[20:40, 20:40] = True
    area[40:, 30:32] = True  # a stem to the edge
    area[58:, 32:50] = True  # and on along it
    assert (filled(area, 25, 25) == area).all()


def test_from_within_a_slit_everything_is_reached() -> None:
    area = np.ones((60, 80), bool)
    area[:58, 40:44] = False
    assert (filled(area, 41, 59) == area).all()


def test_other_pieces_are_left_alone_and_inner_slits_are_ways() -> None:
    area = np.ones((60, 80), bool)
    area[:, 60:62] = False
    area[:30, 30:33] = area[31:, 30:33] = False  # one pixel open, far from the edge
    found = filled(area, 5, 5)
    assert found[:, 40].all() and not found[:, 62:].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 7), (4, 4), (5, 3)])
def test_small_pictures_are_filled(shape: tuple[int, int]) -> None:
    assert filled(np.ones(shape, bool), 0, 0).all()
