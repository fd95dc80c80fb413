"""A request as the engine reads it: maps on the network's grid, and entries instead of classes and noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oasis_studio.core.box import Box


@dataclass(frozen=True, eq=False)
class Scene:
    """``labels_HW`` uint8, ``regions_HW`` uint16: rows of ``noise_RZ`` float32; H and W are multiples of the grid."""

    labels_HW: np.ndarray
    regions_HW: np.ndarray
    noise_RZ: np.ndarray

    @property
    def size(self) -> tuple[int, int]:
        """Height, width."""
        return self.labels_HW.shape[0], self.labels_HW.shape[1]

    def cut(self, box: Box) -> Scene:
        """The part in the box."""
        return Scene(self.labels_HW[box.slices], self.regions_HW[box.slices], self.noise_RZ)

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """The distinct pairs as codes region · 256 + class, (E,), and (H, W) which of them every pixel is."""
        codes = self.regions_HW.astype(np.int32) * 256 + self.labels_HW
        most = int(codes.max()) + 1
        if most > 4 * codes.size:
            found, index = np.unique(codes, return_inverse=True)
            return found, index.reshape(codes.shape).astype(np.int32)
        is_there = np.zeros(most, bool)
        is_there[codes.ravel()] = True
        found = np.flatnonzero(is_there)
        order = np.zeros(most, np.int32)
        order[found] = np.arange(found.size, dtype=np.int32)
        return found, order[codes]


def on_grid(labels_HW: np.ndarray, regions_HW: np.ndarray, noise_RZ: np.ndarray, grid: int) -> Scene:
    """The scene with its last row and column repeated up to multiples of ``grid``."""
    height, width = labels_HW.shape
    padding = ((0, -height % grid), (0, -width % grid))
    labels, regions = (np.pad(ids, padding, mode="edge") for ids in (labels_HW, regions_HW))
    return Scene(labels, regions, np.ascontiguousarray(noise_RZ, np.float32))


class EntryBook:
    """Gives every distinct (class, noise vector) an id from 1 on, the same one whenever it comes again."""

    def __init__(self) -> None:
        self.clear()

    def __len__(self) -> int:
        """Entries, the outside counted."""
        return len(self._ids) + 1

    def clear(self) -> None:
        """Forget all entries."""
        self._ids: dict[tuple[int, bytes], int] = {}
        self._labels: list[int] = []
        self._noises: list[np.ndarray] = []

    def number(self, scene: Scene) -> np.ndarray:
        """(H, W) int32 entry ids of the scene's pixels."""
        codes, order_HW = scene.pairs
        ids = np.array([self._id(code % 256, scene.noise_RZ[code // 256]) for code in codes.tolist()], np.int32)
        return ids[order_HW]

    def since(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Classes (n,) int64 and noise (n, Z) float32 of the entries from id ``first`` on."""
        return np.array(self._labels[first - 1 :], np.int64), np.stack(self._noises[first - 1 :])

    def _id(self, label: int, noise_Z: np.ndarray) -> int:
        key = (label, noise_Z.tobytes())
        if key not in self._ids:
            self._ids[key] = len(self._ids) + 1
            self._labels.append(label)
            self._noises.append(noise_Z.copy())
        return self._ids[key]
