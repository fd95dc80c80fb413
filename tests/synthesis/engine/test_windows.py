"""Windows get numbers: the same for equal windows, another for every other."""

from __future__ import annotations

import numpy as np

from oasis_studio.synthesis.engine.windows import OUTSIDE, WindowDictionary, bordered


def _naive(ids: np.ndarray) -> dict[tuple[int, int], tuple[int, ...]]:
    wide = np.pad(ids, 1, constant_values=OUTSIDE)
    return {(y, x): tuple(wide[y : y + 3, x : x + 3].ravel().tolist()) for y, x in np.ndindex(*ids.shape)}


def test_equal_windows_share_a_number_and_different_ones_do_not():
    ids = np.random.default_rng(0).integers(1, 3, (37, 53)).astype(np.int32)
    numbers = WindowDictionary().number(bordered(ids))
    assert numbers is not None
    naive = _naive(ids)
    seen: dict[int, tuple[int, ...]] = {}
    for (y, x), window in naive.items():
        assert seen.setdefault(int(numbers[y, x]), window) == window
    assert len(seen) == len(set(naive.values()))
    assert numbers.min() == 1 and numbers.max() == len(seen)


def test_members_are_the_windows():
    ids = np.random.default_rng(1).integers(1, 200, (20, 20)).astype(np.int32)
    dictionary = WindowDictionary()
    numbers = dictionary.number(bordered(ids))
    assert numbers is not None
    for (y, x), window in _naive(ids).items():
        assert tuple(dictionary.members[numbers[y, x]].tolist()) == window


def test_numbers_last_while_the_dictionary_grows_far():
    rng = np.random.default_rng(2)
    dictionary = WindowDictionary()
    first = rng.integers(1, 50, (40, 40)).astype(np.int32)
    before = dictionary.number(bordered(first))
    for _round in range(12):
        dictionary.number(bordered(rng.integers(1, 50, (64, 64)).astype(np.int32)))
    assert len(dictionary) > 40_000
    assert np.array_equal(dictionary.number(bordered(first)), before)


def test_a_part_of_a_map_has_the_numbers_of_the_whole():
    ids = np.random.default_rng(3).integers(1, 4, (30, 30)).astype(np.int32)
    dictionary = WindowDictionary()
    whole = dictionary.number(bordered(ids))
    assert whole is not None
    count = len(dictionary)
    part = dictionary.number(bordered(ids)[5:17, 8:20])
    assert np.array_equal(part, whole[5:15, 8:18]) and len(dictionary) == count


def test_too_many_new_windows_are_refused_and_leave_no_trace():
    rng = np.random.default_rng(4)
    dictionary = WindowDictionary()
    assert dictionary.number(bordered(rng.integers(1, 9, (30, 30)).astype(np.int32)), most_new=100) is None
    assert len(dictionary) == 1
    calm = np.ones((30, 30), np.int32)
    assert dictionary.number(bordered(calm), most_new=100) is not None
    assert len(dictionary) == 10  # one inside, four sides, four corners, and the outside
