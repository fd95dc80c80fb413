"""Watches the numbers of a run: it must not go on, let alone be saved, once they are no numbers any more."""

from __future__ import annotations

import torch
from torch import Tensor

from oasis_training.learning.step import GRADIENT

_EXPLODED = 1e3
"""A gradient this many times as long as usual is no gradient any more."""
_SETTLED = 50
"""Steps after which one knows what is usual."""
_SHARE = 0.02


class Guard:
    """Collects on the device, so that looking at every step does not make the processor wait for it."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.reset()

    def reset(self) -> None:
        """After going back: what is usual has to be learned again."""
        self._is_bad = torch.zeros((), dtype=torch.bool, device=self._device)
        self._usual: dict[str, Tensor] = {}
        self._steps = 0

    def watch(self, values: dict[str, Tensor]) -> None:
        """Losses and gradients of one step."""
        self._steps += 1
        self._is_bad |= ~torch.stack([value.float() for value in values.values()]).isfinite().all()
        for name, value in values.items():
            if name.startswith(GRADIENT):
                usual = self._usual.setdefault(name, value.clone())
                if self._steps > _SETTLED:
                    self._is_bad |= value > usual * _EXPLODED
                usual.lerp_(value, _SHARE)

    def is_bad(self) -> bool:
        """Has anything diverged since the last reset? Waits for the device."""
        return bool(self._is_bad)
