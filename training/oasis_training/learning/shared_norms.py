"""Batch statistics over all processes, so that several of them train as one with the whole batch would."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.distributed.nn.functional import all_reduce

from oasis_training.learning.ranks import Ranks


class SharedBatchNorm2d(nn.BatchNorm2d):
    """A batch norm without affine part whose statistics are those of all processes; for processors (gloo)."""

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        x = input.float()
        pixels = all_reduce(x.new_full((1,), x.numel() // x.shape[1])).detach()
        mean = all_reduce(x.sum(dim=(0, 2, 3))) / pixels
        centred = x - mean[:, None, None]
        variance = all_reduce(centred.square().sum(dim=(0, 2, 3))) / pixels
        self._remember(mean.detach(), variance.detach() * pixels / (pixels - 1))
        return (centred * torch.rsqrt(variance + self.eps)[:, None, None]).to(input.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)


def share_norms(network: nn.Module, ranks: Ranks, device: torch.device) -> None:
    """Replace the batch norms of ``network``; its keys stay."""
    if ranks.size == 1:
        return
    if device.type == "cuda":
        nn.SyncBatchNorm.convert_sync_batchnorm(network)
        return
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.BatchNorm2d:
                shared = SharedBatchNorm2d(child.num_features, child.eps, child.momentum, affine=False)
                shared.load_state_dict(child.state_dict())
                setattr(module, name, shared)
