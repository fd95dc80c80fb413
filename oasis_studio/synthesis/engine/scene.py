"""A request as the engine reads it: maps on the network's grid, and entries instead of classes and noise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch

from oasis_studio.core.pixels.box import Box
from oasis_studio.synthesis.networks.tensors import edges


@dataclass(frozen=True, eq=False)
class Scene:
    """``labels_HW`` uint8, ``regions_HW`` uint16: rows of ``noise_RZ`` float32; H and W are multiples of the grid.

    For networks that take them: ``edges_HW`` bool, outlines of regions, and ``style_S`` float32. A piece knows of the
    ``whole`` its size (height, width) and where in that its ``corner`` (row, column) lies.
    """

    labels_HW: np.ndarray
    regions_HW: np.ndarray
    noise_RZ: np.ndarray
    edges_HW: np.ndarray | None = None
    style_S: np.ndarray | None = None
    whole: tuple[int, int] | None = None
    corner: tuple[int, int] = (0, 0)

    @property
    def size(self) -> tuple[int, int]:
        """Height, width."""
        return self.labels_HW.shape[0], self.labels_HW.shape[1]

    def cut(self, box: Box) -> Scene:
        """The part in the box."""
        return replace(
            self,
            labels_HW=self.labels_HW[box.slices],
            regions_HW=self.regions_HW[box.slices],
            edges_HW=None if self.edges_HW is None else self.edges_HW[box.slices],
            whole=self.whole or self.size,
            corner=(self.corner[0] + box.top, self.corner[1] + box.left),
        )

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """What is distinct, as codes (region · 2 + outline) · 256 + class, (E,), and (H, W) which every pixel is.

        Where there is no noise, all regions are one.
        """
        regions = self.regions_HW.astype(np.int32) if self.noise_RZ.shape[1] else np.zeros(self.size, np.int32)
        codes = regions * 512 + self.labels_HW
        if self.edges_HW is not None:
            codes += 256 * self.edges_HW.astype(np.int32)
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


def on_grid(
    labels_HW: np.ndarray,
    regions_HW: np.ndarray,
    noise_RZ: np.ndarray,
    grid: int,
    sees_edges: bool = False,
    style_S: np.ndarray | None = None,
) -> Scene:
    """The scene with its last row and column repeated up to multiples of ``grid``; with outlines if they are seen."""
    height, width = labels_HW.shape
    padding = ((0, -height % grid), (0, -width % grid))
    labels, regions = (np.pad(ids, padding, mode="edge") for ids in (labels_HW, regions_HW))
    outlines = None
    if sees_edges:
        apart = [edges(torch.from_numpy(ids.astype(np.int32))[None])[0].numpy() for ids in (labels, regions)]
        outlines = apart[0] | apart[1]
    return Scene(labels, regions, np.ascontiguousarray(noise_RZ, np.float32), outlines, style_S)


class EntryBook:
    """Gives every distinct (class, noise vector, outline) an id from 1 on, the same one whenever it comes again."""

    def __init__(self) -> None:
        self.clear()

    def __len__(self) -> int:
        """Entries, the outside counted."""
        return len(self._ids) + 1

    def clear(self) -> None:
        """Forget all entries."""
        self._ids: dict[tuple[int, bytes, bool], int] = {}
        self._labels: list[int] = []
        self._noises: list[np.ndarray] = []
        self._edges: list[bool] = []

    def number(self, scene: Scene) -> np.ndarray:
        """(H, W) int32 entry ids of the scene's pixels."""
        codes, order_HW = scene.pairs
        ids = [self._id(code % 256, scene.noise_RZ[code // 512], code // 256 % 2 == 1) for code in codes.tolist()]
        return np.array(ids, np.int32)[order_HW]

    def since(self, first: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Classes (n,) int64, noise (n, Z) and outlines (n,) 0 or 1, float32, of the entries from id ``first`` on."""
        part = slice(first - 1, None)
        edges = np.array(self._edges[part], np.float32)
        return np.array(self._labels[part], np.int64), np.stack(self._noises[part]), edges

    def _id(self, label: int, noise_Z: np.ndarray, is_edge: bool) -> int:
        key = (label, noise_Z.tobytes(), is_edge)
        if key not in self._ids:
            self._ids[key] = len(self._ids) + 1
            self._labels.append(label)
            self._noises.append(noise_Z.copy())
            self._edges.append(is_edge)
        return self._ids[key]
