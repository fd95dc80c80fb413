"""Several processes that train one model: who this one is, and what they agree on."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor, distributed

_PATIENCE = timedelta(minutes=60)
"""The first process alone draws previews and measures; the others wait for it."""


@dataclass(frozen=True)
class Ranks:
    """``rank`` of ``size`` processes; alone, nothing has to be agreed on."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """The one that writes, and that people talk to."""
        return self.rank == 0

    def rows(self, count: int) -> slice:
        """Which of ``count`` images are this one's."""
        return slice(count * self.rank // self.size, count * (self.rank + 1) // self.size)

    def add_up(self, tensor: Tensor) -> Tensor:
        """The sum over all processes, in place."""
        if self.size > 1:
            distributed.all_reduce(tensor)
        return tensor

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            distributed.barrier()

    def average_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Every gradient becomes its mean over the processes; they travel as one array."""
        gradients = [p.grad for p in parameters if p.grad is not None]
        if self.size == 1 or not gradients:
            return
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.size
        for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def told_by_first(self, value: Any) -> Any:
        """What the first process says, whatever this one would."""
        if self.size == 1:
            return value
        box = [value]
        distributed.broadcast_object_list(box, src=0, device=torch.device("cpu"))
        return box[0]


ALONE = Ranks()


def join() -> Ranks:
    """The processes that ``torchrun`` or ``--workers`` started, if any did."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size <= 1:
        return ALONE
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    distributed.init_process_group(backend, timeout=_PATIENCE)
    return Ranks(distributed.get_rank(), size)


def leave(ranks: Ranks) -> None:
    """End what :func:`join` began."""
    if ranks.size > 1:
        distributed.destroy_process_group()
