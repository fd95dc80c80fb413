"""Small stand-ins for Inception and for the papers' segmenters, as the TorchScript files that people have."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn


class Pooled(nn.Module):
    """Mean colours of the quarters; asks for the 299 pixels of Inception."""

    def forward(self, x: Tensor) -> Tensor:
        assert x.shape[2] == 299
        return nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)[:, :, None, None]


class Bytes(nn.Module):
    def forward(self, x: Tensor, return_features: bool = False) -> Tensor:
        assert return_features and x.dtype == torch.uint8
        return x.float().mean(dim=(2, 3))


class Blue(nn.Module):
    """Class 0 where blue is stronger than green, else class 2; logits at half the size."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.avg_pool2d(x, 2)
        logits = torch.zeros(x.shape[0], self.classes, x.shape[2], x.shape[3])
        logits[:, 0] = x[:, 2] - x[:, 1]
        logits[:, 2] = x[:, 1] - x[:, 2]
        return logits


def script(network: nn.Module, path: Path) -> Path:
    torch.jit.script(network).save(str(path))
    return path
