import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasis_studio.core.document.lock import Lock, joined, locked_mask, with_locks
from oasis_studio.core.pixels.box import Box
from tests.core import painters


def _mask(seed, height=60, width=80, share=0.1):
    found = np.zeros((height, width), bool)
    random = np.random.default_rng(seed)
    for _blob in range(3):
        top, left = random.integers(0, height), random.integers(0, width)
        found[top : top + random.integers(1, 20), left : left + random.integers(1, 20)] = True
    return found


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 32)), min_size=1, max_size=4), st.integers(0, 9))
def test_locked_pixels_survive_any_photo_and_other_locks(drawn, seed):
    shown = painters.photo(80, 60, seed)
    locks = []
    for mask_seed, feather in drawn:
        lock = Lock.of(_mask(mask_seed), shown, feather)
        assert lock is not None
        locks.append(lock)
        shown = with_locks(painters.photo(80, 60, seed + len(locks)), locks)
    for lock in locks:
        assert lock.is_intact and lock.holds(shown)


@pytest.mark.parametrize("feather", [0, 1, 8, 32])
def test_only_a_band_outside_blends(feather):
    mask = np.zeros((120, 120), bool)
    mask[50:70, 50:70] = True
    old, new = np.full((120, 120, 3), 200, np.uint8), np.full((120, 120, 3), 100, np.uint8)
    lock = Lock.of(mask, old, feather)
    assert lock is not None
    shown = with_locks(new, [lock])
    assert (shown[mask] == 200).all() and (new == 100).all(), "the photo itself is not written"
    away = np.hypot(*(np.maximum(np.maximum(50 - axis, axis - 69), 0) for axis in np.mgrid[:120, :120]))
    assert (shown[away > feather] == 100).all()
    band = shown[60, 70 : 70 + feather, 0].astype(int)
    assert (band > 100).all() and (band < 200).all() and (np.diff(band) < 0).all()


def test_nothing_cannot_be_locked():
    assert Lock.of(np.zeros((16, 16), bool), painters.photo(16, 16)) is None


def test_one_pixel_and_the_whole_canvas():
    one, everything = np.zeros((20, 30), bool), np.ones((20, 30), bool)
    one[0, 29] = True
    photo, other = painters.photo(30, 20, 1), painters.photo(30, 20, 2)
    for mask in (one, everything):
        lock = Lock.of(mask, photo, 32)
        assert lock is not None and lock.holds(with_locks(other, [lock])) and not lock.holds(other)
        assert np.array_equal(locked_mask([lock], 20, 30), mask)
    assert Lock.of(one, photo).covers(29, 0) and not Lock.of(one, photo).covers(28, 0)


def test_a_crop_keeps_the_locked_pixels_that_are_left():
    mask, photo = np.zeros((60, 80), bool), painters.photo(80, 60)
    mask[10:30, 10:30] = True
    lock = Lock.of(mask, photo)
    assert lock is not None
    part = lock.cropped(Box(20, 20, 100, 90))
    assert part is not None and part.is_intact
    other = np.zeros((70, 80, 3), np.uint8)
    assert np.array_equal(with_locks(other, [part])[:10, :10], photo[20:30, 20:30])
    assert lock.cropped(Box(70, 50, 90, 70)) is None and lock.cropped(Box(40, 40, 60, 60)) is None


def test_another_feather_keeps_the_digest():
    lock = Lock.of(_mask(1), painters.photo(80, 60))
    assert lock is not None and lock.feathered(99).feather == 32
    assert lock.feathered(3).digest == lock.digest and lock.feathered(3).is_intact


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 32)), min_size=1, max_size=4))
def test_joined_locks_keep_what_each_of_them_kept(drawn):
    shown = painters.photo(80, 60)
    locks = [Lock.of(_mask(seed), shown, feather) for seed, feather in drawn]
    lock = joined(locks)
    assert lock.is_intact and lock.holds(shown) and lock.feather == max(feather for _seed, feather in drawn)
    assert np.array_equal(locked_mask([lock], 60, 80), locked_mask(locks, 60, 80))
    other = with_locks(painters.photo(80, 60, 1), [lock])
    assert all(each.holds(other) for each in locks)
