"""What a discriminator reads in a photo: of every pixel, how likely each class is, and how likely *fake*."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Reading:
    """``probabilities_CHW`` float32, channel 0 is *fake* and channel k + 1 class k; their sum is 1.

    It may be smaller than the photo, ``width`` × ``height``: what is asked of it comes in that size.
    """

    probabilities_CHW: np.ndarray
    width: int
    height: int

    @property
    def classes(self) -> int:
        return len(self.probabilities_CHW) - 1

    @property
    def fake(self) -> np.ndarray:
        """(H, W) float32: how likely every pixel was made by a generator."""
        return self._enlarged(self.probabilities_CHW[0])

    def named(self, priors: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest class of every pixel, (H, W) uint8, and how likely it is among the classes, (H, W) float32.

        ``priors`` (classes,) weigh the classes, e.g. 0 for one that is not to be found.
        """
        best = np.full((self.height, self.width), -1, np.float32)
        labels = np.zeros((self.height, self.width), np.uint8)
        total = np.zeros((self.height, self.width), np.float32)
        for label, share in enumerate(self._shares(priors)):
            total += share
            is_better = share > best
            labels[is_better] = label
            best = np.maximum(best, share)
        return labels, best / np.maximum(total, _TINY)

    def of(self, labels_HW: np.ndarray) -> np.ndarray:
        """(H, W) float32: how likely every pixel is the class that ``labels_HW`` names, among the classes."""
        total = np.zeros((self.height, self.width), np.float32)
        found = np.zeros((self.height, self.width), np.float32)
        for label, share in enumerate(self._shares(None)):
            total += share
            is_meant = labels_HW == label
            found[is_meant] = share[is_meant]
        return found / np.maximum(total, _TINY)

    def resized(self, height: int, width: int) -> np.ndarray:
        """(C, height, width) float32: all probabilities, still with the sum 1."""
        if self.probabilities_CHW.shape[1:] == (height, width):
            return self.probabilities_CHW
        planes = [
            cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR) for plane in self.probabilities_CHW
        ]
        return np.stack(planes).astype(np.float32)

    def _shares(self, priors: np.ndarray | None) -> Iterator[np.ndarray]:
        """One class at a time: all of them in the photo's size may not fit into memory."""
        for label in range(self.classes):
            share = self.probabilities_CHW[label + 1]
            yield self._enlarged(share if priors is None else share * np.float32(priors[label]))

    def _enlarged(self, plane_hw: np.ndarray) -> np.ndarray:
        if plane_hw.shape == (self.height, self.width):
            return plane_hw
        return np.asarray(cv2.resize(plane_hw, (self.width, self.height), interpolation=cv2.INTER_LINEAR), np.float32)
