"""Counting images per second."""

from __future__ import annotations

import time


class Clock:
    """Counts images per second between two looks."""

    def __init__(self) -> None:
        self._start, self._images = time.monotonic(), 0

    def count(self, images: int) -> None:
        self._images += images

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def restart(self) -> float:
        """Images per second since the last restart."""
        rate = self._images / max(self.seconds, 1e-9)
        self._start, self._images = time.monotonic(), 0
        return rate
