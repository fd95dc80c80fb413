"""Memory that is taken once and used again: fresh memory costs more than the arithmetic on it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from oasis_studio.synthesis.engine.arithmetic.kernels import Kernels


class Workspace:
    """Named buffers of one type, or of bytes. Asking for a name again gives the same memory, whatever it held.

    ``kernels`` are the inner loops of whoever works here.
    """

    def __init__(self, dtype: torch.dtype, device: torch.device, kernels: Kernels) -> None:
        self.dtype, self.device, self.kernels = dtype, device, kernels
        self._buffers: dict[str, Tensor] = {}

    @property
    def bytes(self) -> int:
        return sum(buffer.numel() * buffer.element_size() for buffer in self._buffers.values())

    def take(self, name: str, *shape: int) -> Tensor:
        """A contiguous tensor of that shape; its content is anything."""
        return self._take(name, shape, self.dtype)

    def take_bytes(self, name: str, *shape: int) -> Tensor:
        """As :meth:`take`, uint8; its names are its own."""
        return self._take(f"{name}, bytes", shape, torch.uint8)

    def clear(self) -> None:
        """Give all memory back."""
        self._buffers.clear()

    def _take(self, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        size = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.numel() < size:
            self._buffers.pop(name, None)  # the old one may make room for the new one
            buffer = self._buffers[name] = torch.empty(size, dtype=dtype, device=self.device)
        return buffer[:size].view(shape)
