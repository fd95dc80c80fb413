"""Windows get numbers: the same for equal windows, another for every other."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import CDLL

import numpy as np
import pytest

from oasis_studio.synthesis.engine.arithmetic.native.windows import NativeWindows
from oasis_studio.synthesis.networks.windows import OUTSIDE, WindowDictionary, bordered, distinct_windows

Make = Callable[[], WindowDictionary]


@pytest.fixture(params=["numpy", "native"])
def make(request: pytest.FixtureRequest) -> Make:
    """Empty dictionaries of either kind."""
    if request.param == "numpy":
        return WindowDictionary
    library: CDLL = request.getfixturevalue("library")
    return lambda: NativeWindows(library)


def _naive(ids: np.ndarray) -> dict[tuple[int, int], tuple[int, ...]]:
    wide = np.pad(ids, 1, constant_values=OUTSIDE)
    return {(y, x): tuple(wide[y : y + 3, x : x + 3].ravel().tolist()) for y, x in np.ndindex(*ids.shape)}


def test_equal_windows_share_a_number_and_different_ones_do_not(make: Make):
    ids = np.random.default_rng(0).integers(1, 3, (37, 53)).astype(np.int32)
    numbers = make().number(bordered(ids))
    assert numbers is not None
    naive = _naive(ids)
    seen: dict[int, tuple[int, ...]] = {}
    for (y, x), window in naive.items():
        assert seen.setdefault(int(numbers[y, x]), window) == window
    assert len(seen) == len(set(naive.values()))
    assert numbers.min() == 1 and numbers.max() == len(seen)


def test_members_are_the_windows(make: Make):
    ids = np.random.default_rng(1).integers(1, 200, (20, 20)).astype(np.int32)
    dictionary = make()
    numbers = dictionary.number(bordered(ids))
    assert numbers is not None
    for (y, x), window in _naive(ids).items():
        assert tuple(dictionary.members[numbers[y, x]].tolist()) == window


def test_numbers_last_while_the_dictionary_grows_far(make: Make):
    rng = np.random.default_rng(2)
    dictionary = make()
    first = rng.integers(1, 50, (40, 40)).astype(np.int32)
    before = dictionary.number(bordered(first))
    for _round in range(12):
        dictionary.number(bordered(rng.integers(1, 50, (64, 64)).astype(np.int32)))
    assert len(dictionary) > 40_000
    assert np.array_equal(dictionary.number(bordered(first)), before)


def test_a_part_of_a_map_has_the_numbers_of_the_whole(make: Make):
    ids = np.random.default_rng(3).integers(1, 4, (30, 30)).astype(np.int32)
    dictionary = make()
    whole = dictionary.number(bordered(ids))
    assert whole is not None
    count = len(dictionary)
    part = dictionary.number(bordered(ids)[5:17, 8:20])
    assert np.array_equal(part, whole[5:15, 8:18]) and len(dictionary) == count


def test_too_many_new_windows_are_refused_and_leave_no_trace(make: Make):
    rng = np.random.default_rng(4)
    dictionary = make()
    assert dictionary.number(bordered(rng.integers(1, 9, (30, 30)).astype(np.int32)), most_new=100) is None
    assert len(dictionary) == 1
    calm = np.ones((30, 30), np.int32)
    assert dictionary.number(bordered(calm), most_new=100) is not None
    assert len(dictionary) == 10  # one inside, four sides, four corners, and the outside


def test_what_was_refused_is_learnt_where_there_is_room(make: Make):
    restless = np.random.default_rng(5).integers(1, 90, (120, 130)).astype(np.int32)
    dictionary = make()
    before = dictionary.number(bordered(np.ones((30, 30), np.int32)))
    assert dictionary.number(bordered(restless), most_new=15_000) is None
    assert len(dictionary) == 10
    numbers = dictionary.number(bordered(restless), most_new=120 * 130)
    assert numbers is not None and len(np.unique(numbers)) == len(dictionary) - 10 == 120 * 130
    for y, x in ((0, 0), (60, 77), (119, 129)):
        assert tuple(dictionary.members[numbers[y, x]]) == _naive_at(restless, y, x)
    assert np.array_equal(dictionary.number(bordered(np.ones((30, 30), np.int32))), before)


def _naive_at(ids: np.ndarray, y: int, x: int) -> tuple[int, ...]:
    return tuple(bordered(ids)[y : y + 3, x : x + 3].ravel().tolist())


def test_the_windows_of_several_maps_are_numbered_together():
    ids = np.random.default_rng(5).integers(1, 3, (3, 7, 5)).astype(np.int32)
    numbers, members = distinct_windows(ids)
    found = set()
    for image, number in zip(ids, numbers, strict=True):
        for place, window in _naive(image).items():
            assert tuple(members[number[place]].tolist()) == window
            found.add(window)
    assert len(members) == 1 + len(found) and not members[0].any()
    assert numbers.min() == 1 and numbers.max() == len(found)
