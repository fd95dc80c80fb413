"""A lock keeps the pixels of a region: after every render they are pasted back, bit for bit.

Noise alone cannot keep them, because the convolutions mix across borders. Around the lock, outside it, a narrow band
blends from what was there at the time of locking to what is there now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from oasis_studio.core.pixels.box import Box
from oasis_studio.core.pixels.raster import box_around
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

WIDEST_FEATHER = 32
USUAL_FEATHER = 8


def all_locked() -> StudioError:
    """For what cannot be done to regions because every one of them is locked."""
    return StudioError(_("What is chosen is locked: it stays as it is."), _("Unlock it, or choose other regions."))


@dataclass(frozen=True, eq=False)
class Lock:
    """``mask_hw`` bool and ``pixels_hw3`` uint8 RGB lie in ``box``, which reaches WIDEST_FEATHER beyond the mask.

    ``digest`` is the SHA-256, in hexadecimal, of the locked pixels and where they are; ``feather`` 0..32 pixels is the
    width of the band outside the mask. Nobody writes the arrays any more.
    """

    box: Box
    mask_hw: np.ndarray
    pixels_hw3: np.ndarray
    feather: int
    digest: str

    @classmethod
    def of(cls, mask_HW: np.ndarray, image_HW3: np.ndarray, feather: int = USUAL_FEATHER) -> Lock | None:
        """Lock the pixels of an image where ``mask_HW`` (bool, of its size) is true; None if it is true nowhere."""
        inner = box_around(mask_HW)
        if inner.is_empty:
            return None
        height, width = mask_HW.shape
        left, top, right, bottom = inner
        far = WIDEST_FEATHER
        box = Box(left - far, top - far, right + far, bottom + far).clipped(width, height)
        mask, pixels = mask_HW[box.slices].copy(), image_HW3[box.slices].copy()
        return cls(box, mask, pixels, feather, digest_of(box, mask, pixels))

    @property
    def nbytes(self) -> int:
        return self.mask_hw.nbytes + self.pixels_hw3.nbytes

    @property
    def is_intact(self) -> bool:
        """Are these the pixels that were locked?"""
        return digest_of(self.box, self.mask_hw, self.pixels_hw3) == self.digest

    def holds(self, image_HW3: np.ndarray) -> bool:
        """Does the image show the locked pixels, all of them unchanged?"""
        return digest_of(self.box, self.mask_hw, image_HW3[self.box.slices]) == self.digest

    def feathered(self, feather: int) -> Lock:
        """The same lock with another band around it."""
        return replace(self, feather=max(0, min(feather, WIDEST_FEATHER)))

    def covers(self, x: int, y: int) -> bool:
        """Is that document pixel locked?"""
        box = self.box
        is_inside = box.left <= x < box.right and box.top <= y < box.bottom
        return is_inside and bool(self.mask_hw[y - box.top, x - box.left])

    def cropped(self, canvas: Box) -> Lock | None:
        """The lock on a canvas that was ``canvas`` of the old one; None if nothing of it is left."""
        left, top = max(self.box.left, canvas.left), max(self.box.top, canvas.top)
        right, bottom = min(self.box.right, canvas.right), min(self.box.bottom, canvas.bottom)
        if left >= right or top >= bottom:
            return None
        inner = Box(left, top, right, bottom)
        rows = slice(inner.top - self.box.top, inner.bottom - self.box.top)
        columns = slice(inner.left - self.box.left, inner.right - self.box.left)
        mask, pixels = self.mask_hw[rows, columns].copy(), self.pixels_hw3[rows, columns].copy()
        if not mask.any():
            return None
        moved = _moved(inner, -canvas.left, -canvas.top)
        return Lock(moved, mask, pixels, self.feather, digest_of(moved, mask, pixels))

    def thinned(self, step: int) -> Lock | None:
        """The lock on every ``step``-th pixel of the canvas, from its corner on; None if nothing of it is left."""
        box = self.box
        left, top = -(-box.left // step), -(-box.top // step)
        rows = slice(top * step - box.top, None, step)
        columns = slice(left * step - box.left, None, step)
        mask, pixels = self.mask_hw[rows, columns].copy(), self.pixels_hw3[rows, columns].copy()
        if not mask.any():
            return None
        thin = Box(left, top, left + mask.shape[1], top + mask.shape[0])
        return Lock(thin, mask, pixels, self.feather // step, digest_of(thin, mask, pixels))

    @cached_property
    def _band(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows and columns in ``box`` of the pixels that blend, (n,), and the share of the lock in each, (n, 1)."""
        if not self.feather:
            nothing = np.zeros(0, np.intp)
            return nothing, nothing, np.zeros((0, 1), np.float32)
        outside = (~self.mask_hw).view(np.uint8)
        away = np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
        rows, columns = np.nonzero((away <= self.feather) & ~self.mask_hw)
        share = 1 - away[rows, columns] / (self.feather + 1)
        return rows, columns, share.astype(np.float32)[:, None]

    def blend(self, image_HW3: np.ndarray) -> None:
        """Write the band around the lock into an image."""
        rows, columns, share = self._band
        if not rows.size:
            return
        part = image_HW3[self.box.slices]
        new = part[rows, columns].astype(np.float32)
        new += share * (self.pixels_hw3[rows, columns] - new)
        part[rows, columns] = (new + 0.5).astype(np.uint8)

    def paste(self, image_HW3: np.ndarray) -> None:
        """Write the locked pixels into an image."""
        part = image_HW3[self.box.slices]
        cv2.copyTo(self.pixels_hw3, self.mask_hw.view(np.uint8), part)


def digest_of(box: Box, mask_hw: np.ndarray, pixels_hw3: np.ndarray) -> str:
    """SHA-256 of the place, the mask and the pixels where it is true."""
    found = hashlib.sha256(repr(tuple(box)).encode())
    found.update(np.packbits(mask_hw).tobytes())
    found.update(pixels_hw3[mask_hw].tobytes())
    return found.hexdigest()


def joined(locks: Sequence[Lock]) -> Lock:
    """One lock that keeps what several keep, with the widest of their bands; they were made of one photo."""
    if len(locks) == 1:
        return locks[0]
    edges = list(zip(*(lock.box for lock in locks), strict=True))
    box = Box(min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))
    mask, pixels = np.zeros((box.height, box.width), bool), np.zeros((box.height, box.width, 3), np.uint8)
    parts = [(lock, _moved(lock.box, -box.left, -box.top).slices) for lock in locks]
    for lock, place in parts:  # what was around the locks, for their bands; then what they keep
        pixels[place] = lock.pixels_hw3
    for lock, place in parts:
        pixels[place][lock.mask_hw] = lock.pixels_hw3[lock.mask_hw]
        mask[place] |= lock.mask_hw
    return Lock(box, mask, pixels, max(lock.feather for lock in locks), digest_of(box, mask, pixels))


def with_locks(image_HW3: np.ndarray, locks: Iterable[Lock]) -> np.ndarray:
    """The image as it is shown, saved and exported: bands first, then every locked pixel. The same one without locks.

    A lock is made of what is shown, so where two overlap they hold the same pixels.
    """
    wanted = list(locks)
    if not wanted:
        return image_HW3
    shown = image_HW3.copy()
    for lock in wanted:
        lock.blend(shown)
    for lock in wanted:
        lock.paste(shown)
    return shown


def locked_mask(locks: Iterable[Lock], height: int, width: int) -> np.ndarray:
    """(H, W) bool: every locked pixel."""
    found = np.zeros((height, width), bool)
    for lock in locks:
        found[lock.box.slices] |= lock.mask_hw
    return found


def _moved(box: Box, dx: int, dy: int) -> Box:
    return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
