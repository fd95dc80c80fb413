"""Fine random structure inside a region, which a label map and one noise vector cannot give.

After the noise inputs of StyleGAN (Karras et al., CVPR 2019, §3.2): one random value per pixel, added with a learned
strength per channel. Away from borders an OASIS generator sees a constant; grain gives texture something to grow from.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

TILE = 128
"""The field of a trained network repeats after this many pixels of its block."""


class Grain(nn.Module):
    """Adds noise to normalised features (N, C, H, W): fresh in training, the stored ``field`` in evaluation mode.

    ``strength`` (C,) is learned, in standard deviations of the features; ``field`` is (1, 1, TILE, TILE).
    """

    field: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.strength = nn.Parameter(torch.full((channels,), 0.5))
        self.register_buffer("field", torch.randn(1, 1, TILE, TILE))

    def forward(self, x_NCHW: Tensor) -> Tensor:
        count, _channels, height, width = x_NCHW.shape
        if self.training:
            field = torch.randn((count, 1, height, width), device=x_NCHW.device)
        else:
            field = self.tiled(height, width)
        return torch.addcmul(x_NCHW, self.strength[:, None, None].to(x_NCHW.dtype), field.to(x_NCHW.dtype))

    def tiled(self, height: int, width: int) -> Tensor:
        """(1, 1, H, W): the stored field, repeated from the top left."""
        return self.field.repeat(1, 1, -(-height // TILE), -(-width // TILE))[:, :, :height, :width]
