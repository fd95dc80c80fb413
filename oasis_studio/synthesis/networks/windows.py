"""Numbers for the distinct 3×3 windows of maps of ids. Windows of window numbers are 5×5 windows, and so on.

A :class:`WindowDictionary` knows windows again, for the engine, whose tables last; :func:`distinct_windows` numbers
those of a batch once, for networks in training, whose tables change with every step.
"""

from __future__ import annotations

import numpy as np

OUTSIDE = 0
"""The id, and the window number, of everything beyond the image's border."""
TAPS = 9

MULTIPLIERS = np.random.default_rng(20200).integers(1, 2**63, 6, np.uint64) * np.uint64(2) + np.uint64(1)
"""Three across, three down."""
_FIRST_SLOTS = 1 << 14
_FULLEST = 4
"""At least so many slots per window, so that a probe mostly hits at once."""


class WindowDictionary:
    """Gives every distinct 3×3 window a number from 1 on, and the same number whenever it comes again.

    ``members`` (N, 9) int32 tells the ids of every window, rows first; row 0 stands for OUTSIDE. Windows are told
    apart by 64-bit hashes with random multipliers: among a hundred thousand, two agree with a probability below 10⁻⁹.
    """

    def __init__(self) -> None:
        self.clear()

    def __len__(self) -> int:
        """Windows, OUTSIDE counted."""
        return self._count

    @property
    def members(self) -> np.ndarray:
        return self._members[: self._count]

    def clear(self) -> None:
        """Forget all windows."""
        self._count = 1
        self._hashes = np.zeros(1024, np.uint64)
        self._members = np.zeros((1024, TAPS), np.int32)
        self._rebuild(_FIRST_SLOTS)

    def number(self, bordered: np.ndarray, most_new: int | None = None) -> np.ndarray | None:
        """(H + 2, W + 2) int32 ids → (H, W) int32 window numbers; None, adding nothing, if too many are new."""
        hashes = _hashed(bordered)
        numbers, missing = self._look_up(hashes.ravel())
        if missing.size:
            fresh, first = np.unique(hashes.ravel()[missing], return_index=True)
            if most_new is not None and fresh.size > most_new:
                return None
            self._append(fresh, _window_rows(bordered, missing[first], hashes.shape[1]))
            numbers[missing], _none = self._look_up(hashes.ravel()[missing])
        return numbers.reshape(hashes.shape)

    def _look_up(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Numbers (0 where unknown) and the positions of the unknown ones."""
        slots = (hashes >> self._shift).astype(np.int32)
        numbers = self._slots.take(slots)
        pending = np.flatnonzero(self._hashes.take(numbers) != hashes)
        unknown = []
        while pending.size:
            found = numbers[pending]
            is_empty = found == 0
            unknown.append(pending[is_empty])
            pending = pending[~is_empty]
            slots[pending] = (slots[pending] + 1) & self._mask
            numbers[pending] = self._slots.take(slots[pending])
            pending = pending[self._hashes.take(numbers[pending]) != hashes[pending]]
        return numbers, np.concatenate(unknown) if unknown else pending

    def _append(self, hashes: np.ndarray, members: np.ndarray) -> None:
        total = self._count + hashes.size
        self._reserve(total)
        self._hashes[self._count : total] = hashes
        self._members[self._count : total] = members
        first, self._count = self._count, total
        self._insert(np.arange(first, total, dtype=np.int32))

    @property
    def _room(self) -> int:
        """So many more windows can be taken as things are."""
        return min(len(self._hashes), len(self._slots) // _FULLEST) - self._count

    def _reserve(self, total: int) -> None:
        """Make room for so many windows."""
        if total > len(self._hashes):
            room = max(total, 2 * len(self._hashes))
            self._hashes, self._members = _enlarged(self._hashes, room), _enlarged(self._members, room)
        if total * _FULLEST > len(self._slots):
            self._rebuild(1 << (total * 2 * _FULLEST).bit_length())

    def _rebuild(self, size: int) -> None:
        self._slots = np.zeros(size, np.int32)
        self._mask = np.int32(size - 1)
        self._shift = np.uint64(64 - (size.bit_length() - 1))
        self._insert(np.arange(1, self._count, dtype=np.int32))

    def _insert(self, numbers: np.ndarray) -> None:
        slots = (self._hashes[numbers] >> self._shift).astype(np.int32)
        while numbers.size:
            is_free = self._slots[slots] == 0
            # Where several want one slot, the last one written has it; the others go on to the next.
            self._slots[slots[is_free]] = numbers[is_free]
            is_left = self._slots[slots] != numbers
            numbers, slots = numbers[is_left], (slots[is_left] + 1) & self._mask


def distinct_windows(ids_NHW: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, H, W) int32 ids above OUTSIDE → (N, H, W) int64 window numbers from 1 on, and the (windows, 9) members.

    Members are as those of a :class:`WindowDictionary`: the ids of every window, rows first, row 0 of OUTSIDE alone.
    """
    count, height, width = ids_NHW.shape
    maps = [bordered(ids_HW) for ids_HW in ids_NHW]
    hashes = np.stack([_hashed(ids_HW) for ids_HW in maps])
    _hashes, first, numbers = np.unique(hashes, return_index=True, return_inverse=True)
    # One below the other, each map has two rows more than inside its border.
    above = first // (height * width) * 2 * width
    members = np.zeros((1 + len(first), TAPS), np.int32)
    members[1:] = _window_rows(np.concatenate(maps), first + above, width)
    return numbers.reshape(count, height, width) + 1, members


def bordered(ids_HW: np.ndarray) -> np.ndarray:
    """(H + 2, W + 2): the map with OUTSIDE around it."""
    height, width = ids_HW.shape
    result = np.full((height + 2, width + 2), OUTSIDE, np.int32)  # some times as fast as np.pad
    result[1:-1, 1:-1] = ids_HW
    return result


def _enlarged(array: np.ndarray, room: int) -> np.ndarray:
    result = np.zeros((room, *array.shape[1:]), array.dtype)
    result[: len(array)] = array
    return result


def _hashed(ids: np.ndarray) -> np.ndarray:
    """(H + 2, W + 2) ids → (H, W) uint64, one hash per window; arithmetic modulo 2⁶⁴."""
    wide = ids.astype(np.uint64)
    a, b, c, d, e, f = MULTIPLIERS
    rows = wide[:, :-2] * a
    rows += wide[:, 1:-1] * b
    rows += wide[:, 2:] * c
    result = rows[:-2] * d
    result += rows[1:-1] * e
    result += rows[2:] * f
    # Zero is the hash of OUTSIDE's row alone; a window of nothing but OUTSIDE does not occur.
    return result


def _window_rows(bordered_ids: np.ndarray, positions: np.ndarray, width: int) -> np.ndarray:
    """(n, 9) ids of the windows at flat ``positions`` of the map inside the border."""
    rows, columns = np.divmod(positions, width)
    taps = [bordered_ids[rows + dy, columns + dx] for dy in range(3) for dx in range(3)]
    return np.stack(taps, axis=1)
