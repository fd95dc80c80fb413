"""A matrix that grows at its end without being copied every time."""

from __future__ import annotations

import torch
from torch import Tensor


class GrowingRows:
    """(n, width) of ``dtype`` on ``device``; room grows by half when it runs out."""

    def __init__(self, width: int, dtype: torch.dtype, device: torch.device) -> None:
        self._room = torch.zeros((0, width), dtype=dtype, device=device)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def width(self) -> int:
        return self._room.shape[1]

    @property
    def tensor(self) -> Tensor:
        """The rows; valid until the next ``extend``."""
        return self._room[: self._count]

    @property
    def bytes(self) -> int:
        return self._count * self.width * self._room.element_size()

    @property
    def held_bytes(self) -> int:
        """Memory taken, for rows to come too."""
        return self._room.numel() * self._room.element_size()

    def extend(self, count: int) -> Tensor:
        """``count`` further rows, for the caller to fill."""
        total = self._count + count
        if total > len(self._room):
            size = max(total, 3 * len(self._room) // 2)
            room = torch.empty((size, self.width), dtype=self._room.dtype, device=self._room.device)
            room[: self._count] = self._room[: self._count]
            self._room = room
        first, self._count = self._count, total
        return self._room[first:total]

    def clear(self) -> None:
        """Back to no rows; the room stays, for there will be others."""
        self._count = 0

    def release(self) -> None:
        """Back to no rows and no memory."""
        self._count = 0
        self._room = self._room.new_empty((0, self.width))
