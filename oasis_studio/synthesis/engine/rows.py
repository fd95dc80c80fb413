"""A matrix that grows at its end without being copied every time."""

from __future__ import annotations

import torch
from torch import Tensor


class GrowingRows:
    """(n, width) of ``dtype`` on ``device``; room doubles when it runs out."""

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
        """The rows; valid until the next append."""
        return self._room[: self._count]

    @property
    def bytes(self) -> int:
        return self._room.numel() * self._room.element_size()

    def append(self, rows: Tensor) -> None:
        """``rows`` (m, width), of any floating type."""
        total = self._count + len(rows)
        if total > len(self._room):
            # The first rows mostly stay the only ones for long; later growth doubles.
            size = total if self._count == 0 else max(total, 2 * len(self._room))
            room = torch.zeros((size, self._room.shape[1]), dtype=self._room.dtype, device=self._room.device)
            room[: self._count] = self._room[: self._count]
            self._room = room
        self._room[self._count : total] = rows
        self._count = total

    def clear(self) -> None:
        """Back to no rows."""
        self._room = self._room[:0].clone()
        self._count = 0
