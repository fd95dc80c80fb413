"""The dictionary of windows with its loops in machine code: the same numbers last, given in order of appearance."""

from __future__ import annotations

import ctypes

import numpy as np
import torch

from oasis_studio.synthesis.networks.windows import MULTIPLIERS, WindowDictionary


class NativeWindows(WindowDictionary):
    """As WindowDictionary, several times as fast."""

    def __init__(self, library: ctypes.CDLL) -> None:
        super().__init__()
        self._library = library

    def number(self, bordered: np.ndarray, most_new: int | None = None) -> np.ndarray | None:
        ids = np.ascontiguousarray(bordered, np.int32)
        numbers = np.empty((ids.shape[0] - 2, ids.shape[1] - 2), np.int32)
        missing = self._library.oasis_look_up(
            ids.ctypes.data,
            *numbers.shape,
            MULTIPLIERS.ctypes.data,
            self._slots.ctypes.data,
            int(self._mask),
            int(self._shift),
            self._hashes.ctypes.data,
            numbers.ctypes.data,
            torch.get_num_threads(),
        )
        if missing and not self._learn(ids, numbers, missing if most_new is None else most_new):
            return None
        return numbers

    def _learn(self, ids: np.ndarray, numbers: np.ndarray, most: int) -> bool:
        """Number the windows that are 0 in ``numbers``; False, with nothing learnt, if there are more than ``most``."""
        before = self._count
        while True:
            room = min(self._room, before + most - self._count)
            found = self._library.oasis_learn(
                ids.ctypes.data,
                *numbers.shape,
                MULTIPLIERS.ctypes.data,
                self._slots.ctypes.data,
                int(self._mask),
                int(self._shift),
                self._hashes.ctypes.data,
                self._members.ctypes.data,
                self._count,
                room,
                numbers.ctypes.data,
            )
            if found >= 0:
                self._count += found
                return True
            self._count += room
            if self._count - before >= most:
                self._count = before
                self._rebuild(len(self._slots))
                return False
            self._reserve(2 * self._count)
