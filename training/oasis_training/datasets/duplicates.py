"""Photos that show nearly the same: equal or almost equal perceptual hashes."""

from __future__ import annotations

from collections import defaultdict

import cv2
import numpy as np

MOST_DIFFERENT_BITS = 6
"""Of 64. The search below is complete up to 7."""

_SIDE = 32
_BITS = np.array([value.bit_count() for value in range(256)], np.uint8)


def perceptual_hash(image_HW3: np.ndarray) -> int:
    """64 bits: the signs of the low frequencies of the grey photo against their median. Survives scaling and JPEG."""
    grey = cv2.cvtColor(image_HW3, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()
    bits = np.where(np.abs(low) < 1e-2, False, low > np.median(low[1:]))  # flat pictures must not hash their rounding
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def near_duplicates(hashes: list[int]) -> list[list[int]]:
    """Groups of indices whose hashes are close to another one of the group, each sorted, in the order of the first.

    Two hashes with at most 7 different bits agree in one of their 8 bytes, so only those are compared.
    """
    values = np.array([list(value.to_bytes(8, "big")) for value in hashes], np.uint8).reshape(-1, 8)
    parent = list(range(len(hashes)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for column in range(8):
        for value in range(256):
            bucket = np.flatnonzero(values[:, column] == value)
            for place, index in enumerate(bucket[:-1].tolist()):
                later = bucket[place + 1 :]
                different = _BITS[values[later] ^ values[index]].sum(axis=1)
                for other in later[different <= MOST_DIFFERENT_BITS].tolist():
                    one, two = sorted((root(index), root(other)))
                    parent[two] = one
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(hashes)):
        groups[root(index)].append(index)
    return [group for group in groups.values() if len(group) > 1]
